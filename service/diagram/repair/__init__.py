"""Guided repair: makes of what an analyst has drawn a copy that runs, and lists each thing it did.

`plan.py` says which repair answers which finding of the check. Left to the analyst, because a machine
would have to guess what was meant, and a wrong repair would run without a word:

- what a file says in Camunda's words and says wrong: forms, versions, mappings, variables, topics,
  priorities, whom a task is for, listeners, codes and links of one name;
- an expression that cannot be read in such a place, and one in another language;
- a flow out of the middle of a sub-process, and a condition behind an event with several ways out;
- two elements of one id, where nothing says which flows are whose;
- a circle that throws what sets it going, and a fault of the ways that no other kind of join mends.
"""

from service.diagram.repair.kinds import Repair, Repaired
from service.diagram.repair.plan import repair

__all__ = ["Repair", "Repaired", "repair"]
