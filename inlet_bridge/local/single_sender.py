"""Add a sender to a running local cloud, for `inlet send`."""

from dataclasses import dataclass, field

from botocore.exceptions import ClientError

from inlet_bridge.local.cloud import Cloud
from inlet_bridge.local.extra_sources import CONNECTION, Provisioner
from inlet_bridge.local.parameters import Parameters
from inlet_bridge.local.source_routes import ANY_PROVIDER, routes_of
from inlet_bridge.local.stack import STACK, STAGE, Stack
from inlet_bridge.senders.sender import Sender


@dataclass(frozen=True, slots=True)
class Target:
    """A source that a webhook is sent to.

    Attributes:
        public_url: the URL that the sender knows, and signs.
        host: the host name of the API; empty if the URL reaches it directly.
        endpoint: base URL of that API.
        secret: signing key of the sender.
    """

    public_url: str
    host: str
    endpoint: str
    secret: str = field(repr=False)


class SingleSender:
    """Configures sources with separate names, in addition to those of the run."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        self._parameters = Parameters(cloud, STAGE)
        self._resources = Stack(cloud, STACK).resources

    def configure(self, provider: str, sender: Sender) -> Target:
        """Configure a source of this provider; keep its secret if it has one.

        Raises:
            LocalCloudError: the provisioner reports an error.
        """
        name = f"send-{provider.replace('_', '-')}"
        secret = self._secret(f"{name}-sender", sender)
        self._parameters.put_secrets({name: sender.stored(secret) or "-"})
        port = self._cloud.endpoint.rpartition(":")[2]
        host = f"{self._resources['WebhookApi']}.execute-api.localhost:{port}"
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
        return Target(public_url, host, self._cloud.endpoint, secret)

    def _secret(self, name: str, sender: Sender) -> str:
        try:
            return self._parameters.secret(name)
        except ClientError as exc:
            if exc.response["Error"]["Code"] != "ParameterNotFound":
                raise
        secret = sender.new_secret()
        self._parameters.put_secrets({name: secret})
        return secret
