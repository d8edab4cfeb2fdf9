"""docs/security.md lists the hosts that the bridge requests, and who needs a former key."""

import json
import re
from collections.abc import Iterator
from typing import Any

from bridge.adapters.http.fetch_budget import MAX_FAILURES, MAX_PER_SOURCE
from bridge.adapters.http.provider_sites import KEY_LIFETIME, STALE_LIFETIME
from bridge.verification.catalogue import PRESETS
from bridge.verification.identification import extractors_of
from tests.support.sam_template import ROOT, resources

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
SECTION = PAGE.partition("\n## Hosts that the bridge requests\n")[2].partition("\n## ")[0]
CATALOGUE = ROOT / "layers" / "bridge" / "bridge" / "verification" / "catalogue.json"
# Properties of a preset that hold a URL or a pattern of URLs.
PROPERTIES = {"allow", "base", "issuers", "jwks_url"}


def addresses(node: Any) -> Iterator[str]:
    """Every URL and pattern of a preset."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name in PROPERTIES:
                assert isinstance(inner, str)
                yield inner
            else:
                yield from addresses(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from addresses(inner)


def hosts(preset: Any) -> set[str]:
    """The hosts of a preset, as written in its patterns."""
    return {
        host
        for address in addresses({name: preset.get(name) for name in ("scheme", "handshakes")})
        for host in re.findall(r"https?://([^/]+)", address)
    }


def rows() -> set[tuple[str, str]]:
    """Preset and host of each row of the table."""
    found = set()
    for line in SECTION.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        for preset in re.findall(r"`([a-z0-9_]+)`", cells[1] if len(cells) > 2 else ""):
            for host in re.findall(r"`([^`]+)`", cells[2]):
                found.add((preset, host.replace("\\|", "|")))
    return found


def test_every_host_of_a_preset_is_documented() -> None:
    presets = json.loads(CATALOGUE.read_text(encoding="utf-8"))

    assert rows() == {(name, host) for name, preset in presets.items() for host in hosts(preset)}


def test_documented_limits_are_those_of_the_code() -> None:
    for text in (
        f"{MAX_PER_SOURCE} unknown addresses or key IDs a minute",
        f"{MAX_FAILURES} a minute of those that lead to no key",
        f"{KEY_LIFETIME.total_seconds() / 3600:g} hour",
        f"{STALE_LIFETIME.total_seconds() / 3600:g} hours",
    ):
        assert text in " ".join(SECTION.split()), text


def test_every_preset_with_an_unsigned_id_is_documented() -> None:
    risks = PAGE.partition("\n## Residual risks\n")[2].partition("\n- send it again")[0]
    named = {
        name
        for name, preset in PRESETS.items()
        if set(preset.unsigned)
        & {each for alternative in preset.delivery_id for each in extractors_of(alternative)}
    }

    # Its scheme signs `webhook-id`, so the other ID is that of requests with a token.
    assert set(re.findall(r"`([a-z0-9_]+)`", risks)) == named - {"supabase"}


def test_changed_file_of_authorities_needs_another_name() -> None:
    """The template names no version of the object, so nothing else would tell API Gateway."""
    section = PAGE.partition("\n## Mutual TLS and a firewall\n")[2].partition("\n## ")[0]
    [used] = resources()["WebhookDomain"]["Properties"]["MutualTlsAuthentication"]["Fn::If"][1:2]

    assert used.keys() == {"TruststoreUri"}
    assert "under another name" in " ".join(section.split())
