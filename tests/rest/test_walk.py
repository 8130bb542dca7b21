"""One case from deployment to its end, through the interface alone, as each actor sees it."""

from typing import Any

from tests.rest.client import As, Client, values


def only_task(client: Client, **query: str) -> dict[str, Any]:
    """The one task that this client sees."""
    [task] = client("GET", "/task", **query)
    return task


def test_a_case_is_walked_from_deployment_to_its_end(as_: As, case: dict[str, Any]) -> None:
    admin, petugas, kepala = as_("admin"), as_("petugas"), as_("kepala")
    assert (case["businessKey"], case["ended"], case["suspended"]) == ("S-1", False, False)

    catat = only_task(petugas)
    assert (catat["name"], catat["processInstanceId"]) == ("Catat surat", case["id"])
    assert kepala("GET", "/task") == []
    petugas("POST", f"/task/{catat['id']}/claim", {"userId": "petugas"}, status=204)
    body = values(nomor="001", sifat="segera", lampiran=2)
    petugas("POST", f"/task/{catat['id']}/submit-form", body, status=204)

    for decision, next_task in (("tidak", "Catat surat"), ("setuju", None)):
        putuskan = only_task(kepala)
        kepala("POST", f"/task/{putuskan['id']}/complete", values(keputusan=decision), status=204)
        if next_task:
            again = only_task(petugas)
            assert again["name"] == next_task
            petugas("POST", f"/task/{again['id']}/complete", body, status=204)

    [waiting] = admin("GET", "/event-subscription", processInstanceId=case["id"])
    assert (waiting["eventType"], waiting["eventName"]) == ("message", "balasan")
    admin("POST", "/message", {"messageName": "balasan", "businessKey": "S-1"}, status=204)

    arsipkan = only_task(petugas, taskDefinitionKey="arsipkan")
    petugas("POST", f"/task/{arsipkan['id']}/complete", {}, status=204)

    petugas("GET", f"/process-instance/{case['id']}", status=404)
    ended = petugas("GET", f"/history/process-instance/{case['id']}")
    assert ended["state"] == "COMPLETED"
    visited = petugas("GET", "/history/activity-instance", processInstanceId=case["id"])
    assert [visit["activityId"] for visit in visited if visit["activityType"] == "userTask"] == [
        "catat",
        "putuskan",
        "catat",
        "putuskan",
        "arsipkan",
    ]
    assert all(visit["endTime"] and not visit["canceled"] for visit in visited)
    had = petugas("GET", "/history/variable-instance", processInstanceId=case["id"])
    assert {row["name"]: row["value"] for row in had} == {
        "perihal": "Undangan",
        "tanggal": None,
        "nomor": "001",
        "sifat": "segera",
        "lampiran": 2,
        "keputusan": "setuju",
        "catatan": "",
    }
