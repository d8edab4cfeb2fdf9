"""Check that handshakes cannot be misused, for example to sign forged webhooks."""

from bridge.errors import InvalidPropertyError
from bridge.verification.address_rules import check_address_pattern, is_exact_address
from bridge.verification.encodings import key_from_secret
from bridge.verification.extractors import parse_extractor
from bridge.verification.handshake_pattern import can_match_content, parse_pattern
from bridge.verification.handshake_response import check_template, is_keyed
from bridge.verification.handshakes import Handshake
from bridge.verification.rule_checks import parse_property
from bridge.verification.schemes import Scheme

_PATH = "Handshakes"


def check_handshake(handshake: Handshake, scheme: Scheme) -> None:
    """Check one handshake of a source with this scheme. Raises InvalidPropertyError."""
    if not handshake.when:
        raise InvalidPropertyError(_PATH, "must have a When, or it would match every request")
    _check_extractors(handshake)
    if is_keyed(handshake):
        _check_keyed(handshake, scheme)
    if handshake.confirm:
        _check_confirmation(handshake)
    if handshake.capture and handshake.signed:
        raise InvalidPropertyError(
            _PATH, "Capture requires Signed: false, since the first secret arrives unsigned"
        )
    if handshake.published_key:
        _check_published_key(handshake, scheme)
    if not handshake.signed:
        _check_unsigned(handshake, scheme)
    elif scheme.family == "none" and not is_public(handshake):
        raise InvalidPropertyError(
            _PATH, "must not use Confirm, Capture or {mac:…} with Verification: none"
        )


def _check_extractors(handshake: Handshake) -> None:
    response = handshake.answer
    pairs = [pair.partition("=")[2] for pair in (*response.fields, *response.headers)]
    conditions = [condition.partition("=")[0] for condition in handshake.when]
    optional = [handshake.token, handshake.confirm, handshake.capture]
    try:
        for template in (response.text, *pairs):
            check_template(template)
        for extractor in (*conditions, *filter(None, optional)):
            parse_extractor(extractor)
    except ValueError as exc:
        raise InvalidPropertyError(_PATH, str(exc)) from exc


def is_public(handshake: Handshake) -> bool:
    """Whether every client may get the response: it fetches, stores, verifies, signs nothing."""
    return not (
        handshake.confirm or handshake.capture or handshake.published_key or is_keyed(handshake)
    )


def _check_confirmation(handshake: Handshake) -> None:
    try:
        check_address_pattern(_PATH, handshake.allow)
    except InvalidPropertyError as exc:
        reason = f"would fetch any URL: Allow {exc.reason}"
        raise InvalidPropertyError(_PATH, reason) from exc


def _check_unsigned(handshake: Handshake, scheme: Scheme) -> None:
    """Reject a confirmation that every client could direct to one of many addresses."""
    if not handshake.confirm:
        return
    if scheme.family == "none" or not is_exact_address(handshake.allow):
        raise InvalidPropertyError(
            _PATH,
            "Confirm requires Signed: true, unless Allow names one host and path, in which only "
            "classes such as [A-Za-z0-9-]+ vary",
        )


def _check_published_key(handshake: Handshake, scheme: Scheme) -> None:
    path = f"{_PATH}.PublishedKey"
    if scheme.family != "mac" or not key_from_secret(handshake.published_key, scheme.key):
        raise InvalidPropertyError(path, "must be a key of a scheme of the family mac")
    if not handshake.signed or handshake.confirm or handshake.token or is_keyed(handshake):
        raise InvalidPropertyError(
            path, "cannot be combined with Signed: false, Confirm, Token or {mac:…}"
        )


def _check_keyed(handshake: Handshake, scheme: Scheme) -> None:
    """Reject a handshake that could sign the content of a webhook."""
    if not handshake.algorithm.startswith("hmac-"):
        raise InvalidPropertyError(f"{_PATH}.Algorithm", "must begin with hmac- to use {mac:…}")
    if not handshake.pattern:
        raise InvalidPropertyError(
            f"{_PATH}.Pattern",
            "is required with {mac:…}, such as [A-Za-z0-9_-]{1,64}: without one the handshake "
            "signs whatever an unauthenticated client sends",
        )
    pattern = parse_property(f"{_PATH}.Pattern", parse_pattern, handshake.pattern)
    if can_match_content(pattern, scheme):
        raise InvalidPropertyError(
            f"{_PATH}.Pattern",
            "can match the signed content of a webhook, so the handshake would sign forged "
            "webhooks; exclude characters that the signed content always has, such as { and [",
        )
