"""Plays the tokens of one scope: every marking that matters, without all the orders that come to the same.

Where nothing else can take what a token needs, it moves alone: whatever the others do can be done
afterwards (persistent sets; a token on a flow has no choice, and a join takes from flows of its own).
The exceptions are inclusive joins, which look around before they join, as the engine plays them: what
goes on by itself goes first, then they join, then people act. A token that would move for ever while
others stand still gives way to them where otherwise no end was found.
"""

from collections import Counter, deque
from collections.abc import Iterator
from itertools import groupby

from service.diagram.graph import circles
from service.diagram.soundness.chart import Chart
from service.diagram.soundness.inclusive import Upstream
from service.diagram.soundness.net import Join, Move, Net

Marking = tuple[int, ...]
"""The places of all tokens, sorted; a place stands in it once for each token."""
DONE: Marking = ()
LEFT: Marking = (-1,)
"""The scope was left, together with what it is in."""
WORK = 40
"""For each state of the limit so many tokens may be looked at: a few crowded states cost as much as many."""
CIRCLES = 10
"""So many tokens could be looked at for each state through which circles are sought."""
CROWD = 3
"""So many tokens at one place may be the beginning of a number without bound."""


class Space:
    """What was played from some markings on.

    A state is the index of its marking; `came` tells from which state it was reached first and by which
    move, `after` what follows it. `seen` and `crowded` give the first state in which a token came to an
    element, and in which two stood at one. `full` says that more states than the limit were found.
    """

    def __init__(self, chart: Chart, net: Net, beginnings: list[Marking], limit: int) -> None:
        self.net = net
        self.limit = limit
        self.work = 0
        self.markings: list[Marking] = []
        self.came: list[tuple[int, Move] | None] = []
        self.after: list[list[int]] = []
        self.seen: dict[str, int] = {}
        self.crowded: dict[str, int] = {}
        self.growing: dict[int, int] = {}
        self.full = False
        self._number: dict[Marking, int] = {}
        self._ahead: deque[int] = deque()
        self._taken: list[set[int]] = []
        self._upstream = Upstream(chart, net)
        self._join_at = {flow: join for join in net.joins for flow in join.flows}
        for marking in beginnings:
            self._reach(tuple(sorted(marking)), None)
        self.full = self.full or not self._upstream.settled
        self._play()

    def stuck(self) -> Iterator[int]:
        """The states in which tokens are left and none can move."""
        unplayed = set(self._ahead)
        for state, marking in enumerate(self.markings):
            played = state not in self.growing and state not in unplayed
            if played and not self.after[state] and marking not in (DONE, LEFT):
                yield state

    def traps(self) -> Iterator[list[int]]:
        """The circles of states that no way leads out of."""
        astray = sorted(self._astray())
        after = {str(state): tuple(map(str, self.after[state])) for state in astray}
        for circle in circles(after):
            inside = set(circle)
            if all(inside.issuperset(after[state]) for state in circle):
                yield [int(state) for state in circle]

    def _astray(self) -> set[int]:
        """The states from which no way leads to one that is at its end."""
        behind: list[list[int]] = [[] for _ in self.markings]
        for state, following in enumerate(self.after):
            for after in following:
                behind[after].append(state)
        ahead = [state for state, following in enumerate(self.after) if not following]
        found = set(ahead)
        while ahead:
            fresh = [state for state in behind[ahead.pop()] if state not in found]
            found.update(fresh)
            ahead += fresh
        return set(range(len(self.markings))) - found

    def run(self, state: int) -> list[Move]:
        """The moves that led to a state, from the beginning."""
        moves: list[Move] = []
        while (step := self.came[state]) is not None:
            state, move = step
            moves.append(move)
        return moves[::-1]

    def beginning(self, state: int) -> int:
        """The state from which a state was reached."""
        while (step := self.came[state]) is not None:
            state = step[0]
        return state

    def _play(self) -> None:
        while not self.full:
            while self._ahead and not self.full:
                state = self._ahead.popleft()
                self._go_on(state, self._chosen(self.markings[state]))
            if self.full or not self._give_way():
                return

    def _give_way(self) -> bool:
        """In circles that end nowhere, lets those move that stood still; whether there were any."""
        self._spend(len(self.markings) * CIRCLES)
        for circle in self.traps():
            moved = set().union(*(self._taken[state] for state in circle))
            for state in circle:
                units = self._units(self.markings[state])
                if still := [move for moves in units for move in moves if not moved.issuperset(move.takes)]:
                    self._go_on(state, still)
                    return True
        return False

    def _go_on(self, state: int, moves: list[Move]) -> None:
        for move in moves:
            self._taken[state].update(move.takes)
            after = self._reach(self._moved(self.markings[state], move), (state, move))
            if after not in self.after[state]:
                self.after[state].append(after)

    def _spend(self, work: int) -> None:
        """Counts what was looked at."""
        self.work += work
        self.full = len(self.markings) > self.limit or self.work > self.limit * WORK

    def _moved(self, marking: Marking, move: Move) -> Marking:
        if move.leaving:
            return DONE if move.leaving == "scope" else LEFT
        tokens = list(marking)
        for place in move.takes:
            tokens.remove(place)
        tokens += move.gives
        tokens.sort()
        return tuple(tokens)

    def _reach(self, marking: Marking, step: tuple[int, Move] | None) -> int:
        """The state of a marking, a new one where it was not reached before."""
        known = self._number.get(marking)
        state = len(self.markings) if known is None else known
        if step:
            for element in step[1].also:
                self.seen.setdefault(element, state)
        if known is not None:
            return known
        self._number[marking] = state
        self.markings.append(marking)
        self.came.append(step)
        self.after.append([])
        self._taken.append(set())
        self._spend(1 + len(marking))
        self._look(state, marking if step is None else step[1].gives)
        if not self._grows(state, marking):
            self._ahead.append(state)
        return state

    def _look(self, state: int, fresh: Marking) -> None:
        """Notes where tokens have come to, and where two stand at once."""
        marking = self.markings[state]
        for place in fresh:
            element = self.net.elements[place]
            if not self.net.flows[place]:
                self.seen.setdefault(element, state)
                if len(marking) > 1 and element not in self.crowded:
                    here = sum(p >= 0 and self.net.elements[p] == element for p in marking)
                    if here > 1 and not self.net.flows[place]:
                        self.crowded[element] = state

    def _grows(self, state: int, marking: Marking) -> bool:
        """Whether a marking holds all that an earlier one of its run held, and more at some place."""
        counts = Counter(marking)
        crowds = [place for place, count in counts.items() if count >= CROWD]
        step = self.came[state] if crowds else None
        while step is not None and not self.full:
            before = Counter(self.markings[step[0]])
            self._spend(len(before))
            more = next((place for place in crowds if before[place] < counts[place]), None)
            if more is not None and before <= counts:
                self.growing[state] = more
                return True
            step = self.came[step[0]]
        return False

    def _chosen(self, marking: Marking) -> list[Move]:
        """The moves that are enough to be tried here."""
        if marking in (DONE, LEFT):
            return []
        if not self._upstream.joins:
            return list(next(self._units(marking), ()))
        waiting: list[tuple[int, tuple[Move, ...]]] = []
        for moves in self._units(marking):
            place = moves[0].takes[0]
            if len(moves[0].takes) > 1 or not self.net.waiting[place]:
                return list(moves)
            waiting.append((place, moves))
        if joined := list(self._joined(marking)):
            return joined
        calm = (moves for place, moves in waiting if self._upstream.calm(place, marking))
        return list(next(calm, [move for _, moves in waiting for move in moves]))

    def _units(self, marking: Marking) -> Iterator[tuple[Move, ...]]:
        """The moves of each token that can move, and of each parallel join that is complete, in turn."""
        for place, _ in groupby(marking):
            join = self._join_at.get(place)
            if join is None:
                if place >= 0 and self.net.moves[place]:
                    yield self.net.moves[place]
            elif not join.inclusive and place == max(join.flows) and self._complete(join, marking):
                yield (Move(join.element, join.flows, (join.into,)),)

    def _complete(self, join: Join, marking: Marking) -> bool:
        return all(flow in marking for flow in join.flows)

    def _joined(self, marking: Marking) -> Iterator[Move]:
        waiting = dict.fromkeys(join for p in marking if (join := self._join_at.get(p)) and join.inclusive)
        self._spend(len(waiting) * len(marking))
        for join in waiting:
            if arrived := self._upstream.ready(join, marking):
                yield Move(join.element, arrived, (join.into,))
