"""Upload the code of a built template and long templates, as `aws cloudformation package` does."""

import hashlib
from pathlib import Path
from typing import Any, Final

from inlet_bridge.local.artifacts import archive
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.template_code import Code, with_addresses

_BUCKET: Final = "inlet-bridge-local-artifacts"
_LONGEST_BODY: Final = 51_200
"""Bytes of a template in a request; a longer one is read from S3.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""


def packaged(built: Path, cloud: Cloud) -> str:
    """The template with the addresses of its code, which is uploaded.

    Args:
        built: a template beside the folders of its code, as `build` or `sam build` leaves it.
        cloud: the emulated account.
    """

    def address(code: Code) -> str:
        content = archive(built.parent / code.folder).read_bytes()
        return f"s3://{_BUCKET}/{_upload(content, 'zip', cloud)}"

    return with_addresses(built.read_text(encoding="utf-8"), address)


def template_argument(text: str, cloud: Cloud) -> dict[str, str]:
    """The argument of a request to CloudFormation that has the template."""
    content = text.encode()
    if len(content) <= _LONGEST_BODY:
        return {"TemplateBody": text}
    return {"TemplateURL": f"{cloud.endpoint}/{_BUCKET}/{_upload(content, 'yaml', cloud)}"}


def _upload(content: bytes, kind: str, cloud: Cloud) -> str:
    """Store an object under the hash of its content, so that equal code is no change."""
    client: Any = cloud.client("s3")
    client.create_bucket(Bucket=_BUCKET)
    key = f"{hashlib.sha256(content).hexdigest()}.{kind}"
    client.put_object(Bucket=_BUCKET, Key=key, Body=content)
    return key
