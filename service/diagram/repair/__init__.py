"""Guided repair: makes of what an analyst has drawn a copy that runs, and lists each thing it did.

`plan.py` says which repair answers which finding of the check; what is not in its table is for the
analyst to mend, because a machine would have to guess what was meant.
"""

from service.diagram.repair.kinds import Repair, Repaired
from service.diagram.repair.plan import repair

__all__ = ["Repair", "Repaired", "repair"]
