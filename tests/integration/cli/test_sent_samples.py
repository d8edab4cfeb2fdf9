"""Tests of the samples that `inlet send` sends: files with headers, and those of recipes."""

import json
from pathlib import Path
from typing import Any

import pytest

from bridge.verification.identification import event_type, identity_of
from bridge.webhook import Webhook
from inlet_bridge.recipes.recipe import recipe_of, recipes
from inlet_bridge.senders.providers import SENDERS
from tests.support.sent_webhooks import declared, receiver, run

RECIPE_EVENTS = [
    (provider, event.name)
    for provider, recipe in recipes().items()
    for event in recipe.events
    if event.samples
]


def sent(folder: Path, provider: str, *arguments: str) -> tuple[Webhook, str]:
    """The webhook that is received, and what is printed."""
    secret = SENDERS[provider].new_secret()
    (folder / "secret").write_text(secret, encoding="utf-8")
    with receiver(provider, SENDERS[provider].stored(secret)) as (url, taken):
        key = str(folder / "secret")
        status, said = run("send", provider, *arguments, "--to", url, "--secret-file", key)
    assert status == 0, said
    [webhook] = taken
    return webhook, said


def written(folder: Path, sample: object) -> str:
    (folder / "sample.json").write_text(json.dumps(sample))
    return str(folder / "sample.json")


def sample_of(provider: str, event: str) -> dict[str, Any]:
    recipe = recipe_of(provider)
    assert recipe
    [name] = [each.samples[0] for each in recipe.events if each.name == event]
    sample: dict[str, Any] = json.loads(recipe.sample(name).read_text())
    return sample


def id_of(provider: str, webhook: Webhook) -> str:
    known = declared(provider)
    event = event_type(known.event_type, webhook)
    return identity_of(known.delivery_id, webhook, event).delivery_id


def test_event_of_a_recipe_is_its_sample_with_a_new_id(tmp_path: Path) -> None:
    first, said = sent(tmp_path, "stripe", "checkout.session.completed")
    second, _ = sent(tmp_path, "stripe", "checkout.session.completed")
    body, expected = json.loads(first.body), sample_of("stripe", "checkout.session.completed")

    assert "the sample checkout.session.completed of the recipe" in said
    assert body == {**expected["body"], "id": body["id"]}
    assert body["id"].startswith("evt_")
    assert len({body["id"], json.loads(second.body)["id"], expected["body"]["id"]}) == 3


@pytest.mark.parametrize(("provider", "event"), RECIPE_EVENTS)
def test_sample_of_each_event_is_signed(provider: str, event: str, tmp_path: Path) -> None:
    webhook, _ = sent(tmp_path, provider, event)
    sample = sample_of(provider, event)
    original = sample["body"]
    given = original.encode() if isinstance(original, str) else json.dumps(original).encode()
    unsent = Webhook("POST", "https://hooks/webhooks/it", sample["headers"], given)
    recipe = declared(provider).event_type

    assert event_type(recipe, webhook) == event_type(recipe, unsent)
    assert len(webhook.body) > 0.5 * len(given)
    if declared(provider).delivery_id:
        assert id_of(provider, webhook) != id_of(provider, unsent)


@pytest.mark.parametrize(("provider", "event"), [("stripe", "other.event"), ("linear", "Issue")])
def test_event_without_a_sample_is_a_generic_one(provider: str, event: str, tmp_path: Path) -> None:
    webhook, said = sent(tmp_path, provider, event)

    assert b"sent by inlet send" in webhook.body
    assert "of the recipe" not in said


@pytest.mark.parametrize("provider", recipes())
def test_provider_with_a_recipe_sends_its_first_sample(provider: str, tmp_path: Path) -> None:
    webhook, said = sent(tmp_path, provider)
    first = next(iter(recipes()[provider].samples))

    assert f"the sample {first} of the recipe" in said
    assert b"sent by inlet send" not in webhook.body
    if declared(provider).event_type:
        names = [event.name for event in recipes()[provider].events]
        found = event_type(declared(provider).event_type, webhook)
        assert (found or "(incoming message)") in names


@pytest.mark.parametrize(
    ("provider", "event", "path"),
    [
        ("hubspot_v3", "object.propertyChange", "subscriptionType"),
        ("sendgrid", "bounce", "event"),
    ],
)
def test_event_of_a_batch_is_sent_alone_with_new_ids(
    provider: str, event: str, path: str, tmp_path: Path
) -> None:
    webhook, said = sent(tmp_path, provider, event)
    again, _ = sent(tmp_path, provider, event)
    items = json.loads(webhook.body)

    assert "of the recipe" in said
    assert {each[path] for each in items} == {event}
    key = {"hubspot_v3": "eventId", "sendgrid": "sg_event_id"}[provider]
    ids = [each[key] for each in (*items, *json.loads(again.body))]
    assert len(set(ids)) == len(ids)
    assert all(isinstance(each, int if provider == "hubspot_v3" else str) for each in ids)


def test_file_of_a_recipe_is_unwrapped(tmp_path: Path) -> None:
    sample = sample_of("stripe", "invoice.paid")
    webhook, said = sent(tmp_path, "stripe", "--body", written(tmp_path, sample))

    assert json.loads(webhook.body) == sample["body"]
    assert "of the recipe" not in said


def test_headers_and_query_of_a_sample_are_sent_without_its_signature(tmp_path: Path) -> None:
    old = {
        "X-Hub-Signature-256": "sha256=00",
        "X-GitHub-Event": "issues",
        "X-GitHub-Delivery": "old",
        "X-GitHub-Hook-ID": "7",
        "Host": "elsewhere",
        "Content-Length": "9999",
        "Content-Encoding": "gzip",
    }
    file = written(tmp_path, {"headers": old, "body": {"a": 1}, "query": {"tenant": "b c"}})
    webhook, _ = sent(tmp_path, "github", "--body", file)

    assert json.loads(webhook.body) == {"a": 1}
    assert webhook.url.endswith("?a=1&tenant=b+c")
    assert webhook.headers["x-hub-signature-256"] != "sha256=00"
    assert webhook.headers["x-github-event"] == "issues"
    assert webhook.headers["x-github-hook-id"] == "7"
    assert webhook.headers["x-github-delivery"] != "old"
    assert "elsewhere" not in webhook.headers["host"]
    assert "content-encoding" not in webhook.headers


def test_event_that_is_given_replaces_that_of_the_sample(tmp_path: Path) -> None:
    file = written(tmp_path, {"headers": {"X-GitHub-Event": "issues"}, "body": {}})
    webhook, _ = sent(tmp_path, "github", "push", "--body", file)

    assert webhook.headers["x-github-event"] == "push"


def test_body_of_text_is_sent_as_it_is(tmp_path: Path) -> None:
    file = written(tmp_path, {"headers": {}, "body": '{"a":  1}\n'})
    webhook, _ = sent(tmp_path, "github", "--body", file)

    assert webhook.body == b'{"a":  1}\n'


def test_sample_with_a_wrong_query_is_one_sentence(tmp_path: Path) -> None:
    file = written(tmp_path, {"headers": {}, "body": {}, "query": [1]})
    (tmp_path / "secret").write_text("right")
    to = ["--to", "http://127.0.0.1:9/a", "--secret-file", str(tmp_path / "secret")]
    status, said = run("send", "github", "--body", file, *to)

    assert status == 1
    assert "query must be an object" in said
