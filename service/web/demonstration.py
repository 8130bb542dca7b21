"""Who one can be in a demonstration: its people, by office and position."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import g

from service.operations import deployments, identity
from service.web.present import t


@dataclass(frozen=True)
class Guise:
    """Somebody a visitor may sign in as."""

    id: str
    name: str
    position: str


@dataclass(frozen=True)
class Office:
    """An office and its people, in the order of their positions."""

    name: str
    people: tuple[Guise, ...]


def offices() -> list[Office]:
    """Every holder of a position by office, and then who looks after it all."""
    return [*_offices(), Office(t("web.demo.admins"), tuple(_admins()))]


def _offices() -> Iterator[Office]:
    units = {
        definition.office: deployments.diagram(g.session, definition.id).properties.get("sop.unit", "")
        for definition in deployments.definitions(g.session)
    }
    for code, held in groupby(identity.holdings(g.session), key=lambda holding: holding.position.office):
        people = tuple(Guise(one.person.id, one.person.name, one.position.name) for one in held)
        yield Office(units.get(code) or code, people)


def _admins() -> Iterator[Guise]:
    for person in identity.people(g.session):
        if person.admin and person.active:
            yield Guise(person.id, person.name, t("web.demo.admin"))
