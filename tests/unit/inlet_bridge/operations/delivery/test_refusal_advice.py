"""What is advised about refusals is what the documentation and the code say."""

from collections.abc import Iterator

import pytest

from inlet_bridge.operations.delivery.refusal_advice import advice_on
from inlet_bridge.operations.delivery.refusal_reasons import REASONS, Advice
from tests.support.sam_template import ROOT

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
STATUSES = ("401", "404", "413", "415", "429", "503")


def sources() -> Iterator[str]:
    for file in (ROOT / "layers" / "bridge" / "bridge").rglob("*.py"):
        yield file.read_text(encoding="utf-8")


@pytest.mark.parametrize("advice", REASONS, ids=lambda each: each.reason)
def test_reason_is_one_that_the_receiver_gives(advice: Advice) -> None:
    assert any(advice.reason in text for text in sources())


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_has_advice_in_a_section_that_exists(status: str) -> None:
    advice = advice_on(status, "another reason")

    assert advice
    assert f"## {advice.section}\n" in PAGE
    assert status in advice.section


def test_common_reasons_have_their_own_advice() -> None:
    texts = {advice_on("401", each.reason) for each in REASONS}

    assert len(texts) == len(REASONS)
    assert all(f"## {each.section}\n" in PAGE for each in REASONS)
    assert advice_on("503", "source github has no secret at /inlet-bridge/dev/x") in REASONS
    assert advice_on("418", "") is None


@pytest.mark.parametrize(
    "reason",
    [
        *("the request has no signature", "no signature matches", "signed more than"),
        *("the method is not allowed", "the timestamp is missing"),
        "the signature has another form than",
    ],
)
def test_documented_reasons_are_known(reason: str) -> None:
    assert f"`{reason}" in PAGE
    assert any(each.reason == reason for each in REASONS)


def test_missing_timestamp_blames_no_version_of_the_signature() -> None:
    advice = advice_on(
        "401", "the timestamp is missing or not in the unit ms: json:webhookTimestamp"
    )

    assert advice
    assert "The reason names where the provider writes its timestamp" in advice.text
    assert "version" not in advice.text


@pytest.mark.parametrize("status", STATUSES)
def test_only_where_the_secret_may_be_wrong_its_parameter_is_named(status: str) -> None:
    secrets = ("/inlet-bridge/dev/secrets/github", "/inlet-bridge/dev/secrets/old")

    for reason in ("no signature matches", "no token matches", "the request has no signature"):
        advice = advice_on(status, reason, secrets, "github")
        assert advice
        if status in {"401", "503"}:
            assert f"in `{secrets[0]}` or `{secrets[1]}`:" in advice.text
            assert "`inlet secret github --stage dev` replaces it." in advice.text
        else:
            assert "/inlet-bridge" not in advice.text


@pytest.mark.parametrize(
    "reason",
    [
        "the method is GET; webhooks are sent with POST",
        "the body is not JSON, so the timestamp in it cannot be read",
        "the signature has another form than 64 hex digits in lower case",
        "the source IP is not allowed",
        "this source receives events only through its queue",
        "signed more than 300 s ago",
        "signed more than 60 s in the future",
        "signed more than 300 s ago; the timestamp may be in seconds instead of milliseconds",
    ],
)
def test_secret_is_not_blamed_for_anything_else(reason: str) -> None:
    advice = advice_on("401", reason, ["/inlet-bridge/dev/secrets/github"])

    assert advice
    assert "/inlet-bridge" not in advice.text
    assert advice.reason


@pytest.mark.parametrize(
    ("reason", "begin", "never"),
    [
        ("signed more than 60 s in the future", "A clock is ahead", "late repetition"),
        (
            "signed more than 300 s ago",
            "Its timestamp is old. It is a sample, a late repetition",
            "ahead",
        ),
        (
            "signed more than 28800 s ago; the timestamp may be in seconds instead of milliseconds",
            "Its timestamp lies decades away",
            "late repetition",
        ),
        (
            "signed more than 60 s in the future; the timestamp may be in milliseconds instead of",
            "Its timestamp lies decades away",
            "ahead",
        ),
    ],
)
def test_advice_on_a_time_begins_with_its_cause(reason: str, begin: str, never: str) -> None:
    advice = advice_on("401", reason)

    assert advice
    assert advice.text.startswith(begin)
    assert never not in advice.text


def test_parameter_of_another_path_is_replaced_with_the_aws_cli() -> None:
    advice = advice_on("401", "no signature matches", ("/shared/key",), "github")

    assert advice
    assert "--overwrite --name /shared/key --value file://FILE` replaces it." in advice.text


def test_secret_of_secrets_manager_is_replaced_there() -> None:
    """SSM refuses to write names that begin with /aws."""
    reference = "/aws/reference/secretsmanager/inlet-bridge/dev/github"
    advice = advice_on("401", "no signature matches", (reference,), "github")

    assert advice
    way = "aws secretsmanager put-secret-value --secret-id inlet-bridge/dev/github"
    assert f"`{way} --secret-string file://FILE` replaces it." in advice.text
    assert "put-parameter" not in advice.text
