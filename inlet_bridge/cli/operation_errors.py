"""Print the errors of operations on a deployed bridge."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from botocore.exceptions import BotoCoreError, ClientError

from inlet_bridge.cli.console import Screen
from inlet_bridge.cli.local_stack import with_local_cloud
from inlet_bridge.operations.errors import OperationError
from inlet_bridge.operations.unreachable import rejection, unreachable


@contextmanager
def report_operation_errors(option: str = "--stack") -> Iterator[Screen]:
    """Print an error as one sentence with a hint, and exit with status 1.

    Args:
        option: of the command, which selects the account of AWS.
    """
    screen = Screen()
    try:
        yield screen
    except OperationError as exc:
        screen.failure(with_local_cloud(exc, option))
        raise typer.Exit(1) from exc
    except BotoCoreError as exc:
        screen.failure(with_local_cloud(unreachable(exc), option))
        raise typer.Exit(1) from exc
    except ClientError as exc:
        screen.failure(OperationError(rejection(exc)))
        raise typer.Exit(1) from exc
