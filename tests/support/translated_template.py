"""Apply the SAM transform to a template."""

from typing import Any

import pytest


class NoManagedPolicies:
    """Stands in for the loader that SAM requires; the template uses none."""

    def load(self) -> dict[str, str]:
        return {}


def translate(document: dict[str, Any]) -> dict[str, Any]:
    """A template after the SAM transform, its folders replaced as `sam deploy` does."""
    # Which is slow to load, and most processes of tests need it not.
    from samtranslator.translator.transform import transform  # noqa: PLC0415

    for resource in document["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource["Properties"]:
                resource["Properties"][name] = f"s3://bucket/{resource['Properties'][name]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        result: dict[str, Any] = transform(document, {}, NoManagedPolicies())
    return result
