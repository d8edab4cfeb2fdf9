"""The watch: the name of a look at the whole bridge in, the metric of its alarm out."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bridge.adapters.aws.metrics import emit_seen
from bridge.errors import UnavailableError
from bridge.telemetry import logger
from functions.watch.wiring import deadline, watch

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext


@logger.inject_lambda_context(clear_state=True)
def lambda_handler(event: object, context: "LambdaContext") -> dict[str, int]:
    """Look; where that fails, the metric is missing, which rings its alarm as well."""
    deadline.start(context.get_remaining_time_in_millis() / 1000)
    metric = event.get("look") if isinstance(event, Mapping) else None
    if not isinstance(metric, str) or metric not in _LOOKS:
        logger.error("refused", extra={"reason": f"look must be one of {', '.join(_LOOKS)}"})
        return {}
    try:
        seen = _LOOKS[metric]()
    except UnavailableError as exc:
        logger.error("unavailable", extra={"reason": str(exc)})
        return {}
    emit_seen(metric, seen)
    return {metric: seen}


def _quiet() -> int:
    quiet = watch().quiet()
    if quiet:
        logger.warning("quiet", extra={"sources": quiet})
    return len(quiet)


_LOOKS: dict[str, Callable[[], int]] = {
    "QuietSources": _quiet,
    "Unaccounted": lambda: watch().unaccounted(),
}
