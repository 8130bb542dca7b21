"""Who may do what: every route for every kind of person, generated from the table of routes."""

import pytest
from flask import Flask

from service.operations import archive, deployments, documents, messages, uploads
from tests.web.conftest import Office
from tests.web.reader import As, words

ROLES = (None, "eko", "budi", "siti", "admin")
"""Nobody; one of another office; one who sees the case but not the task; a holder; the administrator."""

Key = tuple[str, str]
EXPECTED: dict[Key, tuple[int, int, int, int, int]] = {
    ("GET", "auth.sign_in"): (200, 303, 303, 303, 303),
    ("POST", "auth.enter"): (422, 422, 422, 422, 422),
    ("GET", "auth.password"): (303, 200, 200, 200, 200),
    ("POST", "auth.change_password"): (303, 422, 422, 422, 422),
    ("POST", "auth.switch_language"): (303, 303, 303, 303, 303),
    ("GET", "inbox.show"): (303, 200, 200, 200, 200),
    ("GET", "tasks.show"): (303, 404, 403, 200, 200),
    ("POST", "tasks.complete"): (303, 404, 403, 422, 422),
    ("GET", "cases.find"): (303, 200, 200, 200, 200),
    ("GET", "cases.show"): (303, 404, 200, 200, 200),
    ("GET", "stuck.find"): (303, 403, 403, 403, 200),
    ("GET", "mending.show"): (303, 403, 403, 403, 200),
    ("POST", "mending.act"): (303, 403, 403, 403, 400),
    ("GET", "arrivals.ask"): (303, 404, 200, 200, 200),
    ("GET", "start.choose"): (303, 200, 200, 200, 200),
    ("GET", "start.show"): (303, 403, 403, 200, 200),
    ("POST", "start.begin"): (303, 403, 403, 422, 422),
    ("GET", "sops.find"): (303, 200, 200, 200, 200),
    ("GET", "sops.show"): (303, 200, 200, 200, 200),
    ("GET", "sops.diagram"): (303, 200, 200, 200, 200),
    ("GET", "documents.download"): (303, 404, 200, 200, 200),
    ("GET", "modeler.webapps"): (200, 200, 200, 200, 200),
    ("GET", "modeler.repository"): (303, 302, 302, 302, 302),
    ("GET", "modeler.instance"): (303, 302, 302, 302, 302),
    ("GET", "health.show"): (200, 200, 200, 200, 200),
    ("POST", "inbox.claim"): (303, 404, 403, 303, 303),
    ("POST", "inbox.unclaim"): (303, 404, 403, 303, 303),
    ("POST", "arrivals.record"): (303, 404, 303, 303, 303),
    ("GET", "tokens.show"): (303, 200, 200, 200, 200),
    ("POST", "tokens.make"): (303, 422, 422, 422, 422),
    ("POST", "tokens.revoke"): (303, 404, 404, 404, 404),
    ("GET", "comparing.show"): (303, 200, 200, 200, 200),
    ("GET", "revisions.compare"): (303, 303, 303, 303, 303),
    ("GET", "deployments.find"): (303, 403, 403, 403, 200),
    ("GET", "deployments.show"): (303, 403, 403, 403, 200),
    ("GET", "deployments.file"): (303, 403, 403, 403, 200),
    ("POST", "uploads.send"): (303, 403, 403, 403, 422),
    ("GET", "uploads.show"): (303, 404, 404, 404, 200),
    ("GET", "uploads.file"): (303, 404, 404, 404, 200),
    ("POST", "uploads.repair"): (303, 404, 404, 404, 409),
    ("POST", "uploads.deploy"): (303, 404, 404, 404, 303),
    ("GET", "migrations.show"): (303, 403, 403, 403, 404),
    ("POST", "migrations.begin"): (303, 403, 403, 403, 404),
    ("GET", "migrations.progress"): (303, 404, 404, 404, 404),
    ("POST", "revisions.act"): (303, 403, 403, 403, 403),
    ("POST", "auth.sign_out"): (303, 303, 303, 303, 303),
}
"""The status for each of ROLES, in an order in which no request spoils the next."""

FIELDS = {"tasks.complete": {"isi": ""}}
"""What is posted beside the token: here what the form refuses, for a field not sent keeps its value."""


def routes(app: Flask) -> set[Key]:
    """Every page; the REST interface and the static files have tests of their own."""
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
        and rule.endpoint != "static"
        and not rule.endpoint.startswith("rest.")
    }


def test_every_route_has_its_policy(app: Flask) -> None:
    assert routes(app) == EXPECTED.keys()


@pytest.mark.parametrize("role", range(len(ROLES)), ids=map(str, ROLES))
def test_every_route_answers_every_person_as_it_should(
    role: int, app: Flask, as_: As, office: Office, returned: str, waiting: str
) -> None:
    with office.database.reading() as session:
        (subscription,) = messages.waiting(session, waiting)
        (document,) = documents.of_case(session, returned)
        brought = deployments.definition(session, office.definition).deployment_id
        files = archive.contents(session, brought)
    with office.database.transaction() as session:
        upload = uploads.keep(session, "uji", files, office.admin).id
    places = {
        "task_id": office.task(returned),
        "instance_id": returned,
        "subscription_id": subscription.id,
        "definition_id": office.definition,
        "document_id": document.id,
        "key": "nota",
        "old_id": office.definition,
        "new_id": office.definition,
        "deployment_id": brought,
        "name": "nota.bpmn",
        "upload_id": upload,
        "verb": "approve",
        "token_id": "none",
        "batch_id": "none",
    }
    reader, seen, said = as_(ROLES[role]), {}, []
    urls = app.url_map.bind("")
    for method, endpoint in EXPECTED:
        if endpoint.startswith("arrivals"):
            places["instance_id"] = waiting
        rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
        path = urls.build(endpoint, {name: places[name] for name in rule.arguments})
        answer = reader.http.get(path) if method == "GET" else reader.send(path, **FIELDS.get(endpoint, {}))
        seen[method, endpoint] = answer.status_code
        said.append(f"{method} {endpoint} {answer.status_code}: {words(answer.text)[:300]}")
    assert seen == {key: statuses[role] for key, statuses in EXPECTED.items()}, "\n".join(said)


def test_who_is_nobody_comes_back_to_the_page_after_signing_in(as_: As, office: Office) -> None:
    answer = as_(None).http.get("/cases?status=active")
    assert answer.headers["Location"] == "/sign-in?next=/cases?status%3Dactive"
