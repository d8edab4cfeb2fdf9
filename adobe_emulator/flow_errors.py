"""Errors of Flow Service.

The codes and their meaning are from "Flow Service error messages" and "Sources error messages".
No page shows the JSON that carries a code, so the member names are a guess. Where the
catalogue has no code for a mistake, the body has none.
"""

from adobe_emulator.exchange import RefusedError, json_answer


def flow_error(code: str, message: str) -> RefusedError:
    """An error of the catalogue; the HTTP status is the second half of its code."""
    status = int(code.partition("-")[2])
    return RefusedError(json_answer(status, {"errorCode": code, "errorMessage": message}))


def invalid(message: str) -> RefusedError:
    """An invalid request for which no code is published."""
    return RefusedError(json_answer(400, {"errorMessage": message}))


def not_found(resource_id: str) -> RefusedError:
    """The object does not exist."""
    return flow_error("1101-404", f"Resource with given id does not exist: {resource_id}")


def stale(sent: str, entity: str) -> RefusedError:
    """The object has changed since; the body is from the troubleshooting guide."""
    message = f"Supplied version=[{sent}] does not match the current version on entity=[{entity}]"
    return RefusedError(json_answer(412, {"errorMessage": message}))
