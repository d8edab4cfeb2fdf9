"""The URLs that vendors call."""

from dataclasses import dataclass

from bridge.errors import InvalidPropertyError
from bridge.ports.aws import Parameters
from bridge.provisioning.secret_storage import how_to_store
from bridge.provisioning.subscriptions.hook import mark_of, marked
from bridge.sources.source import Source


@dataclass(frozen=True, slots=True)
class Addresses:
    """The URLs of sources.

    Attributes:
        installation: the AWS region and account, as `{region}:{account}`.
        base_url: of the API or the custom domain, without a trailing slash.
    """

    parameters: Parameters
    installation: str
    stage: str
    base_url: str

    def of(self, source: Source) -> tuple[str, str]:
        """The URL of a source with the mark, and the token in it or an empty text.

        Raises:
            InvalidPropertyError: the token does not exist.
        """
        url = source.public_url or f"{self.base_url}/webhooks/{source.name}"
        token = ""
        if references := source.access_rules.path_tokens:
            token = self.parameters.get(references).get(references[0], "")
            if not token:
                raise InvalidPropertyError(
                    "PathTokens.0",
                    f"{references[0]} does not exist; store it: {how_to_store(references[0])}",
                )
            if not url.endswith(f"/{token}"):
                url = f"{url}/{token}"
        return marked(url, self.mark(source.name)), token

    def mark(self, source: str) -> str:
        """The mark of a source's webhooks."""
        return mark_of(self.installation, self.stage, source)
