"""What Adobe and the vendors have, to which the stored ids refer.

It is no format of the bridge: a later emulator that needs another form may change these two
functions, and what they read from the samples.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from adobe_emulator.emulator import Adobe
from adobe_emulator.resources import Kind, Resource
from adobe_emulator.settings import schemas_of
from tests.support.vendor_account import StoredHook
from tests.support.vendor_stand_ins import VendorStandIns


def take_adobe(adobe: Adobe) -> dict[str, Any]:
    """The objects of the tenant and its tokens."""
    given = schemas_of(adobe.tenant)
    return {
        "tokens": {token: at.isoformat() for token, at in _tokens(adobe).items()},
        "objects": [asdict(each) for kind in Kind for each in adobe.resources.all(kind)],
        "datasets": _datasets(adobe),
        "mapping_sets": _mapping_sets(adobe),
        "schemas": {name: each for name, each in adobe.schemas.items() if given.get(name) != each},
        "created": adobe.library.created,
        "descriptors": adobe.library.descriptors,
    }


def put_adobe_back(adobe: Adobe, taken: Mapping[str, Any]) -> None:
    """Give a tenant these objects."""
    _tokens(adobe).update(
        {token: datetime.fromisoformat(at) for token, at in taken["tokens"].items()}
    )
    for each in taken["objects"]:
        adobe.resources.add(Resource(**{**each, "kind": Kind(each["kind"])}))
    _datasets(adobe).update(taken["datasets"])
    _mapping_sets(adobe).update(taken["mapping_sets"])
    adobe.schemas.update(taken["schemas"])
    adobe.library.created.update(taken["created"])
    adobe.library.descriptors.update(taken["descriptors"])


def take_vendors(vendors: VendorStandIns) -> dict[str, Any]:
    """The webhooks at each vendor."""
    return {
        host: {"number": account.number, "hooks": list(map(asdict, account.hooks.values()))}
        for host, account in vendors.accounts.items()
    }


def put_vendors_back(vendors: VendorStandIns, taken: Mapping[str, Any]) -> None:
    """Give the vendors these webhooks."""
    for host, each in taken.items():
        account = vendors.accounts[host]
        account.number = each["number"]
        account.hooks.update({hook["id"]: StoredHook(**hook) for hook in each["hooks"]})


def _tokens(adobe: Adobe) -> dict[str, datetime]:
    return adobe.ims._expiry  # noqa: SLF001 - a test sets it, nothing else does.


def _datasets(adobe: Adobe) -> dict[str, dict[str, Any]]:
    return adobe.datasets._documents  # noqa: SLF001 - as above.


def _mapping_sets(adobe: Adobe) -> dict[str, dict[str, Any]]:
    return adobe.mapping_sets._documents  # noqa: SLF001 - as above.
