"""A machine whose clock is ahead of that of AWS."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from moto.core.botocore_stubber import BotocoreStubber


def let_aws_be_behind(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    """Let moto's responses have a time that is earlier than that of the machine."""
    respond = BotocoreStubber.__call__

    def respond_earlier(stubber: BotocoreStubber, *args: Any, **kwargs: Any) -> Any:
        response = respond(stubber, *args, **kwargs)
        if response is not None:
            response.headers["date"] = format_datetime(datetime.now(UTC) - span, usegmt=True)
        return response

    monkeypatch.setattr(BotocoreStubber, "__call__", respond_earlier)
