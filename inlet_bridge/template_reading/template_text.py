"""Read the text of a template from its file."""

from pathlib import Path
from typing import Final

from inlet_bridge.template_reading.errors import ResourceError

MOST_BYTES: Final = 1_048_576
"""The size limit of a template in S3 (AWS CloudFormation quotas)."""


def text_of(file: Path) -> str:
    """The text without a byte order mark. Raises ResourceError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ResourceError(f"{file} is over {MOST_BYTES} bytes, CloudFormation's limit")
        return content.decode("utf-8-sig")
    except OSError as exc:
        raise ResourceError(f"{file} cannot be read: {exc.strerror}") from exc
    except UnicodeDecodeError as exc:
        reason = f"{file} is not UTF-8 at byte {exc.start}"
        raise ResourceError(reason, hint="Save it as UTF-8.") from exc
