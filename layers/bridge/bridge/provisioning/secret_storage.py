"""How a user stores a secret."""

from typing import Final

_SECRETS_MANAGER: Final = "/aws/reference/secretsmanager/"


def how_to_store(secret: str) -> str:
    """The command that stores a secret, from a file so that no shell records it."""
    if secret.startswith(_SECRETS_MANAGER):
        name = secret.removeprefix(_SECRETS_MANAGER)
        return f"aws secretsmanager create-secret --name {name} --secret-string file://secret.txt"
    return (
        f"aws ssm put-parameter --type SecureString --overwrite --name {secret}"
        " --value file://secret.txt"
    )
