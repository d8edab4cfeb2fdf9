"""Check that the secrets of a source exist and can be used; no value is ever quoted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bridge.errors import InvalidPropertyError
from bridge.ports.aws import Parameters
from bridge.provisioning.secret_storage import how_to_store
from bridge.spelling import nearest
from bridge.verification.schemes import Scheme
from bridge.verification.stored_secrets import expected_form, stored_secret

_PATH_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{16,128}")


@dataclass(frozen=True, slots=True)
class SecretChecks:
    """Every method raises InvalidPropertyError, with the way out."""

    parameters: Parameters

    def require(self, name: str, secrets: Sequence[str], likely: Sequence[str] = ()) -> None:
        """Check that the secrets of a property exist and are not empty.

        Args:
            name: of the property.
            secrets: references.
            likely: names of the source and of its provider, which secrets have too. The first
                secret of the source `likely[0]` is one that `inlet secret` stores.
        """
        found = self.parameters.get(secrets) if secrets else {}
        for index, secret in enumerate(secrets):
            if found.get(secret, "").strip():
                continue
            if meant := self._meant(secret, likely) if secret not in found else "":
                reason = f"{secret} does not exist; is it {meant}, which does?"
            else:
                reason = f"{secret} {'is empty' if secret in found else 'does not exist'};"
            source = likely[0] if likely and index == 0 else ""
            way = f"store it: {how_to_store(secret, source)}"
            if meant:
                way = f"Else {way}"
            raise InvalidPropertyError(f"{name}.{index}", f"{reason} {way}")

    def _meant(self, secret: str, likely: Sequence[str]) -> str:
        """The stored secret that a misspelled reference may mean; or empty.

        Secrets cannot be listed, so only those with likely names are looked for.
        """
        path, _, name = secret.rpartition("/")
        # `github-old` is another secret of `github`.
        close = nearest(name, [each for each in likely if each not in name])
        meant = f"{path}/{close}"
        return meant if close and meant in self.parameters.get([meant]) else ""

    def require_readable(self, name: str, scheme: Scheme, secrets: Sequence[str]) -> None:
        """Check that webhooks of source `name` can be verified with its secrets."""
        found = self.parameters.get(secrets) if secrets else {}
        for index, secret in enumerate(secrets):
            if not stored_secret(scheme, found[secret]):
                raise InvalidPropertyError(
                    f"Secrets.{index}",
                    f"{secret} of source {name} must be {expected_form(scheme)}",
                )

    def require_path_tokens(self, references: Sequence[str]) -> None:
        """Check that tokens of paths exist and are long enough."""
        self.require("PathTokens", references)
        found = self.parameters.get(references) if references else {}
        for index, reference in enumerate(references):
            if not _PATH_TOKEN.fullmatch(found[reference]):
                raise InvalidPropertyError(
                    f"PathTokens.{index}",
                    f"{reference} must contain 16-128 letters, digits, - or _",
                )
