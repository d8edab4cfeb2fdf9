"""Where a message goes and which headers travel with it."""

from bridge.sources.source import Connection, Flow


def single_url(connection: Connection) -> str:
    """The inlet's URL for one message."""
    return connection.inlet_url


def batch_url(connection: Connection) -> str:
    """The inlet's URL for several messages: `/collection/batch/{inletId}`."""
    return connection.inlet_url.replace("/collection/", "/collection/batch/", 1)


def request_headers(connection: Connection, flow: Flow, token: str | None) -> dict[str, str]:
    """The headers that the inlet asks for.

    `x-sandbox-name` is required by Adobe's OpenAPI file and absent from its tutorials; it is sent.
    """
    headers = {
        "Content-Type": "application/json",
        "x-adobe-flow-id": flow.flow_id,
        "x-sandbox-name": connection.sandbox,
    }
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return headers
