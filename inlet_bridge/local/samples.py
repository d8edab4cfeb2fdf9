"""Webhook payloads in files: `{provider}/{event}.json`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.signatures import PROVIDERS


@dataclass(frozen=True, slots=True)
class Sample:
    """One payload, byte for byte as its file holds it.

    Attributes:
        name: provider and file name, such as `github/push`.
        event: the type in the provider's words.
    """

    name: str
    provider: str
    event: str
    body: bytes


def read_samples(folder: Path) -> dict[str, Sample]:
    """Every payload below a folder that has one sub-folder per provider, by name.

    Raises:
        LocalCloudError: there is none, or one of them is no JSON object.
    """
    samples = {sample.name: sample for sample in _samples(folder)}
    if not samples:
        raise LocalCloudError(
            f"no payloads in {folder}",
            hint=f"It needs sub-folders with *.json files, named {', '.join(PROVIDERS)}.",
        )
    return samples


def _samples(folder: Path) -> Iterator[Sample]:
    for provider in PROVIDERS:
        for path in sorted((folder / provider).glob("*.json")):
            yield _sample(provider, path)


def _sample(provider: str, path: Path) -> Sample:
    body = path.read_bytes()
    try:
        document = json.loads(body)
    except ValueError as exc:
        raise LocalCloudError(f"{path} is not JSON: {exc}") from exc
    if not isinstance(document, dict):
        raise LocalCloudError(f"{path} is not a JSON object; the inlet takes nothing else")
    # Shopify's topics have a slash, which a file name cannot have.
    event = path.stem.replace(".", "/") if provider == "shopify" else path.stem
    return Sample(f"{provider}/{path.stem}", provider, event, body)
