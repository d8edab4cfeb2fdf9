"""Render the provider presets for `inlet providers` and docs/providers.md."""

import re
from collections.abc import Iterable, Iterator

from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.coverage import covered_body_extractors
from bridge.verification.facts import FACTS
from bridge.verification.handshakes import Handshake, HandshakeResponse
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.scheme_parameters import Signature, Timestamp
from bridge.verification.schemes import IamScheme, MacScheme, NoScheme, Scheme, TokenScheme
from bridge.verification.verify import needs_secrets
from inlet_bridge.cli.listing import Listing
from inlet_bridge.cli.provider_facts import fact_lines
from inlet_bridge.cli.provider_introduction import INTRODUCTION
from inlet_bridge.cli.styled_text import Text
from inlet_bridge.operations.delivery.written_signature import written_signature

_FAMILIES = {
    "mac": "HMAC or hash with a shared secret",
    "pk": "public-key signature",
    "jwt": "JSON Web Token",
    "token": "shared token",
    "none": "none",
}
_BODIES = {
    "json": "JSON",
    "form": "form",
    "multipart": "form, as multipart/form-data",
    "xml": "XML",
    "ndjson": "NDJSON, one event per line",
    "auto": "JSON, NDJSON, form or XML, detected from the first characters",
}


def providers_page() -> str:
    """The page docs/providers.md."""
    rows = (
        f"| [{preset.title}](#{name}) | `{name}` | {_FAMILIES[preset.scheme.family]} |\n"
        for name, preset in PRESETS.items()
    )
    table = "| Provider | Preset | Verification |\n| --- | --- | --- |\n" + "".join(rows)
    return INTRODUCTION + table + "".join(f"\n{provider_section(name)}" for name in PRESETS)


def provider_section(name: str) -> str:
    """The section of one provider."""
    preset = PRESETS[name]
    lines = (*_settings(preset), *fact_lines(FACTS[name]), *_handshakes(preset))
    facts = "".join(f"- **{title}:** {text}\n" for title, text in lines)
    quirks = "".join(f"- {quirk}\n" for quirk in preset.quirks)
    differences = "".join(f"- {text}\n" for text in preset.differences.values())
    return (
        f"## {name}\n\n{preset.title}, [documentation]({preset.documentation}).\n\n{facts}"
        + (f"\nNotes:\n\n{quirks}" if quirks else "")
        + (f"\nUnlike the vendor's libraries:\n\n{differences}" if differences else "")
        + f"\n```yaml\n{provider_resource(name, preset)}```\n"
    )


def providers_table() -> Listing:
    """One line per provider."""
    table = Listing("Preset", "Provider", "Verification", "Timeout", "Handshake")
    for name, preset in PRESETS.items():
        timeout = "" if preset.timeout_seconds is None else f"{preset.timeout_seconds:g} s"
        table.add_row(
            Text(name, style="bold"),
            Text(preset.title),
            Text(_FAMILIES[preset.scheme.family]),
            Text(timeout),
            Text("yes" if preset.handshakes else ""),
        )
    return table


def _settings(preset: Preset) -> Iterator[tuple[str, str]]:
    yield "Enter the URL at", preset.setup
    yield "Secret", preset.secret
    for constant, where in preset.constants.items():
        yield f"Constant `{constant}`", where
    yield "Verification", _verification(preset.scheme)
    yield "Body", _BODIES[preset.body]
    if preset.methods:
        yield "Methods", ", ".join(preset.methods)
    yield "Event type", _recipe(preset.event_type) or "none"
    yield "Delivery id", _recipe((*preset.delivery_id, "")) + _hash(preset)
    if preset.split:
        yield "Batches", f"`Split: {preset.split}`; the id of an event is {_code(preset.item_id)}"
    for extractor, reason in preset.unsigned.items():
        yield f"Unsigned but used: {_code(extractor)}", reason
    if parts := covered_body_extractors(_with_constants(preset.scheme)):
        yield "Forwarded parts", _forwarded((*parts, *_of_bodies(preset.unsigned)))
    if preset.timeout_seconds is not None:
        yield "Timeout", f"{preset.timeout_seconds:g} s"
    if preset.acknowledgement:
        yield "Response", _acknowledgement(preset.acknowledgement)


def _acknowledgement(response: HandshakeResponse) -> str:
    content = f"with {_code(response.body)}" if response.body else "without a body"
    states = "delivered, buffered, filtered or a dead letter"
    return f"{response.status} {content}, whether the webhook is {states}"


def _handshakes(preset: Preset) -> Iterator[tuple[str, str]]:
    for handshake in preset.handshakes:
        yield "Handshake", _handshake(handshake)


def _with_constants(scheme: Scheme) -> Scheme:
    """The scheme with a placeholder for each constant."""
    if isinstance(scheme, MacScheme | PublicKeyScheme):
        return scheme._replace(content=re.sub(r"\{const:[^{}]*\}", "…", scheme.content))
    return scheme


def _hash(preset: Preset) -> str:
    if preset.by_content:
        return "a hash of the signed content; that hash is always the idempotency key"
    return "a hash of body and event type"


def _of_bodies(extractors: Iterable[str]) -> list[str]:
    return [each for each in extractors if each.startswith(("json:", "form:"))]


def _forwarded(extractors: Iterable[str]) -> str:
    return f"{_codes(extractors)}; other parts of the body only if `Unsigned` names them"


def _verification(scheme: Scheme) -> str:
    match scheme:
        case MacScheme():
            content = " or ".join(_code(each) for each in (scheme.content, *scheme.or_content))
            before = " before compression" if scheme.uncompressed_body else ""
            text = f"{_algorithms(scheme)} of {content}{before}, {scheme.signature.encoding}"
            return f"{text}, in {_place(scheme.signature)}{_age(scheme.timestamp)}"
        case PublicKeyScheme():
            text = f"{_algorithms(scheme)} of {_code(scheme.content)}"
            key = f", key at {_codes(scheme.address.from_)}" if scheme.address else ""
            return f"{text}, in {_place(scheme.signature)}{key}{_age(scheme.timestamp)}"
        case JwtScheme():
            keys = f", keys at {_code(scheme.jwks_url)}" if scheme.jwks_url else ""
            body = f", hash of the body in `{scheme.body_sha256}`" if scheme.body_sha256 else ""
            return f"{', '.join(scheme.algorithms)} in {_codes(scheme.from_)}{keys}{body}"
        case TokenScheme():
            prefix = f" after `{scheme.authorization}`" if scheme.authorization else ""
            return f"the secret in {_codes(scheme.from_) or 'a header of your choice'}{prefix}"
        case NoScheme() | IamScheme():
            return "none"


def _place(signature: Signature) -> str:
    """Where the signature is, and how it is written there if not alone."""
    written = written_signature(signature)
    return _codes(signature.from_) + (f" as {_code(written)}" if written else "")


def _algorithms(scheme: MacScheme | PublicKeyScheme) -> str:
    if not scheme.algorithm_from:
        return scheme.algorithm
    allowed = dict.fromkeys(choice.rpartition("=")[2] for choice in scheme.algorithms)
    return f"{' or '.join(allowed)}, as {_code(scheme.algorithm_from)} states,"


def _age(timestamp: Timestamp | None) -> str:
    if timestamp is None:
        return "; no signed timestamp"
    bounds = []
    if timestamp.past_seconds is None:
        bounds.append("at most `RecordDays` (8) days old")
    else:
        limit = "at most" if timestamp.inclusive else "less than"
        bounds.append(f"{limit} {timestamp.past_seconds} s old")
    if timestamp.future_seconds is not None:
        bounds.append(f"at most {timestamp.future_seconds} s in the future")
    return f"; {' and '.join(bounds)}"


def _handshake(handshake: Handshake) -> str:
    when = " and ".join(
        _code(condition) if not condition.endswith("=") else f"no {_code(condition[:-1])}"
        for condition in handshake.when
    )
    verification = "signed" if handshake.signed else "unsigned"
    if handshake.token:
        verification = f"with the token in {_code(handshake.token)}"
    response = handshake.answer
    content = response.text or ", ".join((*response.fields, *response.headers)) or response.body
    text = f"{response.status}" + (f" with {_code(content)}" if content else "")
    if handshake.confirm:
        text += f", after fetching {_code(handshake.confirm)}"
    if handshake.capture:
        text += f"; {_code(handshake.capture)} is stored as the secret"
    return f"{when}, {verification}: {text}"


def provider_resource(name: str, preset: Preset) -> str:
    """The resource for `sources.yaml`."""
    title = "".join(part.capitalize() for part in name.split("_"))
    source = name.replace("_", "-")
    captures = any(handshake.capture for handshake in preset.handshakes)
    folder = "secrets/captured" if captures else "secrets"
    lines = [
        f"{title}Source:",
        "  Type: Custom::WebhookSource",
        "  Properties:",
        '    ServiceToken: {Fn::ImportValue: !Sub "inlet-bridge-${Stage}-ServiceToken"}',
        f"    Name: {source}",
        f"    Provider: {name}",
    ]
    if isinstance(preset.scheme, NoScheme):
        lines += ["    Verification: none", "    AllowedCidrs: [192.0.2.0/24]"]
    elif needs_secrets(preset.scheme):
        lines.append(f'    Secrets: [!Sub "/inlet-bridge/${{Stage}}/{folder}/{source}"]')
    if captures:
        lines.append("    Registration: pending")
        lines.append(f'    PathTokens: [!Sub "/inlet-bridge/${{Stage}}/secrets/{source}-path"]')
    if preset.constants:
        values = ", ".join(f"{constant}: …" for constant in preset.constants)
        lines.append(f"    Constants: {{{values}}}")
    if isinstance(preset.scheme, TokenScheme) and not preset.scheme.from_:
        lines.append("    Scheme: {From: header:x-…}")
    return "\n".join([*lines, "    Connection: !GetAtt WebhookConnection.Name", ""])


def _recipe(recipe: Iterable[str]) -> str:
    return ", else ".join(_code(alternative) if alternative else "" for alternative in recipe)


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(_code, texts))


def _code(text: str) -> str:
    escaped = text.replace("\n", "\\n")
    return f"`` {escaped} ``" if "`" in escaped else f"`{escaped}`"
