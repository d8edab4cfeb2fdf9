"""Read sample payloads from `{provider}/{event}.json`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.signatures import PROVIDERS


@dataclass(frozen=True, slots=True)
class Sample:
    """One payload with the exact bytes of its file.

    Attributes:
        name: provider and file name, such as `github/push`.
        event: the event type as the provider names it.
    """

    name: str
    provider: str
    event: str
    body: bytes


def read_samples(folder: Path) -> dict[str, Sample]:
    """Read all payloads below a folder with one subfolder per provider, by name.

    Raises:
        LocalCloudError: there are none, or one is not a JSON object.
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
