"""Where AWS is, by region."""

from botocore.loaders import create_loader

from bridge.adapters.aws.clients import dns_suffix


def test_a_region_has_the_suffix_that_botocore_knows() -> None:
    known = {
        region: partition["outputs"]["dnsSuffix"]
        for partition in create_loader().load_data("partitions")["partitions"]
        for region in partition["regions"]
        if not region.endswith("-global")  # In which no function runs.
    }

    assert len(known) > 30
    assert {region: dns_suffix(region) for region in known} == known
