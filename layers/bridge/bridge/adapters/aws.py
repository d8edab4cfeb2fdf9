"""What all clients of AWS share: how long they try, and how their errors are told."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bridge.errors import UnavailableError

# The sender is waiting, so a call may take a second and is tried twice; botocore's own defaults
# are a minute and five times (boto3 guide, "Retries" and "Configuration").
CLIENT_CONFIG = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2}
)


@contextmanager
def unavailable_if_it_fails(what: str) -> Iterator[None]:
    """Turn botocore's errors into UnavailableError: what failed, and AWS's word for why.

    AWS's message is left out: it could quote a value.
    """
    try:
        yield
    except ClientError as exc:
        raise UnavailableError(f"{what}: {exc.response['Error']['Code']}") from exc
    except BotoCoreError as exc:
        raise UnavailableError(f"{what}: {type(exc).__name__}") from exc
