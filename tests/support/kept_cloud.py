"""A cloud whose source keeps bodies."""

import json
from typing import Any

from tests.support.webhook_events import signed

DAYS = 7
MARK = "CANARY-OF-THE-BODY"


def webhook(name: str, document: Any = None, **given: Any) -> dict[str, Any]:
    body = json.dumps({"by": MARK, "items": [1, 2]} if document is None else document)
    return signed("github-signed", headers={"x-github-delivery": name}, body=body.encode(), **given)
