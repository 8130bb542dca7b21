"""Writers are served in the order they came."""

from threading import Event, Thread

import pytest

from service.errors import Busy
from service.store.turns import Turns


def queue(turns: Turns, number: int, served: list[int]) -> list[Thread]:
    """So many threads, each waiting before the next comes."""
    threads = []
    for n in range(number):

        def work(n: int = n) -> None:
            with turns:
                served.append(n)

        thread = Thread(target=work)
        thread.start()
        while len(turns._waiting) <= n:
            thread.join(0.001)
        threads.append(thread)
    return threads


def test_who_came_first_is_served_first() -> None:
    turns, served = Turns(30), []
    with turns:
        threads = queue(turns, 8, served)
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_a_newcomer_does_not_overtake_the_queue() -> None:
    turns, served = Turns(30), []
    with turns:
        threads = queue(turns, 3, served)
    with turns:
        served.append(99)
    for thread in threads:
        thread.join()
    assert served == [0, 1, 2, 99]


def test_who_waited_too_long_is_told_that_it_is_busy_and_leaves_the_queue() -> None:
    turns, release, inside = Turns(0.01), Event(), Event()

    def hold() -> None:
        with turns:
            inside.set()
            release.wait()

    holder = Thread(target=hold)
    holder.start()
    inside.wait()
    with pytest.raises(Busy), turns:
        pass
    release.set()
    holder.join()
    with turns:
        pass


def test_an_exception_gives_the_turn_back() -> None:
    turns = Turns(0.01)
    with pytest.raises(ZeroDivisionError), turns:
        1 / 0  # noqa: B018
    with turns:
        pass


def test_the_holder_does_not_wait_for_itself() -> None:
    turns = Turns(30)
    with turns, pytest.raises(RuntimeError), turns:
        pass
