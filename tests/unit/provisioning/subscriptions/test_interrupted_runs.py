"""After an interruption anywhere, CloudFormation's next request leaves one webhook, or none.

Every call to a vendor and to SSM is interrupted in three ways: it is never made; it is made and the
process ends before the response; it is made and returns an error.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, get_args

import pytest

from bridge.errors import AdobeError, UnavailableError, VendorError
from bridge.telemetry import logger
from tests.support import stripe_stand_in
from tests.support.interruptions import KilledError, Way
from tests.support.provisioning_bench import Bench
from tests.support.subscribed_sources import (
    CASES,
    CREDENTIAL,
    Case,
    assert_nothing,
    assert_one_webhook,
    request,
    world,
)

OTHER_CREDENTIAL = f"{CREDENTIAL}-2"


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logger.setLevel(logging.CRITICAL)  # It would take half of the time.
    yield
    logger.setLevel(logging.INFO)


def cuts(before: Bench, act: Callable[[Bench], object]) -> Iterator[Bench]:
    """Yield each world after an interruption, once for each call and way."""
    whole = before.copy()
    act(whole)
    for at in range(1, len(whole.cut.calls) + 1):
        for way in get_args(Way.__value__):
            bench = before.copy()
            bench.set_cut(at, way)
            with suppress(KilledError, AdobeError, VendorError, UnavailableError):
                act(bench)
            bench.set_cut()
            yield bench


def standing(case: Case) -> Bench:
    """A world with the source."""
    bench = world(case)
    bench.values[OTHER_CREDENTIAL] = case.token
    request(bench, "Create", case.properties())
    assert_one_webhook(bench, case)
    bench.set_cut()
    return bench


def changes(case: Case) -> dict[str, Mapping[str, Any]]:
    """Properties after an update."""
    without = dict.fromkeys(case.target, None)
    found: dict[str, Mapping[str, Any]] = {
        "events": case.properties(Events=list(case.others)),
        "credential": case.properties(Credential=OTHER_CREDENTIAL),
    }
    if case.moved != case.target:
        found["target"] = case.properties(**{**without, **case.moved})
    return found


UPDATES = [
    (name, change)
    for name, case in CASES.items()
    for change in changes(case)
    if change == "target" or name in {"github", "gitlab", "stripe"}
]


@pytest.mark.parametrize("name", CASES)
def test_creation_is_completed_by_the_next_request(name: str) -> None:
    case = CASES[name]
    for bench in cuts(world(case), lambda bench: request(bench, "Create", case.properties())):
        request(bench, "Create", case.properties())

        assert_one_webhook(bench, case)


@pytest.mark.parametrize("name", CASES)
def test_creation_is_rolled_back(name: str) -> None:
    case = CASES[name]
    for bench in cuts(world(case), lambda bench: request(bench, "Create", case.properties())):
        request(bench, "Delete", case.properties())

        assert_nothing(bench, case)


@pytest.mark.parametrize(("name", "change"), UPDATES)
def test_update_is_completed_by_the_next_request(name: str, change: str) -> None:
    case = CASES[name]
    after = changes(case)[change]
    for bench in cuts(standing(case), lambda bench: request(bench, "Update", after)):
        request(bench, "Update", after)

        place = next(iter(case.moved.values()), "") if change == "target" else ""
        assert_one_webhook(bench, case, place)


@pytest.mark.parametrize(("name", "change"), UPDATES)
def test_update_is_rolled_back(name: str, change: str) -> None:
    case = CASES[name]
    after = changes(case)[change]
    for bench in cuts(standing(case), lambda bench: request(bench, "Update", after)):
        request(bench, "Update", case.properties())

        assert_one_webhook(bench, case, next(iter(case.target.values()), ""))


@pytest.mark.parametrize(("name", "change"), UPDATES)
def test_interrupted_update_is_deleted_completely(name: str, change: str) -> None:
    case = CASES[name]
    after = changes(case)[change]
    for bench in cuts(standing(case), lambda bench: request(bench, "Update", after)):
        request(bench, "Delete", case.properties())

        assert_nothing(bench, case)


@pytest.mark.parametrize("name", CASES)
def test_deletion_is_completed_by_the_next_request(name: str) -> None:
    case = CASES[name]

    def delete(bench: Bench) -> None:
        request(bench, "Delete", case.properties())

    for bench in cuts(standing(case), delete):
        delete(bench)

        assert_nothing(bench, case)


@pytest.mark.parametrize("name", CASES)
def test_repair_of_a_lost_secret_is_completed(name: str) -> None:
    case = CASES[name]
    bench = standing(case)
    del bench.values[f"{CREDENTIAL.partition('/credentials')[0]}/secrets/subscriptions/hooks"]
    for each in cuts(bench, lambda bench: bench.provisioner().sources.repair("hooks")):
        each.provisioner().sources.repair("hooks")

        assert_one_webhook(each, case)


def test_source_that_moves_to_another_account_leaves_nothing_in_the_first() -> None:
    case = CASES["stripe"]
    bench = standing(case)
    bench.values[OTHER_CREDENTIAL] = stripe_stand_in.OTHER_ACCOUNT
    after = case.properties(Credential=OTHER_CREDENTIAL)
    for each in cuts(bench, lambda bench: request(bench, "Update", after)):
        request(each, "Update", after)

        assert assert_one_webhook(each, case).place == "acct_2"


@pytest.mark.parametrize("name", CASES)
def test_source_without_its_subscription_leaves_nothing_at_the_vendor(name: str) -> None:
    case = CASES[name]
    bench = standing(case)
    bench.values["/inlet-bridge/test/secrets/manual"] = "whsec_" + 43 * "A" + "="
    after = {
        **{key: each for key, each in case.properties().items() if key != "Subscription"},
        "Secrets": ["/inlet-bridge/test/secrets/manual"],
    }
    for each in cuts(bench, lambda bench: request(bench, "Update", after)):
        request(each, "Update", after)

        assert case.hooks(each) == []
        assert "/inlet-bridge/test/sources/hooks/subscription" not in each.values
        assert "/inlet-bridge/test/secrets/subscriptions/hooks" not in each.values
