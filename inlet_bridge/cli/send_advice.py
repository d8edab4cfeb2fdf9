"""What to do when a URL does not accept a webhook that `inlet send` sent."""

import re
import shlex
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import requests

from bridge.sources.source import Source
from bridge.spelling import nearest
from inlet_bridge.recipes.recipe import recipe_of

_REQUEST_ID: Final = "apigw-requestid"
"""API Gateway's ID of the request, in each response of an HTTP API."""
_KEY: Final = (
    "The secret must be the one that the source reads, and the source's Provider the one that was"
    " sent. A secret that was replaced is used within a minute."
)
_ADDRESS: Final = (
    "No source has this name: the URL ends in /webhooks/NAME, and in a token if the source has"
    " PathTokens. A new source is known within a minute."
)
_BY_STATUS: Final = {
    HTTPStatus.BAD_REQUEST: "The request is malformed; compare the URL with that of the source.",
    HTTPStatus.UNAUTHORIZED: _KEY,
    HTTPStatus.FORBIDDEN: f"{_KEY} If that is so, the URL belongs to something else.",
    HTTPStatus.NOT_FOUND: _ADDRESS,
    HTTPStatus.METHOD_NOT_ALLOWED: "The URL takes no POST; it is not that of a source.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "The body is over 1 MB or MaxBodyBytes of the source, or has over 5,000 events; send less."
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "If the body is meant to be JSON, `inlet map SOURCE FILE` shows where it is not. Any other"
        " body than a JSON object needs a Map; see docs/mapping.md."
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "There are too many requests now, or the provider's key cannot be fetched"
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The bridge cannot take it now, or the same delivery is in progress"
    ),
}
_SERVER_ERROR: Final = 500
# The routes of the API: the name of a source, and its path token.
_PATH: Final = re.compile(r"/webhooks/[^/]+(/[^/]+)?$")


def provider_advice(provider: str, source: Source | None) -> Iterator[str]:
    """A sentence on a refused webhook that was signed as another provider's; or nothing.

    Args:
        provider: that signed it.
        source: that refused it; None if it is not known.
    """
    if source and source.provider not in ("", provider):
        yield (
            f"The Provider of {source.name} is {source.provider}, and not {provider}: inlet send"
            f" {source.provider} --source {source.name}"
        )


def sample_advice(provider: str, event: str) -> Iterator[str]:
    """A sentence on an event that the recipe of a provider has no sample of; or nothing.

    Args:
        provider: name of the preset.
        event: type as it is given; empty for none.
    """
    recipe = recipe_of(provider)
    if not event or recipe is None:
        return
    close = nearest(event, [each.name for each in recipe.events])
    meant = f"; is it {close}?" if close else "; --body FILE sends one of yours."
    yield f"There is no sample of {event}{meant} A generic body is sent."


def send_advice(response: requests.Response, *, is_local: bool) -> Iterator[str]:
    """Sentences on a response with a status from 300: the cause, and where the reason is.

    The response itself never has the reason, since senders get it.

    Args:
        response: of the bridge, or of another server.
        is_local: whether it is of the local cloud, which commands find by themselves.
    """
    status = response.status_code
    if status < HTTPStatus.BAD_REQUEST:
        target = _without_query(response.headers.get("location", "")) or "another URL"
        yield f"It redirects to {target}, which senders do not follow; name that one with --to."
        return
    path = urlsplit(response.url).path
    if status == HTTPStatus.NOT_FOUND and not _PATH.search(path):
        # API Gateway has no such route, and the bridge did not get the request.
        yield f"The path is {path or '/'}, and must be /webhooks/NAME with the name of a source."
        return
    if text := _of_status(status):
        yield text if text.endswith(".") else f"{text}; send it again{_after(response)}."
    if request_id := response.headers.get(_REQUEST_ID):
        yield f"The reason: inlet why {shlex.quote(request_id)}"
        if not is_local:
            yield "With --stack, if its stack has another name than inlet-bridge-dev."
    elif status != HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        yield "The response has no apigw-requestid, so that it may be none of a bridge."


def _without_query(url: str) -> str:
    """A URL without the query, in which some providers send the secret."""
    return url.partition("?")[0].partition("#")[0]


def _of_status(status: int) -> str:
    if status >= _SERVER_ERROR and status not in _BY_STATUS:
        return "The server failed"
    known = {each.value: text for each, text in _BY_STATUS.items()}
    return known.get(status, "")


def _after(response: requests.Response) -> str:
    seconds = response.headers.get("retry-after", "")
    return f" after {seconds} s" if seconds.isdecimal() else ""
