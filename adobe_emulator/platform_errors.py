"""The error body that services of the platform share, after the troubleshooting guide."""

from adobe_emulator.exchange import RefusedError, json_answer


def bad_request(detail: str) -> RefusedError:
    """The request cannot be understood."""
    return _error(400, "BadRequestError", detail)


def missing(detail: str) -> RefusedError:
    """There is no such thing; no page shows this one's body."""
    return _error(404, "NotFoundError", detail)


def not_acceptable(detail: str) -> RefusedError:
    """406: the answer cannot be had in this form."""
    return _error(406, "Not Acceptable", detail)


def _error(status: int, title: str, detail: str) -> RefusedError:
    document = {
        "type": "/placeholder/type/uri",
        "status": status,
        "title": title,
        "detail": detail,
    }
    return RefusedError(json_answer(status, document))
