"""An invalid id is reported with its kind."""

import pytest

from bridge.names import require_name
from bridge.provisioning.chain.identifiers import DATASET, MAPPING_SET, SCHEMA, require_identifier

SAMPLES = {
    "a dataset id": "5e30d7986c0cc218a85cee65",
    "a mapping set id": "79a623960d3f4969835c9e00dc90c8df",
    "a schema $id": "https://ns.adobe.com/tenant/schemas/5f1c2d3e4a5b60718293a4b5c6d7e8f9",
    "an inlet id": "6" * 64,
    "a Flow Service id": "a59d368a-1152-4673-a46e-bd52e8cdb9a9",
    "an inlet URL": f"https://dcs.adobedc.net/collection/{'6' * 64}",
    "an organisation id": "0A1B2C3D@AdobeOrg",
    "a schema's meta:altId": "_tenant.schemas.5f1c2d3e4a5b60718293a4b5c6d7e8f9",
    "a dataset reference": "@/dataSets/5e30d7986c0cc218a85cee65",
}


@pytest.mark.parametrize("wanted", [DATASET, MAPPING_SET, SCHEMA])
@pytest.mark.parametrize("kind", SAMPLES)
def test_id_of_another_kind_is_rejected_and_its_kind_named(wanted: str, kind: str) -> None:
    if wanted.startswith(f"{kind} ("):
        assert require_identifier(wanted, SAMPLES[kind]) == SAMPLES[kind]
        return
    with pytest.raises(ValueError, match="must be") as caught:
        require_identifier(wanted, SAMPLES[kind])
    assert str(caught.value).startswith(f"must be {wanted}, but this is {kind}")


@pytest.mark.parametrize("value", ["", "5e30d7986c0cc218a85cee6", "5E30D7986C0CC218A85CEE6", "x"])
def test_error_for_an_unknown_id_names_the_expected_kind(value: str) -> None:
    with pytest.raises(ValueError, match=r"^must be a dataset id \(24 hex digits\)$"):
        require_identifier(DATASET, value)


def test_letters_of_an_id_are_in_lower_case() -> None:
    way = "; write its letters in lower case"
    with pytest.raises(ValueError, match=rf"^must be a dataset id \(24 hex digits\){way}$"):
        require_identifier(DATASET, "5E30D7986C0CC218A85CEE65")
    with pytest.raises(ValueError, match=rf"must be a schema .*{way}$"):
        require_identifier(SCHEMA, "HTTPS://ns.adobe.com/tenant/schemas/5f1c2d3e")


def test_hash_of_a_schema_is_a_part_of_its_id() -> None:
    with pytest.raises(ValueError, match=r"; if it is the hash of a schema, write .*/HASH$"):
        require_identifier(SCHEMA, SAMPLES["a mapping set id"])
    with pytest.raises(ValueError, match=r"but this is a mapping set id \(32 hex digits\)$"):
        require_identifier(DATASET, SAMPLES["a mapping set id"])


@pytest.mark.parametrize("name", ["a", "0", "orders-2", "x" * 63])
def test_valid_name_is_accepted(name: str) -> None:
    assert require_name(name) == name


@pytest.mark.parametrize("name", ["", "-a", "A", "a b", "a/b", "a_b", "x" * 64, "ä", "a\n"])
def test_invalid_name_is_rejected(name: str) -> None:
    with pytest.raises(ValueError, match="lowercase"):
        require_name(name)
