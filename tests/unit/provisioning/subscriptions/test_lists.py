"""All pages of a list are read, up to a bound."""

import pytest

from bridge.errors import VendorError
from bridge.provisioning.subscriptions.api import MAX_PAGES, Access
from bridge.provisioning.subscriptions.record import Registered
from tests.support.subscribed_sources import GITHUB, GITLAB, STRIPE, Case, request, world
from tests.support.vendor_account import Account, StoredHook

CASES = {"github": GITHUB, "gitlab": GITLAB, "stripe": STRIPE}


def fill(account: Account, template: StoredHook, number: int) -> None:
    """Give the account so many further webhooks, of somebody else."""
    for index in range(number):
        hook_id = f"{template.id}{index:05}"
        shown_id = int(hook_id) if hook_id.isdecimal() else hook_id
        config = template.shown.get("config")
        other = {"config": {**config, "url": "https://x.example"}} if config else {}
        shown = {**template.shown, "url": "https://x.example", **other, "id": shown_id}
        account.hooks[hook_id] = StoredHook(hook_id, template.place, shown)


def access(case: Case, number: int) -> Access:
    """Access to so many webhooks of somebody else, and one of the bridge."""
    bench = world(case)
    request(bench, "Create", case.properties())
    account = bench.vendors.accounts[case.host]
    fill(account, next(iter(account.hooks.values())), number)
    [(target, value)] = case.target.items() or [("", "")]
    place = Registered(case.preset, target, value, "", case.events)
    return Access(bench.vendors, place, case.token)


@pytest.mark.parametrize("name", CASES)
def test_every_page_is_read(name: str) -> None:
    hooks = access(CASES[name], 250).hooks()

    assert len(hooks) == len({hook.id for hook in hooks}) == 251


@pytest.mark.parametrize("name", CASES)
def test_endless_list_is_not_read(name: str) -> None:
    with pytest.raises(VendorError) as raised:
        access(CASES[name], 100 * MAX_PAGES + 1).hooks()

    assert f"more than {MAX_PAGES} pages" in raised.value.reason
