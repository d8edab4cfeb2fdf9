"""Tests for `bridge.receiving.gate`."""

import json
import random
from collections.abc import Mapping
from copy import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bridge.errors import (
    InvalidPropertyError,
    InvalidSignatureError,
    UnavailableError,
    UnknownSourceError,
)
from bridge.receiving.gate import public_request_url
from bridge.sources.source import AccessRules, Source
from bridge.verification.declaration import declare_scheme
from bridge.verification.provider_response import ProviderResponse
from bridge.webhook import Webhook
from inlet_bridge.senders.sender import sha1_hex
from tests.support.fakes import FakeProviderSites
from tests.support.fuzz_requests import RequestFuzzer
from tests.support.receiver_fakes import SECRET, GateHarness, at, source_of
from tests.support.signing_senders import BODY, CASES, NOW, UNVERIFIED, URL, b64, mac

TOKEN = "/inlet-bridge/test/secrets/path"
OTHER_TOKEN = "/inlet-bridge/test/secrets/path-2"
PATH_TOKENS = {TOKEN: "a-token-that-nobody-guesses", OTHER_TOKEN: "its-successor-0123456789"}
GITHUB = CASES["github"]


def gate(name: str, *, pages: bool = False, **changes: object) -> GateHarness:
    """Return a gate for one provider whose sender uses the first of two secrets."""
    case = CASES[name]
    stored = [case.sender.stored(case.secret), case.sender.stored(case.other_secret)]
    published = case.published() if pages else FakeProviderSites()
    sites = FakeProviderSites(published.pages, published.trusted)
    source = source_of(case.declared, 2 if any(stored) else 0, **changes)
    return GateHarness(source, stored, PATH_TOKENS, sites, at(NOW))


def get(url: str, **headers: str) -> Webhook:
    return Webhook(
        "GET", url, {name.replace("_", "-"): text for name, text in headers.items()}, b""
    )


def signed(name: str, body: Mapping[str, object]) -> Webhook:
    return CASES[name].send(body=json.dumps(body).encode())


@pytest.mark.parametrize("name", ["github", "discord", "okta", "google_pubsub", "aws_sns_v1"])
def test_genuine_webhook_of_every_family_is_accepted(name: str) -> None:
    here = gate(name, pages=True)

    result = here.verify(CASES[name].send())

    assert isinstance(result, Source)


@pytest.mark.parametrize("name", ["github", "okta", "stripe"])
def test_shared_secret_scheme_does_not_create_the_provider_sites(name: str) -> None:
    here = gate(name)

    assert here.status(CASES[name].send()) == 0
    assert here.sites_made == 0


# Handshakes.


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("slack", {"type": "url_verification", "challenge": "c-1"}),
        ("zoom", {"event": "endpoint.url_validation", "payload": {"plainToken": "t"}}),
        ("discord", {"type": 1, "id": "1", "application_id": "2"}),
        ("discord", {"type": 0, "version": 1}),
        ("xero", {"events": []}),
        ("line", {"events": [], "destination": "U1"}),
        ("asana", {"events": []}),
        ("pagerduty", {"event": {"event_type": "pagey.ping"}}),
        ("intercom", {"topic": "ping"}),
    ],
)
def test_signed_handshake_is_answered_only_with_a_valid_signature(
    name: str, body: dict[str, object]
) -> None:
    asked = signed(name, body)
    forged = replace(asked, body=asked.body + b" ")

    assert gate(name).reply(asked).status in {200, 204}
    assert gate(name).status(forged) == 401


def test_github_ping_is_answered_and_not_forwarded() -> None:
    ping = GITHUB.send()
    ping = replace(ping, headers={**ping.headers, "x-github-event": "ping"})

    assert gate("github").reply(ping) == ProviderResponse(200, {}, "")


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("discord", {"type": 1, "id": "1", "event": {"type": "ENTITLEMENT_CREATE"}}),
        ("slack", {"type": "event_callback", "challenge": "c-1"}),
        ("slack", {"type": "url_verification"}),
        ("line", {"events": [{"type": "message"}]}),
    ],
)
def test_request_that_resembles_a_handshake_is_a_webhook(
    name: str, body: dict[str, object]
) -> None:
    assert gate(name).status(signed(name, body)) == 0


def test_keyed_response_uses_the_secret_of_the_request() -> None:
    body = {"event": "endpoint.url_validation", "payload": {"plainToken": "t-1"}}
    for secret in (CASES["zoom"].secret, CASES["zoom"].other_secret):
        asked = CASES["zoom"].send(secret, body=json.dumps(body).encode())

        answer = json.loads(gate("zoom").reply(asked).body)

        assert answer == {"encryptedToken": mac(secret, b"t-1").hex(), "plainToken": "t-1"}


def test_unsigned_challenge_is_returned_as_inert_plain_text() -> None:
    challenge = "<script>alert(1)</script>"
    for name, field in (("dropbox", "challenge"), ("adobe_io_events", "challenge")):
        reply = gate(name).reply(get(f"https://x/y?{field}={quote(challenge)}"))

        assert reply.body == challenge
        assert reply.headers["Content-Type"] == "text/plain"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "url", ["https://x/y?challenge=", "https://x/y?challenge=" + "x" * 5_000, "https://x/y"]
)
def test_invalid_challenge_is_verified_like_any_request(url: str) -> None:
    assert gate("dropbox").status(get(url)) == 401


def test_header_with_control_or_non_ascii_characters_is_not_returned() -> None:
    for origin in ("a\r\nSet-Cookie: b", "ë", "a\x00"):
        asked = Webhook("OPTIONS", "https://x/y", {"webhook-request-origin": origin}, b"")

        assert gate("cloudevents").status(asked) == 401


def test_cloudevents_handshake_may_omit_the_rate() -> None:
    asked = Webhook("OPTIONS", "https://x/y", {"webhook-request-origin": "a.example.com"}, b"")

    reply = gate("cloudevents").reply(asked)

    assert reply.headers == {"WebHook-Allowed-Origin": "a.example.com", "Allow": "POST"}


def test_braintree_challenge_response_is_keyed() -> None:
    case = CASES["braintree"]
    challenge = "20f9f8ed05f77439fe955c977e4c8a53"
    key = bytes.fromhex(sha1_hex(case.secret.encode()))

    reply = gate("braintree").reply(get(f"https://x/y?bt_challenge={challenge}"))

    assert reply.body == f"public-1|{mac(key, challenge.encode(), 'sha1').hex()}"


def test_challenge_never_signs_a_webhook() -> None:
    payload = b64(BODY)

    assert gate("braintree").status(get(f"https://x/y?bt_challenge={quote(payload)}")) == 401


def test_meta_handshake_uses_its_own_token_if_configured() -> None:
    app_secret = CASES["meta"].secret
    own = gate("meta", handshake_secrets=(TOKEN,))
    url = "https://x/y?hub.mode=subscribe&hub.challenge=1&hub.verify_token="

    assert own.reply(get(url + PATH_TOKENS[TOKEN])).body == "1"
    assert own.reply(get(url + quote(app_secret))).status == 403
    assert gate("meta").reply(get(url + quote(app_secret))).body == "1"
    assert gate("meta").reply(get(url)).status == 403


@pytest.mark.parametrize("name", ["dropbox", "meta", "microsoft_graph", "trello", "woocommerce"])
def test_answered_handshake_does_not_authenticate_the_sender(name: str) -> None:
    forged = Webhook("POST", "https://x/y?challenge=1&hub.challenge=1", {}, BODY)

    assert gate(name).status(forged) == 401


VALIDATION = "https://csm.adobe.io/csm/registrations/validate?id=1-a&challenge=2-b"


def test_confirmation_url_must_be_on_a_host_of_the_provider() -> None:
    here = gate("adobe_io_events", pages=True)
    good = VALIDATION

    assert here.reply(signed("adobe_io_events", {"validationUrl": good})).status == 200
    for url in (
        good.replace("adobe.io", "adobe.io.evil.example"),
        good.replace("https:", "http:"),
        f"https://evil.example/?{good}",
        good.replace("adobe.io", "adobe.io@evil.example"),
        good.replace("adobe.io", "adobe.io:8443"),
        good.replace("csm.adobe.io", "169.254.169.254"),
        # Customers run their own actions on these Adobe hosts.
        good.replace("csm.adobe.io", "runtime.adobe.io"),
        "https://csm.adobe.io/csm/registrations/validate",
        f"{good}&then=https://evil.example/",
        good.replace("registrations", "../api"),
    ):
        assert here.status(signed("adobe_io_events", {"validationUrl": url})) == 401
    assert here.sites.opened == [good]


SUBSCRIPTION = {
    "Type": "SubscriptionConfirmation",
    "Message": "You have chosen to subscribe to the topic",
    "SubscribeURL": (
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription"
        "&TopicArn=arn:aws:sns:eu-west-1:123456789012:orders&Token=2336412f"
    ),
    "Token": "t",
}


@pytest.mark.parametrize("name", ["aws_sns_v1", "aws_sns_v2"])
def test_subscription_with_a_valid_signature_is_confirmed(name: str) -> None:
    here = gate(name, pages=True)

    assert here.reply(signed(name, SUBSCRIPTION)) == ProviderResponse(200, {}, "")
    assert here.sites.opened == [SUBSCRIPTION["SubscribeURL"]]


@pytest.mark.parametrize("name", ["aws_sns_v1", "aws_sns_v2"])
@pytest.mark.parametrize(
    "change",
    [
        {"Signature": ""},
        {"Token": "u"},
        {"Message": "another"},
        {"SubscribeURL": "https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe"},
        {"TopicArn": "arn:aws:sns:eu-west-1:999999999999:orders"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com./a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com:443/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com\uff0fx.evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com\\@evil.example/a.pem"},
    ],
)
def test_subscription_without_a_valid_signature_requests_no_url(
    name: str, change: dict[str, str]
) -> None:
    here = gate(name, pages=True)
    asked = signed(name, SUBSCRIPTION)
    forged = json.dumps(json.loads(asked.body) | change).encode()

    assert here.status(replace(asked, body=forged)) == 401
    assert here.sites.opened == []


@pytest.mark.parametrize(
    ("part", "other"),
    [
        ("eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com@evil.example"),
        ("eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com.evil.example"),
        ("https://", "https://evil.example/https://"),
        ("https:", "http:"),
        ("https://sns.", "https://s3."),
        ("sns.eu-west-1", "sns.s3-eu-west-1"),
        ("sns.eu-west-1", "sns.us-east-1"),
        (".amazonaws.com", ".amazonaws.com.cn"),
        (".amazonaws.com/", ".amazonaws.com:8443/"),
        ("/?", "/evil?"),
        ("ConfirmSubscription", "Unsubscribe"),
        (":orders", ":others"),
        ("123456789012", "999999999999"),
        ("&Token", "&AuthenticateOnUnsubscribe=true&Token"),
        ("2336412f", "2336412f&Action=Unsubscribe"),
        ("2336412f", ""),
        ("&Token=2336412f", ""),
    ],
)
def test_subscription_is_confirmed_at_amazon_hosts_only(part: str, other: str) -> None:
    """The signature covers the topic; the URL is checked in addition."""
    here = gate("aws_sns_v2", pages=True)
    url = SUBSCRIPTION["SubscribeURL"].replace(part, other)
    assert url != SUBSCRIPTION["SubscribeURL"]

    assert here.status(signed("aws_sns_v2", SUBSCRIPTION | {"SubscribeURL": url})) == 401
    assert here.sites.opened == []


def test_failed_confirmation_makes_the_sender_retry() -> None:
    here = gate("adobe_io_events", pages=True)
    asked = signed("adobe_io_events", {"validationUrl": VALIDATION})
    here.verify(CASES["adobe_io_events"].send())  # The key is cached; then the site fails.
    here.sites.get = lambda url, **_: here.sites.pages[url]  # type: ignore[method-assign]
    here.sites.down = True

    with pytest.raises(UnavailableError):
        here.verify(asked)


@pytest.mark.parametrize("name", ["aws_sns_v2", "paypal", "google_pubsub", "plaid"])
def test_unavailable_keys_are_not_a_server_error(name: str) -> None:
    """Any client can name a URL or a key for which the site does not respond."""
    here = gate(name, pages=True)
    here.sites.down = True

    assert here.status(CASES[name].send()) == 429


def test_keys_are_fetched_with_the_limits_of_the_request() -> None:
    here = gate("aws_sns_v2", pages=True)

    here.verify(replace(signed("aws_sns_v2", SUBSCRIPTION), source_ip="198.51.100.7"))

    assert set(here.sites.askers) == {("it", "198.51.100.7")}


# Registration: the sender provides the secret.

HOOK_SECRET = "b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81"


def pending(name: str) -> GateHarness:
    until = NOW + timedelta(hours=1)
    declared = CASES[name].declared
    return GateHarness(source_of(declared, registration_until=until), clock=at(NOW))


def bringing(secret: str) -> Webhook:
    return Webhook("POST", URL, {"x-hook-secret": secret}, b"")


def test_secret_is_captured_while_the_registration_is_pending() -> None:
    here = pending("asana")

    reply = here.reply(bringing(HOOK_SECRET))

    assert (reply.status, reply.headers) == (200, {"X-Hook-Secret": HOOK_SECRET})
    assert here.parameters.values[SECRET] == HOOK_SECRET
    assert here.status(CASES["asana"].send(HOOK_SECRET)) == 0


def test_notion_token_is_captured_from_the_body() -> None:
    here = pending("notion")
    body = json.dumps({"verification_token": HOOK_SECRET}).encode()

    assert here.reply(Webhook("POST", URL, {}, body)).status == 200
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_captured_secret_is_never_replaced() -> None:
    here = pending("asana")
    here.reply(bringing(HOOK_SECRET))

    assert here.status(bringing("f" * 64)) == 401
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_many_other_secrets_cause_few_aws_calls() -> None:
    here = pending("asana")
    here.reply(bringing(HOOK_SECRET))
    before = here.parameters.reads

    for number in range(1_000):
        assert here.status(bringing(f"{number:064}")) == 401
    assert here.parameters.reads - before <= 2 * 5
    here.clock.advance(60)
    for number in range(1_000):
        assert here.status(bringing(f"{number:064}")) == 401
    assert (
        here.parameters.reads - before <= 4 * 5 + 4
    )  # The lifetime of the cache, one minute, has passed as well.


def test_of_two_concurrent_secrets_the_first_is_stored() -> None:
    here = pending("asana")
    with pytest.raises(UnavailableError):
        here.verify(CASES["asana"].send())  # Caches the source, still without a secret.
    here.parameters.values[SECRET] = (
        "0" * 64
    )  # Another execution environment stores a secret first.

    assert here.status(bringing(HOOK_SECRET)) == 401
    assert here.parameters.values[SECRET] == "0" * 64


def test_registration_must_present_the_token_of_its_handshake() -> None:
    [capture, *others] = CASES["asana"].declared.handshakes
    declared = replace(
        CASES["asana"].declared,
        handshakes=(replace(capture, token="query:token", refusal=403), *others),
    )
    name = "/inlet-bridge/test/secrets/handshake"
    until = NOW + timedelta(hours=1)
    source = source_of(declared, registration_until=until, handshake_secrets=(name,))
    here = GateHarness(source, values={name: "meatyhamhock"}, clock=at(NOW))

    assert here.status(bringing(HOOK_SECRET)) == 403
    assert SECRET not in here.parameters.values
    shown = replace(bringing(HOOK_SECRET), url=f"{URL}&token=meatyhamhock")
    assert here.status(shown) == 200
    assert here.parameters.values[SECRET] == HOOK_SECRET


def test_no_secret_is_captured_after_an_hour() -> None:
    here = pending("asana")
    here.clock.advance(3_601)

    assert here.status(bringing(HOOK_SECRET)) == 401
    assert SECRET not in here.parameters.values


def test_source_without_a_pending_registration_captures_no_secret() -> None:
    here = gate("asana")

    assert here.status(bringing(HOOK_SECRET)) == 401


@pytest.mark.parametrize("secret", ["short", "x" * 300, "with spaces " * 4, "ë" * 40])
def test_value_that_is_not_a_secret_is_not_captured(secret: str) -> None:
    here = pending("asana")

    with pytest.raises(UnavailableError):
        here.verify(bringing(secret))
    assert SECRET not in here.parameters.values


def test_webhooks_before_the_registration_are_retryable() -> None:
    with pytest.raises(UnavailableError, match="has no secret yet"):
        pending("asana").verify(CASES["asana"].send())


# Rotation.


def test_rotated_secret_is_found_immediately() -> None:
    here = GateHarness(source_of(GITHUB.declared), ["the former"], clock=at(NOW))
    assert here.status(GITHUB.send("the former")) == 0
    here.parameters.put(SECRET, "the newer")

    assert here.status(GITHUB.send("the newer")) == 0


def test_forged_requests_do_not_each_cause_a_read() -> None:
    here = gate("github")
    here.verify(GITHUB.send())
    reads = here.parameters.reads
    for _ in range(100):
        assert here.status(GITHUB.send("another secret")) == 401

    assert here.parameters.reads - reads == 1

    here.clock.advance(11)
    here.status(GITHUB.send("another secret"))
    assert here.parameters.reads - reads == 2


def test_forged_request_is_rejected_while_ssm_is_unavailable() -> None:
    """An unauthenticated client cannot cause a 503, which would raise an alarm."""
    here = gate("github")
    here.verify(GITHUB.send())
    here.parameters.down = True

    assert here.status(GITHUB.send("forged")) == 401
    assert here.status(GITHUB.send()) == 0


# Access rules.


def test_path_token_is_an_access_rule() -> None:
    here = gate("github", access_rules=AccessRules(path_tokens=(TOKEN, OTHER_TOKEN)))
    for token in PATH_TOKENS.values():
        assert here.status(replace(GITHUB.send(), path_token=token)) == 0
    for token in ("", "a-token-that-nobody-guesse", "a-token-that-nobody-guesses ", "ë"):
        with pytest.raises(UnknownSourceError):
            here.verify(replace(GITHUB.send(), path_token=token))


def test_source_without_a_path_token_accepts_no_longer_path() -> None:
    with pytest.raises(UnknownSourceError):
        gate("github").verify(replace(GITHUB.send(), path_token="anything"))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("192.0.2.7", 0),
        ("2001:db8::7", 0),
        ("192.0.3.7", 401),
        ("2001:db9::7", 401),
        ("", 401),
        ("192.0.2.7, 198.51.100.1", 401),
        ("::ffff:192.0.2.7", 401),
    ],
)
def test_source_address_is_an_access_rule(address: str, status: int) -> None:
    here = gate("github", access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24", "2001:db8::/32")))
    # The header X-Forwarded-For is ignored: any client can set it.
    request = replace(GITHUB.send(), source_ip=address)
    request = replace(request, headers={**request.headers, "x-forwarded-for": "192.0.2.7"})

    assert here.status(request) == status


def test_method_is_an_access_rule_that_handshakes_extend() -> None:
    here = gate("trello", access_rules=AccessRules(allowed_methods=("POST",)))

    assert here.status(CASES["trello"].send()) == 0
    assert here.status(replace(CASES["trello"].send(), method="PUT")) == 401
    assert here.status(Webhook("HEAD", URL, {}, b"")) == 200
    assert gate("github").status(replace(GITHUB.send(), method="PUT")) == 0


def test_body_size_is_an_access_rule() -> None:
    here = gate("github", access_rules=AccessRules(max_body_bytes=len(BODY)))

    assert here.status(GITHUB.send()) == 0
    assert here.status(GITHUB.send(body=BODY + b" ")) == 413


def test_access_rule_does_not_replace_the_signature() -> None:
    here = gate(
        "github", access_rules=AccessRules(allowed_cidrs=("192.0.2.0/24",), path_tokens=(TOKEN,))
    )
    forged = replace(GITHUB.send("another secret"), source_ip="192.0.2.7")

    with pytest.raises(InvalidSignatureError):
        here.verify(replace(forged, path_token=PATH_TOKENS[TOKEN]))


# The public request URL.


@pytest.mark.parametrize(
    ("public", "token", "called", "output"),
    [
        ("https://h.acme.com/in/it", "", "https://abc.aws/prod/webhooks/it?a=%C3%AB", "?a=%C3%AB"),
        ("https://h.acme.com/in/it", "", "https://abc.aws/prod/webhooks/it", ""),
        ("https://h.acme.com/in/it?a=1", "", "https://abc.aws/prod/webhooks/it?a=2", "?a=2"),
        ("https://h.acme.com/in/it", "tok", "https://abc.aws/webhooks/it/tok?a=1", "/tok?a=1"),
        ("https://h.acme.com/in/it/tok", "tok", "https://abc.aws/webhooks/it/tok", "/tok"),
    ],
)
def test_public_request_url_has_the_query_and_the_path_token(
    public: str, token: str, called: str, output: str
) -> None:
    webhook = Webhook("POST", called, {}, b"", path_token=token)

    assert public_request_url(public, webhook) == f"https://h.acme.com/in/it{output}"


@pytest.mark.parametrize("name", ["twilio_form", "square", "trello", "hubspot_v3"])
def test_signed_url_is_the_public_request_url(name: str) -> None:
    request = CASES[name].send(url="https://hooks.acme.com/in/it?a=1")
    arrived = replace(
        request, url="https://abc.execute-api.eu-west-1.amazonaws.com/webhooks/it?a=1"
    )

    assert gate(name, public_url="https://hooks.acme.com/in/it").status(arrived) == 0
    assert gate(name).status(arrived) == 401


# Sources without verification.


def test_unverified_request_is_accepted_only_if_configured() -> None:
    unverified = declare_scheme("github", None, unverified=True)
    here = GateHarness(source_of(unverified, 0), clock=at(NOW))

    assert here.status(Webhook("POST", URL, {}, b"{}")) == 0
    assert here.status(Webhook("POST", URL, {"x-github-event": "ping"}, b"{}")) == 200


def test_unverified_sender_gets_no_keyed_response_or_confirmation() -> None:
    topic = {"topic_arn": "arn:aws:sns:eu-west-1:123456789012:orders"}

    assert declare_scheme("zoom", None, unverified=True).handshakes == ()
    with pytest.raises(InvalidPropertyError, match=r"Constants\.topic_arn"):
        declare_scheme("aws_sns_v2", None, topic, unverified=True)


# Arbitrary requests.

FUZZED = {
    name: GateHarness(
        source_of(case.declared, 1 if case.sender.stored(case.secret) else 0),
        [case.sender.stored(case.other_secret)],
        clock=at(NOW),
    )
    for name, case in CASES.items()
    if name != UNVERIFIED
}
GENUINE = {name: CASES[name].send() for name in FUZZED}


@settings(deadline=None, max_examples=2_000, database=None, phases=[Phase.generate])
@given(seed=st.integers(0, 2**63))
def test_unauthenticated_request_is_rejected_or_answered_and_never_accepted(seed: int) -> None:
    fuzzer = RequestFuzzer(random.Random(seed))  # noqa: S311 (no secret is made of it)
    name = fuzzer.any_of(sorted(FUZZED))
    webhook = fuzzer.webhook(GENUINE[name], CASES[name].sender.always)
    if fuzzer.maybe():
        asking = "challenge=a&hub.mode=subscribe&hub.challenge=b&validationToken=c&bt_challenge="
        webhook = replace(webhook, url=f"https://x/y?{asking}{'0a' * 12}")

    assert FUZZED[name].status(webhook) in {200, 401, 403}
