"""Say where a file is not JSON."""

import json


def json_fault(content: bytes) -> str:
    """Where a content is not JSON, as `is not JSON at line 1, column 6`; empty if it is JSON."""
    try:
        json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as exc:
        if not content.strip():
            return "is empty"
        return f"is not JSON at line {exc.lineno}, column {exc.colno}"
    except UnicodeDecodeError as exc:
        return f"is not UTF-8 at byte {exc.start}"
    except RecursionError:
        return "is JSON that is nested too deeply"
    except ValueError:
        return "is JSON with a number that is too long"
    return ""
