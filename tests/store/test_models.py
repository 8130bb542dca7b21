"""What goes into a column comes out of it as it was, on every database."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from service.errors import Conflict
from service.store.database import Database
from service.store.models import (
    Deployment,
    Person,
    ProcessDefinition,
    ProcessInstance,
)
from service.values import LARGEST_INTEGER, YearsMonths

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
FIRST, LAST = datetime(2, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001
"""The calendar without its first and last year: there a moment may have no day in another zone."""
SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.dates()
    | st.times().map(lambda moment: moment.replace(fold=0))
    | st.datetimes(FIRST, LAST, timezones=st.none() | st.just(UTC), allow_imaginary=False).map(
        lambda moment: moment.replace(fold=0)
    )
    | st.timedeltas()
    | st.builds(YearsMonths, st.integers(-9999, 9999))
)
VALUES = st.recursive(SIMPLE, lambda inner: st.lists(inner) | st.dictionaries(WORDS | st.just("$"), inner))


def instance(database: Database, **columns: object) -> str:
    """A case that was never started by the engine, enough to keep values in."""
    with database.transaction() as session:
        deployment = Deployment(name="x")
        session.add(deployment)
        session.flush()
        key = deployment.id
        session.add(
            ProcessDefinition(
                id=key, key=key, version=1, name="x", deployment_id=deployment.id, resource_name="x"
            )
        )
        session.flush()
        row = ProcessInstance(definition_id=key, definition_key=key, business_key="1", **columns)
        session.add(row)
        session.flush()
        return row.id


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_variables_come_back_as_they_were(database: Database, variables: dict[str, object]) -> None:
    id_ = instance(database, variables=variables)
    with database.reading() as session:
        kept = session.get_one(ProcessInstance, id_).variables
    assert repr(dict(kept)) == repr(variables)


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), (1, 1.0), ([1], [True]), ("", None)])
def test_a_change_that_python_calls_equal_is_written(
    database: Database, before: object, after: object
) -> None:
    id_ = instance(database, variables={"x": before})
    with database.transaction() as session:
        session.get_one(ProcessInstance, id_).variables = {"x": after}
    with database.reading() as session:
        assert repr(session.get_one(ProcessInstance, id_).variables["x"]) == repr(after)


def test_the_order_of_keys_is_kept(database: Database) -> None:
    id_ = instance(database, variables={"z": 1, "a": 2})
    with database.reading() as session:
        assert list(session.get_one(ProcessInstance, id_).variables) == ["z", "a"]


def test_a_moment_comes_back_in_utc(database: Database) -> None:
    jakarta = datetime(2026, 1, 31, 23, 30, 0, 123456, tzinfo=timezone(timedelta(hours=7)))
    id_ = instance(database, started_at=jakarta)
    with database.reading() as session:
        kept = session.get_one(ProcessInstance, id_).started_at
    assert kept == jakarta
    assert kept.isoformat() == "2026-01-31T16:30:00.123456+00:00"


def test_a_moment_without_a_zone_is_a_mistake(database: Database) -> None:
    with pytest.raises(StatementError, match="zone"):
        instance(database, started_at=datetime.combine(date(2026, 1, 1), time()))


def test_two_who_change_one_case_do_not_overwrite_each_other(postgresql_database: Database) -> None:
    id_ = instance(postgresql_database)
    with pytest.raises(Conflict), postgresql_database.transaction() as slow:
        mine = slow.get_one(ProcessInstance, id_)
        with postgresql_database.transaction() as quick:
            quick.get_one(ProcessInstance, id_).title = "first"
        mine.title = "second"
    with postgresql_database.reading() as session:
        assert session.get_one(ProcessInstance, id_).title == "first"


def test_a_name_may_be_long(database: Database) -> None:
    with database.transaction() as session:
        session.add(Person(id="a", name="a" * 100_000, password_hash=""))
    with database.reading() as session:
        assert len(session.get_one(Person, "a").name) == 100_000
