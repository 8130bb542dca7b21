"""Whether every case can end: plays tokens through a process in every order, without its data.

`chart` reads what is drawn, `net` makes places and moves of one scope, `inclusive` says what its
inclusive joins wait for, `space` plays, `judging` reads the flaws off what was played.
"""

from service.diagram.soundness.exploring import explore
from service.diagram.soundness.flaws import Flaw, Place

__all__ = ["Flaw", "Place", "explore"]
