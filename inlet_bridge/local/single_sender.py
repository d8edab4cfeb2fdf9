"""Add a sender to a running local cloud, for `inlet send`."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from bridge.sources.source import Source
from bridge.verification.stored_secrets import stored_secret
from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.errors import LocalCloudError
from inlet_bridge.local.extra_sources import CONNECTION, Provisioner
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.source_routes import ANY_PROVIDER, routes_of
from inlet_bridge.local.stack import STACK, STAGE, Stack
from inlet_bridge.operations.configuration.known_sources import likely_source
from inlet_bridge.senders.sender import Sender


@dataclass(frozen=True, slots=True)
class Target:
    """A source that a webhook is sent to.

    Attributes:
        public_url: the URL that the sender signs: API Gateway has https only, the local one http.
        host: the host name of the API; empty if the URL reaches it directly.
        endpoint: base URL of that API.
        secret: signing key of the sender.
        source: its name; empty for a URL.
        is_new: whether the source was added for this webhook.
        configured: the source, if its document can be read.
    """

    public_url: str
    host: str
    endpoint: str
    secret: str = field(repr=False)
    source: str = ""
    is_new: bool = False
    configured: Source | None = None

    @property
    def shown_url(self) -> str:
        """The URL that another program can call."""
        is_local = bool(self.host and self.source)
        return self.public_url.replace("https://", "http://", 1) if is_local else self.public_url


class SingleSender:
    """Finds the source of a provider in the local cloud, or adds one with a name of its own."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._parameters = Parameters(cloud, STAGE)
        self._resources = Stack(cloud, STACK).resources

    def target(
        self, provider: str, sender: Sender, source: str = "", declared: Sequence[str] = ()
    ) -> Target:
        """The source with this name, else the provider's own source, else one that is added.

        A source is the provider's own if its document names the preset. Of several, one must be
        named. One whose webhooks are signed with a key that only the provider has is not used.

        Args:
            provider: the preset.
            sender: of the provider.
            source: its name; empty for the provider's own.
            declared: the names of the provider's sources in the file that is deployed. While one
                is not deployed, none is added in its place.

        Raises:
            LocalCloudError: there is no such source, or the provisioner reports an error.
        """
        found = self._sources()
        missing = [each for each in declared if each not in found]
        if source:
            if source in missing:
                raise _not_deployed(source)
            if source not in found:
                there = ", ".join(sorted(found)) or "none"
                close = likely_source(source, found)
                meant = f"; is it {close}?" if close else ""
                raise LocalCloudError(
                    f"the local cloud has no source {source}{meant}", hint=f"Sources are: {there}."
                )
            return self._existing(found[source])
        own = [each for each in found.values() if self._is_signable(each, provider, sender)]
        if len(own) > 1:
            names = ", ".join(each.name for each in own)
            raise LocalCloudError(
                f"the local cloud has several sources of {provider}: {names}",
                hint="Name one with --source.",
            )
        if missing and not own:
            raise _not_deployed(missing[0])
        return self._existing(own[0]) if own else self.configure(provider, sender)

    def configure(self, provider: str, sender: Sender) -> Target:
        """Configure a source of this provider; keep its secret if it has one.

        Raises:
            LocalCloudError: the provisioner reports an error.
        """
        name = _name_of(provider)
        secret = self._secret(f"{name}-sender", sender)
        self._parameters.put_secrets({name: sender.stored(secret) or "-"})
        host = self._host()
        public_url = f"https://{host}/webhooks/{name}"
        properties = {
            "Name": name,
            "Provider": provider,
            "Secrets": [f"{self._parameters.prefix}/secrets/{name}"],
            "Constants": dict(sender.constants),
            "Scheme": dict(sender.scheme),
            "PublicUrl": public_url,
            "Connection": CONNECTION,
            "Routes": routes_of(ANY_PROVIDER, has_tenant_fields=False),
        }
        if provider == "salesforce_outbound":
            properties |= {"Verification": "none", "Secrets": []}
        Provisioner(self._cloud, self._resources["ProvisionerFunction"]).apply_source(properties)
        written = self._sources().get(name)
        endpoint = self._cloud.endpoint
        return Target(public_url, host, endpoint, secret, name, is_new=True, configured=written)

    def _existing(self, source: Source) -> Target:
        """A source as it is configured; its secret signs the webhook."""
        host = self._host()
        url = source.public_url or f"https://{host}/webhooks/{source.name}"
        secret = ""
        if source.secrets:
            stored = self._parameters.secret(source.secrets[0].partition("/secrets/")[2])
            # As the receiver reads it; what it cannot use signs nothing that it accepts.
            secret = stored_secret(source.scheme, stored) or stored
        endpoint = self._cloud.endpoint
        return Target(url, host, endpoint, secret, source.name, configured=source)

    def _sources(self) -> dict[str, Source]:
        """The configured sources by name; what cannot be read is none."""
        found = {}
        for name, text in self._parameters.below("sources").items():
            if name.count("/") == 1:
                with suppress(ValueError, KeyError, TypeError, AttributeError):
                    source = Source.from_document(text)
                    found[source.name] = source
        return found

    def _is_signable(self, source: Source, provider: str, sender: Sender) -> bool:
        """Whether a source is the provider's, with a shared secret of the local cloud."""
        if source.provider != provider or source.name == _name_of(provider):
            return False
        secret = sender.new_secret()
        shares = sender.published is None and sender.stored(secret) == secret
        local = f"{self._parameters.prefix}/secrets/"
        return shares and bool(source.secrets) and source.secrets[0].startswith(local)

    def _host(self) -> str:
        port = self._cloud.endpoint.rpartition(":")[2]
        return f"{self._resources['WebhookApi']}.execute-api.localhost:{port}"

    def _secret(self, name: str, sender: Sender) -> str:
        try:
            return self._parameters.secret(name)
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "ParameterNotFound":
                raise
        secret = sender.new_secret()
        self._parameters.put_secrets({name: secret})
        return secret


def _not_deployed(source: str) -> LocalCloudError:
    return LocalCloudError(
        f"sources.yaml has the source {source}, but it is not deployed to the local cloud",
        hint="The terminal of `make run` says why the file cannot be deployed, or that it is being"
        " deployed; `inlet plan` says it too.",
    )


def _name_of(provider: str) -> str:
    """The name of a source that is added."""
    return f"send-{provider.replace('_', '-')}"
