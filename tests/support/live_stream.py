"""The stream of events that keeps the inspector's list up to date, as a browser reads it."""

import http.client
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from inlet_bridge.inspector.server import InspectorServer

PAGE: Final = "/stacks/inlet-bridge-dev/webhooks"


def open_stream(server: "InspectorServer") -> tuple[http.client.HTTPConnection, Any]:
    """Sign in, and open the stream of the list: the connection, and its response."""
    host, _, path = server.url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=30)
    while True:  # The server listens a moment later.
        with suppress(ConnectionRefusedError):
            connection.request("GET", f"/{path}")
            break
        connection.close()
        time.sleep(0.05)
    response = connection.getresponse()
    response.read()
    cookie = str(response.headers["set-cookie"]).partition(";")[0]

    connection.request("GET", f"{PAGE}/events", headers={"cookie": cookie})
    stream = connection.getresponse()
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.readline() == b"event: change\n"
    return connection, stream
