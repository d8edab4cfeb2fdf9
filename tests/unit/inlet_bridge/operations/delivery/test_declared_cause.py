"""The advice on a refused request has what the source declares of the cause."""

from copy import replace

from bridge.sources.source import AccessRules
from bridge.verification.catalogue import PRESETS
from inlet_bridge.operations.delivery.declared_cause import DECLARED, declared_cause
from inlet_bridge.operations.delivery.refusal_reasons import REASONS
from tests.support import sample_webhooks as samples

ADDRESS = "the source IP is not allowed"
FORM = "the signature has another form than"


def test_reasons_are_those_of_the_advice() -> None:
    assert {each.reason for each in REASONS} >= DECLARED


def test_addresses_are_those_of_the_source() -> None:
    rules = AccessRules(allowed_cidrs=("192.0.2.0/24", "198.51.100.7/32"))
    source = replace(samples.source(), access_rules=rules)

    said = declared_cause(source, ADDRESS)

    assert said == "github has AllowedCidrs 192.0.2.0/24, 198.51.100.7/32."
    assert declared_cause(samples.source(), ADDRESS) == ""


def test_signature_is_that_of_the_scheme() -> None:
    source = replace(samples.source(), name="zoom", scheme=PRESETS["zoom"].scheme)

    assert declared_cause(source, FORM) == "zoom reads `x-zm-signature: v0=…`."
    assert declared_cause(source, "no signature matches") == ""
