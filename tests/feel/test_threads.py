"""FEEL in many threads at once, as waitress and the worker run it."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

from waitress.server import create_server

from service.feel import evaluate, runtime


def test_each_thread_has_its_own_engine():
    ready = threading.Barrier(8)

    def work(number):
        ready.wait()
        return [evaluate("n * 2 + i", {"n": number, "i": i}).value for i in range(50)], id(
            runtime._ours.engine
        )

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(8)))
    assert [values for values, _ in answers] == [[n * 2 + i for i in range(50)] for n in range(8)]
    assert len({engine for _, engine in answers}) == 8


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
        "assert threading.active_count() == 1; assert not hasattr(runtime._ours, 'engine');"
        "assert f.evaluate('1+1', {}).value == 2; assert threading.active_count() == 1"
    )
    subprocess.run([sys.executable, "-c", check], check=True)
