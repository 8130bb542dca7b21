"""One case from deployment to its end, through the interface alone, as each actor sees it."""

from tests.rest.client import As


def test_a_case_is_walked_from_deployment_to_its_end(as_: As, case: dict) -> None:
    print(case)
    petugas = as_("petugas")
    print(petugas("GET", "/task"))
