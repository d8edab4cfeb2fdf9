"""The provider presets as JSON."""

from typing import Any

from bridge.verification.catalogue import PRESETS


def provider_documents(name: str = "") -> list[dict[str, Any]]:
    """The presets, or only the one with this name."""
    return [
        {
            "preset": each,
            "title": preset.title,
            "documentation": preset.documentation,
            "verification": preset.scheme.family,
            "setup": preset.setup,
            "timeout_seconds": preset.timeout_seconds,
            "handshake": bool(preset.handshakes),
        }
        for each, preset in PRESETS.items()
        if name in ("", each)
    ]
