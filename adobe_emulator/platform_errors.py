"""The error body that platform services share, from the troubleshooting guide."""

from adobe_emulator.exchange import RefusedError, json_answer


def bad_request(detail: str) -> RefusedError:
    """400: the request is malformed."""
    return _error(400, "BadRequestError", detail)


def missing(detail: str) -> RefusedError:
    """404; its body is not documented."""
    return _error(404, "NotFoundError", detail)


def conflict(detail: str) -> RefusedError:
    """409: the object exists."""
    return _error(409, "ConflictError", detail)


def not_acceptable(detail: str) -> RefusedError:
    """406: the requested representation does not exist."""
    return _error(406, "Not Acceptable", detail)


def _error(status: int, title: str, detail: str) -> RefusedError:
    document = {
        "type": "/placeholder/type/uri",
        "status": status,
        "title": title,
        "detail": detail,
    }
    return RefusedError(json_answer(status, document))
