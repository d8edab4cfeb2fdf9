"""What makes a handshake sound: answered without a signature, it must prove and sign nothing."""

from collections.abc import Iterable

from bridge.errors import InvalidPropertyError
from bridge.sources.address_rules import check_address_pattern
from bridge.sources.answering import check_template
from bridge.sources.handshake import Handshake
from bridge.sources.places import parse_place
from bridge.sources.schemes import Scheme

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
            parse_place(place)
    except ValueError as exc:
        raise InvalidPropertyError(_PATH, str(exc)) from exc
    if handshake.confirm:
        try:
            check_address_pattern(_PATH, handshake.allow)
        except InvalidPropertyError as exc:
            reason = f"would open any address: Allow {exc.reason}"
            raise InvalidPropertyError(_PATH, reason) from exc
    if not handshake.signed:
        _check_unsigned(handshake, (answer.text, *pairs))
    elif scheme.family == "none" and not is_harmless(handshake):
        raise InvalidPropertyError(_PATH, "would do for anybody what the provider asks for")


def is_harmless(handshake: Handshake) -> bool:
    """Whether a stranger may have the answer, too: it opens, stores and signs nothing."""
    answer = handshake.answer
    texts = (answer.text, *answer.fields, *answer.headers)
    return not (handshake.confirm or handshake.capture or any("{mac:" in text for text in texts))


def _check_unsigned(handshake: Handshake, templates: Iterable[str]) -> None:
    if handshake.confirm:
        raise InvalidPropertyError(_PATH, "would open an address for a stranger")
    if any("{mac:" in template for template in templates) and not handshake.pattern:
        raise InvalidPropertyError(_PATH, "would sign whatever a stranger likes")
