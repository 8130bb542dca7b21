"""Revisions over REST: where one stands, who may bring it in, and what programs meet that start one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from service.operations.deployments import deploy
from service.operations.identity import SYSTEM, Actor
from service.store.database import Database
from service.store.models import ProcessDefinition, now
from tests.rest.client import SURAT, As, files

Revise = Callable[..., ProcessDefinition]


@pytest.fixture
def revise(database: Database, surat: dict[str, Any]) -> Revise:
    """A next revision of the process that is in force."""

    def add(actor: Actor = SYSTEM, **more: Any) -> ProcessDefinition:
        with database.transaction() as session:
            return deploy(session, "surat", files(*SURAT), actor=actor, **more).definitions[0]

    return add


def test_a_draft_is_approved_by_a_second_person(as_: As, revise: Revise, surat: dict[str, Any]) -> None:
    draft = revise(Actor("petugas", "Petugas"), approvers=["uji.kepala"])
    path = f"/process-definition/{draft.id}"
    stands = as_("orang")("GET", f"{path}/revision")
    assert (stands["stage"], stands["effectiveAt"]) == ("draft", None)
    assert (stands["approvers"], stands["deployedBy"]) == (["uji.kepala"], "petugas")
    assert as_("admin")("GET", path)["suspended"]
    refused = as_("petugas")("POST", f"{path}/approve", {}, status=403)
    assert refused["type"] == "AuthorizationException"
    approved = as_("kepala")("POST", f"{path}/approve", {"reason": "sudah diperiksa"})
    assert approved["stage"] == "effective"
    said = [(event["kind"], event["actor"], event["reason"]) for event in approved["events"]]
    assert said == [
        ("deployed", "petugas", None),
        ("approved", "kepala", "sudah diperiksa"),
        ("took_effect", "kepala", None),
    ]
    assert as_("kepala")("POST", f"{path}/approve", {}, status=409)["type"] == "OptimisticLockingException"
    assert not as_("admin")("GET", "/process-definition/key/surat")["suspended"]


def test_a_revision_is_approved_for_a_day(as_: As, revise: Revise) -> None:
    path = f"/process-definition/{revise(approvers=['admin']).id}"
    bad = as_("admin")("POST", f"{path}/approve", {"effectiveAt": "besok"}, status=400)
    assert "besok" in bad["message"]
    approved = as_("admin")("POST", f"{path}/approve", {"effectiveAt": "2999-12-08T00:00:00.000+0700"})
    assert (approved["stage"], approved["effectiveAt"]) == ("scheduled", "2999-12-08T00:00:00.000+0700")
    assert approved["events"][-1]["effectiveAt"] == approved["effectiveAt"]
    started = as_("admin")("POST", f"{path}/start", {}, status=409)
    assert "8 December 2999" in started["message"]


def test_programs_are_given_what_is_in_force_and_told_why_the_rest_does_not_start(
    as_: As, revise: Revise, surat: dict[str, Any]
) -> None:
    admin = as_("admin")
    draft = revise(approvers=["admin"])
    revise(effective_at=now() + timedelta(days=1))
    assert admin("GET", "/process-definition", latestVersion="true") == [surat]
    assert admin("GET", "/process-definition", active="true") == [surat]
    suspended = admin("GET", "/process-definition", suspended="true", sortBy="version", sortOrder="asc")
    assert [row["version"] for row in suspended] == [2, 3]
    for way in ("start", "submit-form"):
        refused = admin("POST", f"/process-definition/{draft.id}/{way}", {}, status=409)
        assert refused["type"] == "OptimisticLockingException"
        assert "draft" in refused["message"]
    body = {"variables": {"perihal": {"value": "Undangan"}}}
    started = as_("petugas")("POST", "/process-definition/key/surat/start", body)
    assert started["definitionId"] == surat["id"]


def test_withdrawing_and_restoring_ask_for_a_reason(as_: As, revise: Revise, surat: dict[str, Any]) -> None:
    admin, path = as_("admin"), f"/process-definition/{revise().id}"
    for verb in ("withdraw", "restore"):
        assert admin("POST", f"{path}/{verb}", {}, status=400)["message"]
        as_("petugas")("POST", f"{path}/{verb}", {"reason": "x"}, status=403)
    assert admin("POST", f"{path}/withdraw", {"reason": "keliru"})["stage"] == "withdrawn"
    assert admin("GET", "/process-definition/key/surat")["id"] == surat["id"]
    assert admin("POST", f"{path}/restore", {"reason": "benar"})["stage"] == "effective"
    earlier = admin("POST", f"/process-definition/{surat['id']}/start", {})
    assert earlier["definitionId"] == surat["id"]
    for version in (surat["id"], path.rpartition("/")[2]):
        admin("POST", f"/process-definition/{version}/withdraw", {"reason": "dicabut"})
    none = admin("POST", "/process-definition/key/surat/start", {}, status=404)
    assert "in force" in none["message"]


def test_what_the_diagram_says_of_its_revision_is_told_in_its_own_words(
    as_: As, surat: dict[str, Any]
) -> None:
    told = as_("petugas")("GET", f"/process-definition/{surat['id']}/revision")
    words = {name: told[name] for name in ("number", "madeOn", "revisedOn", "effectiveOn", "approvedBy")}
    assert all(isinstance(word, str) for word in words.values())
    as_("petugas")("GET", "/process-definition/surat:9:x/revision", status=404)


def test_a_revision_s_day_among_the_jobs_is_shown_as_one_of_no_case(as_: As, revise: Revise) -> None:
    awaited = revise(effective_at=now() + timedelta(days=1))
    [job] = as_("admin")("GET", "/job")
    assert (job["processDefinitionId"], job["processInstanceId"]) == (awaited.id, None)
    early = as_("admin")("POST", f"/job/{job['id']}/execute", {}, status=409)
    assert "takes effect" in early["message"]
