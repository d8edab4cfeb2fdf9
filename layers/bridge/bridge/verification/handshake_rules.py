"""What makes a handshake sound: answered without a signature, it must prove and sign nothing."""

from bridge.errors import InvalidPropertyError
from bridge.verification.address_rules import check_address_pattern
from bridge.verification.extractors import parse_extractor
from bridge.verification.handshake_pattern import overlaps, pattern_language
from bridge.verification.handshake_response import check_template, is_keyed
from bridge.verification.handshakes import Handshake
from bridge.verification.rule_checks import parsed
from bridge.verification.schemes import Scheme

_PATH = "Handshakes"


def check_handshake(handshake: Handshake, scheme: Scheme) -> None:
    """Check one handshake of a source with this scheme. Raises InvalidPropertyError."""
    if not handshake.when:
        raise InvalidPropertyError(_PATH, "would answer everything")
    answer = handshake.answer
    pairs = [pair.partition("=")[2] for pair in (*answer.fields, *answer.headers)]
    places = [condition.partition("=")[0] for condition in handshake.when]
    optional = [handshake.token, handshake.confirm, handshake.capture]
    try:
        for template in (answer.text, *pairs):
            check_template(template)
        for place in (*places, *filter(None, optional)):
            parse_extractor(place)
    except ValueError as exc:
        raise InvalidPropertyError(_PATH, str(exc)) from exc
    if is_keyed(handshake):
        _check_keyed(handshake, scheme)
    if handshake.confirm:
        _check_confirmation(handshake)
    if handshake.capture and handshake.signed:
        raise InvalidPropertyError(
            _PATH, "would capture nothing: what brings the first secret is Signed: false"
        )
    if not handshake.signed:
        _check_unsigned(handshake)
    elif scheme.family == "none" and not is_harmless(handshake):
        raise InvalidPropertyError(_PATH, "would do for anybody what the provider asks for")


def is_harmless(handshake: Handshake) -> bool:
    """Whether a stranger may have the answer, too: it opens, stores and signs nothing."""
    return not (handshake.confirm or handshake.capture or is_keyed(handshake))


def _check_confirmation(handshake: Handshake) -> None:
    try:
        check_address_pattern(_PATH, handshake.allow)
    except InvalidPropertyError as exc:
        reason = f"would open any address: Allow {exc.reason}"
        raise InvalidPropertyError(_PATH, reason) from exc


def _check_unsigned(handshake: Handshake) -> None:
    if handshake.confirm:
        raise InvalidPropertyError(_PATH, "would open an address for a stranger")


def _check_keyed(handshake: Handshake, scheme: Scheme) -> None:
    """Whoever has something signed by the handshake must not have a webhook signed."""
    if not handshake.algorithm.startswith("hmac-"):
        raise InvalidPropertyError(f"{_PATH}.Algorithm", "must be an hmac- beside {mac:…}")
    if not handshake.pattern:
        raise InvalidPropertyError(
            f"{_PATH}.Pattern",
            "is required beside {mac:…}, such as [A-Za-z0-9_-]{1,64}: without one the handshake "
            "signs whatever an unauthenticated client sends",
        )
    language = parsed(f"{_PATH}.Pattern", pattern_language, handshake.pattern)
    if overlaps(language, scheme):
        raise InvalidPropertyError(
            f"{_PATH}.Pattern",
            "can match what a webhook signs, so that the handshake would sign forged webhooks; "
            "leave out characters that the signed content always has, such as { and [",
        )
