"""Threads share connections that the server closes at any time."""

import ssl
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from threading import Barrier, Event, settrace
from time import sleep
from types import FrameType
from typing import Any

from bridge.adapters.http import connections as module
from bridge.adapters.http.connections import Connections, NoAnswerError
from tests.support.unreliable_server import unreliable_server

THREADS = 8
# For a slow machine: a timeout would hide the subject of the test.
TIMEOUT = (60.0, 60.0)


@contextmanager
def switching_at_every_line() -> Iterator[None]:
    """Threads that start in the block let others run before each line of the module."""

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != module.__file__:
            return None
        if event == "line":
            sleep(1e-5)
        return trace

    settrace(trace)
    try:
        yield
    finally:
        settrace(None)


def post_all(connections: Connections, url: str, count: int) -> Counter[str]:
    """Post numbered requests from eight threads; how often what came of it.

    Raises whatever a request raises, but for the one error that it may.
    """

    def post_every_eighth(first: int) -> Counter[str]:
        seen: Counter[str] = Counter()
        for number in range(first, count, THREADS):
            try:
                answer = connections.post(f"{url}/{number}", {}, b"", TIMEOUT)
            except NoAnswerError:
                seen["none"] += 1
            else:
                seen["its own" if answer.content == b"%d" % number else "another's"] += 1
        return seen

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(post_every_eighth, range(THREADS)), Counter())


def test_100_000_requests_of_eight_threads_get_their_own_response_or_none() -> None:
    count = 100_000
    with (
        unreliable_server(fault_rate=0.06) as server,
        closing(Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as connections,
    ):
        seen = post_all(connections, server.url, count)

    assert seen.keys() == {"its own", "none"}
    assert seen.total() == count
    assert seen["its own"] > 0.9 * count
    assert server.accepted < 0.2 * count
    assert server.left_open == 0


def test_connection_is_used_by_one_thread_at_a_time() -> None:
    count = 2_000
    with (
        unreliable_server(fault_rate=0.3) as server,
        closing(Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as connections,
        switching_at_every_line(),
    ):
        seen = post_all(connections, server.url, count)

    assert seen.keys() == {"its own", "none"}
    assert seen.total() == count
    assert server.left_open == 0


def test_connections_are_closed_while_other_threads_use_hosts_for_the_first_time() -> None:
    over = Event()

    def close_again_and_again() -> None:
        while not over.is_set():
            connections.close()

    def post(url: str) -> bytes:
        return connections.post(f"{url}/1", {}, b"", TIMEOUT).content

    with (
        unreliable_server(fault_rate=0) as server,
        closing(Connections(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))) as connections,
        ThreadPoolExecutor(5) as pool,
        switching_at_every_line(),
    ):
        closer = pool.submit(close_again_and_again)
        # Each spelling of the address counts as a separate host.
        hosts = [server.url.replace("127.0.", f"127.{'0' * zeros}.") for zeros in range(1, 60)]
        try:
            contents = set(pool.map(post, hosts * 4))
        finally:
            over.set()
        closer.result()

    assert contents == {b"1"}
    assert server.left_open == 0


def test_concurrent_first_calls_get_the_same_connections() -> None:
    spec = spec_from_file_location("connections_of_a_new_process", module.__file__)
    assert spec
    assert spec.loader
    new = module_from_spec(spec)
    spec.loader.exec_module(new)
    together = Barrier(THREADS)

    def ask(_: int) -> Any:
        together.wait()
        return new.connections()

    with ThreadPoolExecutor(THREADS) as pool:
        assert len(set(pool.map(ask, range(THREADS)))) == 1
