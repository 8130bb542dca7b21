"""Which elements of a new revision could take the place of one of the old one, for a person to choose."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.diagram.model import Element
from service.engine.passage import kind
from service.operations import deployments


def of(session: Session, source_id: str, target_id: str, element_id: str) -> Sequence[Element]:
    """Those where the same kind of thing rests, in the diagram's order; none for an unknown element."""
    old, new = deployments.executable(session, source_id), deployments.executable(session, target_id)
    if element_id not in old.process.elements:
        return ()
    wanted = kind(old, old.process.elements[element_id])
    return [one for one in new.process.elements.values() if wanted and kind(new, one) == wanted]
