"""The count of failed sign-ins."""

from service.web.attempts import LIMIT, WINDOW, Attempts


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_sixth_attempt_waits_until_the_first_is_forgotten() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for _ in range(LIMIT):
        assert attempts.wait("siti", "here") == 0
        attempts.failed("siti", "here")
        clock.now += 10
    assert 0 < attempts.wait("siti", "here") <= WINDOW - 10 * LIMIT + 1
    clock.now += attempts.wait("siti", "here")
    assert attempts.wait("siti", "here") == 0


def test_others_do_not_wait() -> None:
    attempts = Attempts(Clock())
    for _ in range(LIMIT):
        attempts.failed("siti", "here")
    assert attempts.wait("siti", "there") == 0
    assert attempts.wait("budi", "here") == 0


def test_the_right_password_begins_anew() -> None:
    attempts = Attempts(Clock())
    for _ in range(LIMIT):
        attempts.failed("siti", "here")
    attempts.succeeded("siti", "here")
    assert attempts.wait("siti", "here") == 0


def test_old_failures_take_no_memory() -> None:
    clock = Clock()
    attempts = Attempts(clock)
    for number in range(100):
        attempts.failed(f"guess{number}", "here")
    clock.now += WINDOW + 1
    attempts.failed("siti", "here")
    assert list(attempts._failed) == [("siti", "here")]
