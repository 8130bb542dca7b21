"""FEEL in many threads at once, as waitress and the worker run it."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

from waitress.server import create_server

from service.feel import evaluate, runtime


def test_calls_at_the_same_time_have_engines_of_their_own(monkeypatch):
    monkeypatch.setattr(runtime, "_free", [])
    using, shared = set(), []
    answer = runtime.Engine.call

    def watched(engine, request, seconds):
        shared.append(engine in using)
        using.add(engine)
        try:
            return answer(engine, request, seconds)
        finally:
            using.discard(engine)

    monkeypatch.setattr(runtime.Engine, "call", watched)
    ready = threading.Barrier(8)

    def work(number):
        ready.wait()
        return [
            evaluate("sum(for j in 1..50 return n * 2 + i)", {"n": number, "i": i}).value for i in range(50)
        ]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    assert answers == [[50 * (n * 2 + i) for i in range(50)] for n in range(8)]
    assert len(shared) == 400 and not any(shared)
    assert 1 <= len(runtime._free) <= 8


def test_an_engine_goes_from_thread_to_thread(monkeypatch):
    monkeypatch.setattr(runtime, "_free", [])
    for number in range(5):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(evaluate, "n + 1", {"n": number}).result().value == number + 1
    assert len(runtime._free) == 1


def test_it_works_in_the_threads_of_waitress():
    def app(environ, start_response):
        start_response("200 OK", [])
        return [str(evaluate("n + 1", {"n": int(environ["QUERY_STRING"])}).value).encode()]

    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    serving = threading.Thread(target=server.run, daemon=True)
    serving.start()
    try:
        url = f"http://127.0.0.1:{server.effective_port}/?"

        def ask(n):
            with urlopen(f"{url}{n}") as response:  # noqa: S310 - our own server
                return int(response.read())

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(ask, range(40))) == list(range(1, 41))
    finally:
        server.trigger.pull_trigger(server.close)
        serving.join(10)
    assert not serving.is_alive()


def test_importing_it_starts_nothing():
    check = (
        "import threading, service.feel as f; from service.feel import runtime;"
        "assert threading.active_count() == 1; assert runtime._free == [];"
        "assert f.evaluate('1+1', {}).value == 2; assert threading.active_count() == 1"
    )
    subprocess.run([sys.executable, "-c", check], check=True)
