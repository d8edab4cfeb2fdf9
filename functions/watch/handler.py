"""Lambda handler of the watch: name of a check in, metric of its alarm out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bridge.adapters.aws.metrics import log_seen
from bridge.errors import UnavailableError
from bridge.telemetry import logger
from functions.watch.wiring import deadline, watch

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, int]:
    """Run a check; if it fails, the metric is missing, which triggers its alarm as well."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    metric = event.get("look") if isinstance(event, Mapping) else None
    if not isinstance(metric, str) or metric not in _CHECKS:
        logger.error("refused", extra={"reason": f"look must be one of {', '.join(_CHECKS)}"})
        return {}
    try:
        seen = _CHECKS[metric]()
    except UnavailableError as exc:
        logger.error("unavailable", extra={"reason": str(exc)})
        return {}
    log_seen(metric, seen)
    return {metric: seen}


def _quiet_sources() -> int:
    quiet = watch().quiet()
    if quiet:
        logger.warning("quiet", extra={"sources": quiet})
    return len(quiet)


_CHECKS: dict[str, Callable[[], int]] = {
    "QuietSources": _quiet_sources,
    "Unaccounted": lambda: watch().unaccounted(),
}
