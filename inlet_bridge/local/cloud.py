"""Clients and environment variables that reach only the AWS emulator on this machine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from shlex import quote
from typing import Any

import boto3
from botocore.config import Config

from bridge.version import USER_AGENT

REGION = "us-east-1"

# A run uses neither the developer's AWS configuration nor a proxy.
_FOREIGN = ("AWS_", "SAM_", "BOTO_")
_NO_PROXY = "127.0.0.1,localhost"


@dataclass(frozen=True, slots=True)
class Cloud:
    """An emulated AWS account.

    Attributes:
        endpoint: base URL of every service, on the loopback address.
        access_key, secret_key: generated for this run; the root user of the account.
    """

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)

    def client(self, service: str) -> Any:
        """A boto3 client of one service, made once; boto3 has no type for a variable name."""
        return _client(self, service)

    def write_entrance(self, folder: Path, stack: str) -> Path:
        """Write a shell file with this account's variables, for `aws` and `inlet`."""
        variables = {**self._variables(), "BRIDGE_STACK": stack}
        lines = [f"export {name}={quote(value)}\n" for name, value in variables.items()]
        written = folder / "aws.env.new"
        written.touch(mode=0o600)
        written.write_text("".join(lines), encoding="utf-8")
        # Renamed when it is whole: other commands read it at any time.
        return written.replace(folder / "aws.env")

    def environ(self, base: Mapping[str, str] = os.environ) -> dict[str, str]:
        """The environment of a program that uses this account."""
        kept = {name: value for name, value in base.items() if not name.startswith(_FOREIGN)}
        return kept | self._variables() | {"NO_PROXY": _NO_PROXY, "no_proxy": _NO_PROXY}

    def _variables(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }


@cache
def _client(cloud: Cloud, service: str) -> Any:
    session = boto3.Session(cloud.access_key, cloud.secret_key, region_name=REGION)
    untyped: Any = session
    return untyped.client(
        service,
        endpoint_url=cloud.endpoint,
        config=Config(
            proxies={},
            read_timeout=120,
            retries={"total_max_attempts": 2},
            user_agent_extra=USER_AGENT,
        ),
    )
