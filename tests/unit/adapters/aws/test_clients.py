"""Tests of the domain suffix of AWS, by region."""

from botocore.loaders import create_loader

from bridge.adapters.aws.clients import dns_suffix


def test_domain_suffix_of_a_region_equals_that_of_botocore() -> None:
    known = {
        region: partition["outputs"]["dnsSuffix"]
        for partition in create_loader().load_data("partitions")["partitions"]
        for region in partition["regions"]
        if not region.endswith("-global")  # No function runs in these regions.
    }

    assert len(known) > 30
    assert {region: dns_suffix(region) for region in known} == known
