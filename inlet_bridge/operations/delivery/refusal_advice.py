"""What to do about a refused request, by its status, its reason and its source."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from bridge.names import NAME
from bridge.sources.source import Source
from inlet_bridge.operations.configuration.sources import Configuration
from inlet_bridge.operations.delivery.declared_cause import DECLARED, declared_cause
from inlet_bridge.operations.delivery.refusal_reasons import REASONS, STATUSES, Advice
from inlet_bridge.operations.deployed import Deployed
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.logs.refusals import Refusal

# What `inlet secret` replaces.
_SECRET: Final = re.compile(r"/inlet-bridge/([a-z0-9-]+)/secrets/")
# https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html
_SECRETS_MANAGER: Final = "/aws/reference/secretsmanager/"


def advice_on(
    status: str, reason: str, secrets: Sequence[str] = (), source: str = ""
) -> Advice | None:
    """What to do about a refusal; None for an unknown status.

    Args:
        status: of the response.
        reason: as logged.
        secrets: the names of the parameters with the source's secrets.
        source: its name, if they are not empty.
    """
    by_reason = (each for each in REASONS if each.reason in reason)
    found = next(by_reason, None) if status in {"401", "503"} else None
    found = found or STATUSES.get(status)
    if found and found.names_secret and secrets:
        return replace(found, text=f"{found.text} {_overwriting(secrets, source)}")
    return found


def refusal_advice(deployed: Deployed, refusal: Refusal) -> Advice | None:
    """What to do about a refused request, with what its source declares of the cause."""
    found = advice_on(refusal.status, refusal.reason)
    if not found or not (found.names_secret or found.reason in DECLARED):
        return found
    source = _source(deployed, refusal.source)
    if source and (declared := declared_cause(source, found.reason)):
        return replace(found, text=f"{found.text} {declared}")
    return advice_on(
        refusal.status, refusal.reason, source.secrets if source else (), refusal.source
    )


def _source(deployed: Deployed, name: str) -> Source | None:
    """A source; None if it was deleted or cannot be read."""
    with suppress(OperationError, ClientError, BotoCoreError):
        if NAME.fullmatch(name):
            return Configuration(deployed).source(name)
    return None


def _overwriting(secrets: Sequence[str], source: str) -> str:
    names, newest = " or ".join(f"`{name}`" for name in secrets), secrets[0]
    way = f"aws ssm put-parameter --type SecureString --overwrite --name {newest}"
    way += " --value file://FILE"
    if newest.startswith(_SECRETS_MANAGER):
        secret = newest.removeprefix(_SECRETS_MANAGER)
        way = f"aws secretsmanager put-secret-value --secret-id {secret}"
        way += " --secret-string file://FILE"
    elif found := _SECRET.match(newest):
        way = f"inlet secret {source} --stage {found[1]}"
    return f"The secret is in {names}: `{way}` replaces it."
