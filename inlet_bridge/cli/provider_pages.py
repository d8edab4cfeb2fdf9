"""The catalogue for people: `inlet providers`, and docs/providers.md."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from rich.box import SIMPLE_HEAD
from rich.table import Table

from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.coverage import covered_body_places
from bridge.verification.handshakes import Handshake
from bridge.verification.jwt_scheme import JwtScheme
from bridge.verification.public_key_scheme import PublicKeyScheme
from bridge.verification.schemes import (
    IamScheme,
    MacScheme,
    NoScheme,
    Scheme,
    Timestamp,
    TokenScheme,
)
from bridge.verification.verify import needs_secrets
from inlet_bridge.cli.styled_text import Text

_FAMILIES = {
    "mac": "shared secret, keyed hash",
    "pk": "public-key signature",
    "jwt": "signed token (JWT)",
    "token": "shared token, shown",
    "none": "nothing",
}
_BODIES = {
    "json": "JSON",
    "form": "a form",
    "xml": "XML",
    "auto": "JSON, a form or XML, as its first characters show",
}
_INTRODUCTION = """\
# Providers

<!-- Made by `inlet providers --markdown`; a test compares. Change sources/catalogue.json. -->

A provider is an entry of the catalogue, named by `Provider` in a `Custom::WebhookSource`.
What differs from the entry, such as a tolerance, goes into `Scheme`;
a sender that is not listed is spelt out there whole.
What the vendors document may have changed since: the links lead to their pages.

The inlet takes JSON objects.
A list, a form or XML needs a `Map` or `Split`, see [mapping](mapping.md); without one it is verified and then refused with 415.
The preset decides how a body is read, and `Body` where a source differs; the header Content-Type decides nothing, since few providers sign it.

Only what the proof covers reaches a message. A part that it does not cover, and that is of use, is named below with the reason:
whoever has captured one genuine request can send that part changed.
Where such a part is the delivery id, a captured request can be accepted again under another id; `ReplayProtection: strict` takes the
signed content for the key, which refuses that and takes two events of the same content for one.

`inlet send shopify orders/create` signs a sample, or a file, and sends it as the provider would:
to the local cloud that `make run` keeps up, or with `--to URL --secret-file FILE` to any source.
A provider that publishes its keys (SNS, PayPal, Adobe I/O Events, Google, Plaid, an issuer of JWT) cannot be played
before another URL; the local cloud is told a test key to believe.

What a source may say beside its provider:

| Property | Meaning |
| --- | --- |
| `Secrets` | names of parameters, newest first; while two are in use, both are accepted |
| `Constants` | what the preset has to know, by name; see the provider below |
| `PublicUrl` | what the sender was told, where that is not API Gateway's own address |
| `PathTokens` | names of one or two parameters; the URL then ends in `/webhooks/{source}/{token}` |
| `AllowedCidrs` | where requests may come from, as API Gateway sees it |
| `AllowedMethods` | other methods are refused, except those of the handshakes |
| `MaxBodyBytes` | larger bodies are refused |
| `HandshakeSecrets` | names of parameters with the token of a handshake, where it is another than the secret |
| `Handshakes` | in place of the preset's |
| `Registration` | `pending` for an hour lets the sender bring its secret, which is kept below `secrets/captured/`; needs `PathTokens`, or narrow `AllowedCidrs` |
| `DeliveryId`, `EventType`, `SentAt` | places in the request, in place of the preset's |
| `Body` | `json`, `form`, `xml` or `auto`, in place of the preset's |
| `Unsigned` | places beside those below that may be used although the proof does not cover them |
| `ReplayProtection` | `strict` takes the signed content for the key, in place of the delivery id |
| `Verification` | `none` lets everybody in; whoever deploys it is warned |

"""


def providers_page() -> str:
    """The whole page."""
    rows = (
        f"| [{preset.title}](#{name}) | `{name}` | {_FAMILIES[preset.scheme.family]} |\n"
        for name, preset in PRESETS.items()
    )
    table = "| Provider | Preset | Proof |\n| --- | --- | --- |\n" + "".join(rows)
    return _INTRODUCTION + table + "".join(f"\n{provider_section(name)}" for name in PRESETS)


def provider_section(name: str) -> str:
    """What there is to know of one provider."""
    preset = PRESETS[name]
    facts = "".join(f"- **{title}:** {text}\n" for title, text in _facts(preset))
    quirks = "".join(f"- {quirk}\n" for quirk in preset.quirks)
    return (
        f"## {name}\n\n{preset.title}, [documentation]({preset.documentation}).\n\n{facts}"
        + (f"\nGood to know:\n\n{quirks}" if quirks else "")
        + f"\n```yaml\n{_resource(name, preset)}```\n"
    )


def providers_table() -> Table:
    """One line per provider."""
    table = Table(box=SIMPLE_HEAD)
    for title in ("Preset", "Provider", "Proof", "Waits", "Handshake"):
        table.add_column(title, overflow="fold")
    for name, preset in PRESETS.items():
        waits = "" if preset.timeout_seconds is None else f"{preset.timeout_seconds:g} s"
        table.add_row(
            Text(name, style="bold"),
            Text(preset.title),
            Text(_FAMILIES[preset.scheme.family]),
            Text(waits),
            Text("yes" if preset.handshakes else ""),
        )
    return table


def _facts(preset: Preset) -> Iterator[tuple[str, str]]:
    yield "Paste the URL at", preset.setup
    yield "Secret", preset.secret
    for constant, where in preset.constants.items():
        yield f"Constant `{constant}`", where
    yield "Proof", _proof(preset.scheme)
    yield "Body", _BODIES[preset.body]
    yield "Event type", _recipe(preset.event_type) or "none"
    yield "Delivery id", _recipe((*preset.delivery_id, "")) + _hash(preset)
    yield "Tells events apart", f"{preset.identity} [Source]({preset.identity_source})."
    for place, reason in preset.unsigned.items():
        yield f"Not covered by the proof, and used: {_code(place)}", reason
    if parts := covered_body_places(_with_constants(preset.scheme)):
        yield "Reaches a message", _recipe_list((*parts, *_of_bodies(preset.unsigned)))
    if preset.timeout_seconds is not None:
        yield "Waits for an answer", f"{preset.timeout_seconds:g} s"
    if preset.retries:
        yield "Tries again", preset.retries
    for handshake in preset.handshakes:
        yield "Handshake", _handshake(handshake)


def _with_constants(scheme: Scheme) -> Scheme:
    """The scheme as a source has it: constants are texts there."""
    if isinstance(scheme, MacScheme | PublicKeyScheme):
        return replace(scheme, content=re.sub(r"\{const:[^{}]*\}", "…", scheme.content))
    return scheme


def _hash(preset: Preset) -> str:
    if preset.by_content:
        return "a hash of what is signed; the key for deduplication is that hash in any case"
    return "a hash of body and event type"


def _of_bodies(places: Iterable[str]) -> list[str]:
    return [place for place in places if place.startswith(("json:", "form:"))]


def _recipe_list(places: Iterable[str]) -> str:
    return f"{_places(places)}; nothing else of the body, unless `Unsigned` names it"


def _proof(scheme: Scheme) -> str:
    match scheme:
        case MacScheme():
            content = " or ".join(_code(each) for each in (scheme.content, *scheme.or_content))
            text = f"{scheme.algorithm} of {content}, {scheme.signature.encoding}"
            return f"{text}, in {_places(scheme.signature.from_)}{_age(scheme.timestamp)}"
        case PublicKeyScheme():
            algorithms = " or ".join(a.rpartition("=")[2] for a in scheme.algorithms)
            text = f"{algorithms or scheme.algorithm} of {_code(scheme.content)}"
            key = f", key at {_places(scheme.address.from_)}" if scheme.address else ""
            return f"{text}, in {_places(scheme.signature.from_)}{key}{_age(scheme.timestamp)}"
        case JwtScheme():
            keys = f", keys at {_code(scheme.jwks_url)}" if scheme.jwks_url else ""
            body = f", body by its hash in `{scheme.body_sha256}`" if scheme.body_sha256 else ""
            return f"{', '.join(scheme.algorithms)} in {_places(scheme.from_)}{keys}{body}"
        case TokenScheme():
            word = f" after the word {scheme.authorization}" if scheme.authorization else ""
            return (
                f"the secret itself in {_places(scheme.from_) or 'a header of your choice'}{word}"
            )
        case NoScheme() | IamScheme():
            return "none"


def _age(timestamp: Timestamp | None) -> str:
    if timestamp is None:
        return "; no time is signed"
    bounds = [
        f"at most {seconds} s {word}"
        for seconds, word in ((timestamp.past_seconds, "old"), (timestamp.future_seconds, "ahead"))
        if seconds is not None
    ]
    return f"; {' and '.join(bounds) or 'of any age'}"


def _handshake(handshake: Handshake) -> str:
    when = " and ".join(
        _code(condition) if not condition.endswith("=") else f"no {_code(condition[:-1])}"
        for condition in handshake.when
    )
    proof = "signed" if handshake.signed else "not signed"
    if handshake.token:
        proof = f"with the token in {_code(handshake.token)}"
    answer = handshake.answer
    given = answer.text or ", ".join((*answer.fields, *answer.headers)) or answer.body
    told = f"{answer.status}" + (f" with {_code(given)}" if given else "")
    if handshake.confirm:
        told += f", after opening {_code(handshake.confirm)}"
    if handshake.capture:
        told += f", and {_code(handshake.capture)} is kept as the secret"
    return f"{when}, {proof}: {told}"


def _resource(name: str, preset: Preset) -> str:
    """The resource that a template gets."""
    word = "".join(part.capitalize() for part in name.split("_"))
    source = name.replace("_", "-")
    captures = any(handshake.capture for handshake in preset.handshakes)
    folder = "secrets/captured" if captures else "secrets"
    lines = [
        f"{word}Source:",
        "  Type: Custom::WebhookSource",
        "  Properties:",
        "    ServiceToken: !GetAtt ProvisionerFunction.Arn",
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
    if name == "marketo":
        lines.append("    Scheme: {From: header:x-…}")
    return "\n".join([*lines, "    Connection: !GetAtt WebhookConnection.Name", ""])


def _recipe(recipe: Iterable[str]) -> str:
    return ", else ".join(_code(place) if place else "" for place in recipe)


def _places(places: Iterable[str]) -> str:
    return ", ".join(_code(place) for place in places)


def _code(text: str) -> str:
    shown = text.replace("\n", "\\n")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
