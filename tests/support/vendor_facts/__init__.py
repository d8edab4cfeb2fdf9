"""What vendors publish about their APIs, as far as the bridge uses them."""

import json
from functools import cache
from pathlib import Path
from typing import Any, get_args

from stripe._request_options import RequestOptions
from stripe.params._webhook_endpoint_create_params import WebhookEndpointCreateParams

_FOLDER = Path(__file__).parent


@cache
def facts(vendor: str) -> Any:
    """The facts of a vendor, with their source and licence."""
    return json.loads((_FOLDER / f"{vendor}.json").read_text())


@cache
def stripe_events() -> frozenset[str]:
    """The events that Stripe's own library knows."""
    [literal] = get_args(WebhookEndpointCreateParams.__annotations__["enabled_events"])
    return frozenset(get_args(literal))


def stripe_parameters(params: type) -> set[str]:
    """The parameters of a request, by the type that Stripe's own library has for them."""
    return set(params.__annotations__) - set(RequestOptions.__annotations__)
