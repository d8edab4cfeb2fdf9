"""Many at once through the deployed bridge."""

from concurrent.futures import ThreadPoolExecutor

from tests.e2e.deployed import LOG_SECONDS, Deployment
from tools.local.verdict import Message
from tools.local.waiting import wait_until

TWINS = 100
# Each one more at once is one more cold start on this machine's cores.
AT_ONCE = 4


def test_a_hundred_identical_webhooks_are_one_message(deployment: Deployment) -> None:
    """One is taken, the others hear of it or are asked to come again."""
    webhook = deployment.new_webhook()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        outcomes = list(pool.map(lambda _: deployment.bridge.api.send(webhook), range(TWINS)))
    again = deployment.bridge.api.send(webhook)

    statuses = [outcome.status for outcome in outcomes]
    assert set(statuses) <= {200, 503}
    assert 200 in statuses
    assert again.status == 200
    assert {outcome.xaction_id for outcome in outcomes if outcome.status == 200} == {
        again.xaction_id
    }
    assert copies(deployment, webhook.sample.body) == 1


def test_what_could_not_be_delivered_at_once_arrives_once(deployment: Deployment) -> None:
    """Buffered by many receivers at once, forwarded in batches."""
    deployment.inlet_answers(503, times=10)
    webhooks = [deployment.new_webhook() for _ in range(10)]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        outcomes = list(pool.map(deployment.bridge.api.send, webhooks))

    assert {outcome.status for outcome in outcomes} <= {200, 202}
    assert wait_until(
        lambda: all(copies(deployment, webhook.sample.body) for webhook in webhooks),
        LOG_SECONDS * 4,
    )
    assert [copies(deployment, webhook.sample.body) for webhook in webhooks] == [1] * 10


def copies(deployment: Deployment, body: bytes) -> int:
    """How often a body is in the inlet."""
    received = map(Message.from_books, deployment.bridge.adobe.books()["received"])
    return sum(message.carries(body) for message in received)
