"""How a user stores a secret."""

import re
from typing import Final

_SECRETS_MANAGER: Final = "/aws/reference/secretsmanager/"
_OF_A_STAGE: Final = re.compile(r"/inlet-bridge/([^/]+)/secrets/")


def how_to_store(secret: str, source: str = "") -> str:
    """The command that stores a secret, from a file so that no shell records it.

    Args:
        secret: the reference.
        source: whose first secret it is, which `inlet secret` asks for; empty for any other.
    """
    if secret.startswith(_SECRETS_MANAGER):
        name = secret.removeprefix(_SECRETS_MANAGER)
        return f"aws secretsmanager create-secret --name {name} --secret-string file://secret.txt"
    stage = _OF_A_STAGE.match(secret)
    command = (
        f"inlet secret {source} --stage {stage[1]} (and --file FILE, if it is in another file than"
        " sources.yaml), or "
        if source and stage
        else ""
    )
    return (
        f"{command}aws ssm put-parameter --type SecureString --overwrite --name {secret}"
        " --value file://secret.txt"
    )
