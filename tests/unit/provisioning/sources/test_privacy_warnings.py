"""The deployment warns of what `Privacy` takes from an expression."""

from bridge.provisioning.sources.declaration import warnings
from tests.support.built_routes import built

ROUTE = {"Flow": "people", "Identity": {"Email": "lower(body.customer.email)"}}


def test_identity_that_privacy_drops_or_masks_is_a_warning() -> None:
    dropped = built(Routes=[ROUTE], Privacy={"Drop": ["customer"]})
    masked = built(Routes=[ROUTE], Privacy={"Mask": ["customer.email"]})

    assert (
        "Routes.0.Identity.Email reads body.customer, which Privacy drops before, so that it has no"
        " value"
    ) in warnings(dropped)
    assert (
        "Routes.0.Identity.Email reads body.customer.email, which Privacy masks: all are the"
        " identity ***"
    ) in warnings(masked)


def test_condition_and_split_are_compared_too() -> None:
    routes = [{"Flow": "people", "When": "body.items[?sku == 'a']"}]
    found = warnings(built(Routes=routes, Split="body.list", Privacy={"Drop": ["items", "list"]}))

    assert [text.partition(",")[0] for text in found if "Privacy" in text] == [
        "Split reads body.list",
        "Routes.0.When reads body.items",
    ]


def test_other_paths_and_hashes_are_no_warning() -> None:
    privacy = {"Drop": ["customer.phone", "email"], "Hash": ["customer.email"]}

    assert not [text for text in warnings(built(Routes=[ROUTE], Privacy=privacy)) if "Priv" in text]
