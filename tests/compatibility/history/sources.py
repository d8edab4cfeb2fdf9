"""The sources of the samples: each form of a document, and what is stored beside it."""

from typing import Any, Final

import boto3

from tests.compatibility.installation import EVENTS_QUEUE, Installation
from tests.support import stripe_stand_in
from tests.support.registrations import bringing, captured_name
from tests.support.sent_requests import declare

SECRET: Final = "invented-secret-of-a-sender"
PATH_TOKEN: Final = "invented-path-token"
VERIFY_TOKEN_NAME: Final = "/inlet-bridge/dev/secrets/verify-token"
PUBLIC_URL: Final = "https://hooks.example.com/webhooks/url"
REPOSITORY: Final = "acme/shop"
BY_BODY: Final = {
    "Family": "mac",
    "Content": "{body}",
    "Signature": {"From": "header:x-signature"},
}
ID: Final = {"DeliveryId": ["json:id"], "EventType": ["json:type"]}

PRESETS: Final[dict[str, dict[str, Any]]] = {
    "github": {"Routes": [{"Flow": "orders"}], "KeepBodies": "7"},
    "gitlab_token": {"Routes": [{"Flow": "returns"}], "AllowedCidrs": ["140.82.115.54/32"]},
    "slack": {"Routes": [{"Flow": "orders"}]},
    "sendgrid": {"Routes": [{"Flow": "orders", "Map": {"first": "body[0]"}}]},
    "fusionauth": {"Routes": [{"Flow": "orders"}], "MaxBodyBytes": "100000"},
    "salesforce_outbound": {
        "Verification": "none",
        "AllowedCidrs": ["140.82.115.54/32"],
        "Routes": [{"Flow": "orders", "Map": {"body": "body"}}],
    },
    "gocardless": {"Routes": [{"Flow": "orders"}], "Delivery": "queued"},
    "okta": {"Routes": [{"Flow": "orders"}]},
    "zoom": {"Routes": [{"Flow": "orders"}]},
    "meta": {"Routes": [{"Flow": "orders"}], "HandshakeSecrets": [VERIFY_TOKEN_NAME]},
}
"""Sources with a preset: a family of schemes each, handshakes, acknowledgement, refusal."""

TEMPLATE: Final = {
    "id": "delivery_id",
    "body": "body",
    "agent": 'headers."x-agent"',
    "tenant": "query.tenant",
    "all": "query.tag",
}
_LONG: Final = {f"copy{number}": "body.text" for number in range(30)}
_MANY: Final = {
    f"attribute_{number:03d}_{number * 7919 % 104729:x}": f"body.attributes.field{number}"
    for number in range(160)
}
CUSTOM: Final[dict[str, dict[str, Any]]] = {
    "forms": {
        "Routes": [{"Flow": "orders", "Map": TEMPLATE}],
        "Unsigned": ["header:x-agent", "query:tenant", "query:tag"],
        "Body": "form",
        "Charset": "windows-1252",
    },
    "private": {
        **ID,
        "Privacy": {"Drop": ["card"], "Mask": ["name"], "Hash": ["email"]},
        "KeepBodies": "30",
    },
    "split": {
        **ID,
        "Split": "body.items",
        "ItemId": "body.id",
        "Routes": [
            {
                "When": "body.kind == 'order'",
                "Targets": [
                    {"Flow": "orders", "Map": {"n": "body.n"}},
                    {"Flow": "returns", "Map": {"n": "body.n"}, "Identity": {"Email": "body.e"}},
                ],
            },
            {"Flow": "returns", "When": "body.kind == 'return'"},
        ],
        "Otherwise": "drop",
        "KeepBodies": "7",
    },
    "positions": {**ID, "Split": "body.items", "Routes": [{"Flow": "orders"}]},
    "unrouted": {
        **ID,
        "Routes": [
            {"Flow": "orders", "When": "body.never", "Schema": {"type": "object"}},
        ],
    },
    "long": {**ID, "Routes": [{"Flow": "orders", "Map": _LONG}]},
    "packed": {
        **ID,
        "Routes": [{"Flow": "orders", "Map": _MANY}],
        "ReplayProtection": "strict",
    },
    "content": {"DuplicateContentSeconds": "600", "EventType": ["json:type"]},
    "paused": {**ID, "KeepBodies": "90"},
    "removed": ID,
    "own": {
        **ID,
        "Connection": "own",
        "Routes": [
            {
                "Map": {
                    "_id": "delivery_id",
                    "timestamp": "received_at",
                    "_emulated": {"order": "body.order"},
                }
            }
        ],
    },
    "checked": {
        **ID,
        "Connection": "large",
        "Routes": [
            {
                "Map": {
                    "_id": "delivery_id",
                    "timestamp": "received_at",
                    "eventType": "body.type",
                }
            }
        ],
    },
    "raw": {**ID, "Connection": "raw"},
    "compressed": {
        **ID,
        "Routes": [
            {
                "Flow": "orders",
                "Map": {"id": "body.id"},
                "Schema": {"type": "object", "required": ["never"]},
                "Invalid": "send",
            }
        ],
    },
    "partial": {
        **ID,
        "Scheme": {**BY_BODY, "Content": "{json:id}.{json:type}"},
        "Routes": [{"Flow": "orders", "Map": {"id": "body.id"}}],
        "Unsigned": ["json:name"],
    },
    "url": {
        **ID,
        "Scheme": {**BY_BODY, "Content": "{url}{body}"},
        "PublicUrl": PUBLIC_URL,
    },
    "adopted": {**ID, "Connection": "adopted"},
    "alone": {**ID, "Connection": None, "Routes": [], "Otherwise": "drop"},
}
"""Sources with a scheme of their own; without `Connection`, they are on `orders`."""

MOVED: Final[dict[str, Any]] = {**ID, "Connection": "moved"}


def create_sources(installation: Installation) -> None:
    """Create all sources."""
    installation.secret("secrets/verify-token", "invented-verify-token")
    for provider, properties in PRESETS.items():
        declare(installation.cloud, provider, **properties)
    for name, properties in CUSTOM.items():
        create(installation, name, properties)
    _create_pending(installation)
    _create_subscribed(installation)
    _create_queue(installation)


def create(installation: Installation, name: str, properties: dict[str, Any]) -> None:
    """Create a source with a scheme of its own, by a stack."""
    given: dict[str, Any] = {
        "Name": name,
        "Scheme": BY_BODY,
        "Secrets": [installation.secret(f"secrets/{name}", SECRET)],
        "Connection": "orders",
        **({} if "Connection" in properties else {"Routes": [{"Flow": "orders"}]}),
        **properties,
    }
    given = {key: value for key, value in given.items() if value is not None}
    answer = installation.cloud.provisioned.create_source(given, connection="")
    assert answer["Status"] == "SUCCESS", answer["Reason"]


def _create_pending(installation: Installation) -> None:
    """A source whose sender has registered its secret, and one whose sender has not."""
    token = installation.secret("secrets/path-token", PATH_TOKEN)
    for name, provider in (("asana", "asana"), ("notion", "notion")):
        given = {
            "Name": name,
            "Provider": provider,
            "Secrets": [captured_name(name)],
            "Registration": "pending",
            "PathTokens": [token],
            "Routes": [{"Flow": "orders"}],
        }
        answer = installation.cloud.provisioned.create_source(given)
        assert answer["Status"] == "SUCCESS", answer["Reason"]
    installation.cloud.restart()
    given = bringing("asana", "invented-secret-of-asana-b537207f20cb", PATH_TOKEN)
    assert installation.cloud.receive(given).status == 200


def _create_subscribed(installation: Installation) -> None:
    """A source with a webhook at its vendor, and one whose webhook has moved."""
    given: dict[str, Any] = {
        "Name": "stripe",
        "Provider": "stripe",
        "Routes": [{"Flow": "orders"}],
        "Connection": "orders",
        "Subscription": {
            "Credential": installation.secret("credentials/stripe", stripe_stand_in.KEY),
            "Events": ["charge.succeeded"],
        },
    }
    installation.applied(source=given)


def _create_queue(installation: Installation) -> None:
    """A source of a queue, whose name its stack writes down."""
    given = {
        "Name": "uploads",
        "Verification": "iam",
        "Connection": "orders",
        "Routes": [{"Flow": "orders", "Map": {"type": "event_type", "key": "body.detail.key"}}],
        "KeepBodies": 3,
    }
    installation.applied(source=given)
    boto3.client("ssm").put_parameter(
        Name=f"/inlet-bridge/dev/queues/{EVENTS_QUEUE}", Value="uploads", Type="String"
    )
