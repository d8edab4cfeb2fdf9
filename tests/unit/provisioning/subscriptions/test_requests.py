"""Requests to vendors are those of their OpenAPI files and of their own libraries.

The stand-ins check each request against the recorded facts; these tests compare what the bridge
sends with what a vendor's library sends, and the data with the facts.
"""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
import stripe
from openapi_schema_validator import OAS30Validator

from bridge.ports.vendors import VendorRequest, VendorResponse
from bridge.provisioning.sources.subscription_properties import SubscriptionProperties
from bridge.provisioning.subscriptions.api import Access
from bridge.provisioning.subscriptions.record import Registered
from bridge.provisioning.subscriptions.vendors import BY_PRESET, VENDORS
from bridge.verification.catalogue import PRESETS
from tests.support.vendor_facts import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

URL = "https://hooks.example.com/webhooks/hooks?subscription=0123"
ENDPOINT: dict[str, Any] = {
    "id": "we_1",
    "object": "webhook_endpoint",
    "url": URL,
    "enabled_events": ["charge.succeeded", "charge.refunded"],
    "status": "enabled",
    "secret": "whsec_x",
}


class Recorder:
    """The port `VendorApi`: records the request."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.sent: list[VendorRequest] = []

    def send(self, request: VendorRequest) -> VendorResponse:
        self.sent.append(request)
        return VendorResponse(200, {}, self.answer)


class StripeClient(stripe.HTTPClient):
    """The transport of Stripe's library: records the request."""

    name = "recorder"

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer
        self.sent: list[tuple[str, str, Mapping[str, str], str]] = []

    def request(
        self,
        method: str,
        url: str,
        headers: "Mapping[str, str] | None",
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> "tuple[str, int, Mapping[str, str]]":
        self.sent.append((method, url, headers or {}, post_data or ""))
        return json.dumps(self.answer), 200, {}


def stripe_place() -> Registered:
    return Registered("stripe", "", "", "", ("charge.succeeded", "charge.refunded"))


@pytest.mark.parametrize("call", ["create", "update", "delete", "list"])
def test_stripe_gets_the_request_of_its_own_library(call: str) -> None:
    listed = {"object": "list", "data": [], "has_more": False}
    answer = listed if call == "list" else ENDPOINT
    theirs, ours = StripeClient(answer), Recorder(answer)
    endpoints = stripe.StripeClient("rk_test_x", http_client=theirs).v1.webhook_endpoints
    access = Access(ours, stripe_place(), "rk_test_x")
    params: Any = {
        "url": URL,
        "description": "Made by Inlet Bridge; change it there.",
        "enabled_events": ["charge.succeeded", "charge.refunded"],
    }
    match call:
        case "create":
            endpoints.create(params)
            access.create(URL, "")
        case "update":
            endpoints.update("we_1", params | {"disabled": False})
            access.update("we_1", URL, "")
        case "delete":
            endpoints.delete("we_1")
            access.delete("we_1")
        case _:
            endpoints.list({"limit": 100})
            access.hooks()

    [(method, url, headers, content)] = theirs.sent
    [sent] = ours.sent
    assert (sent.method.lower(), sent.url) == (method, url)
    assert sent.headers["Authorization"] == headers["Authorization"]
    assert sorted(parse_qsl(sent.content.decode())) == sorted(parse_qsl(content))
    if content:
        assert sent.headers["Content-Type"] == headers["Content-Type"]


@pytest.mark.parametrize(
    ("target", "value", "path"),
    [
        ("Repository", "acme/shop", "/repos/{owner}/{repo}/hooks"),
        ("Organization", "acme", "/orgs/{org}/hooks"),
    ],
)
def test_github_gets_requests_of_its_openapi_file(target: str, value: str, path: str) -> None:
    described = facts("github")["paths"]
    api = Recorder({"id": 1})
    place = Registered("github", target, value, "", ("push",))
    access = Access(api, place, "github_pat_x")
    access.create(URL, "secret")
    access.update("1", URL, "secret")
    access.delete("1")

    created, updated, deleted = api.sent
    concrete = path.replace("{owner}/{repo}", value).replace("{org}", value)
    assert created.url == f"https://api.github.com{concrete}"
    assert updated.url == deleted.url == f"https://api.github.com{concrete}/1"
    one = described[f"{path}/{{hook_id}}"]
    for sent, operation in (
        (created, described[path]["post"]),
        (updated, one["patch"]),
        (deleted, one["delete"]),
    ):
        assert sent.method.lower() in {"post", "patch", "delete"}
        if "body" in operation:
            body = json.loads(sent.content)
            OAS30Validator(operation["body"]).validate(body)
            assert set(body) <= set(operation["body"]["properties"])
            assert set(body["config"]) <= set(
                operation["body"]["properties"]["config"]["properties"]
            )
    assert set(VENDORS["github"].listing.query) | {"page"} == set(described[path]["get"]["query"])


def test_gitlab_gets_attributes_of_its_page() -> None:
    attributes = facts("gitlab")["attributes"]
    vendor = VENDORS["gitlab"]
    api = Recorder({"id": 1})
    place = Registered("gitlab_token", "Project", "acme/shop", "", ("push_events",))
    access = Access(api, place, "glpat-x")
    access.create(URL, "secret")
    access.update("1", URL, "secret")

    created, updated = (json.loads(sent.content) for sent in api.sent)
    assert created == updated
    assert created["push_events"] is True
    assert created["note_events"] is False
    assert set(created) <= {name for names in attributes.values() for name in names}
    assert set(vendor.events.names) <= set(attributes["boolean"])
    assert [sent.url for sent in api.sent] == [
        "https://gitlab.com/api/v4/projects/acme%2Fshop/hooks",
        "https://gitlab.com/api/v4/projects/acme%2Fshop/hooks/1",
    ]
    assert [sent.method for sent in api.sent] == ["POST", "PUT"]
    # The library has fewer attributes than the page.
    known = set(facts("gitlab")["library_attributes"])
    new = {
        "description",
        "feature_flag_events",
        "resource_access_token_events",
        "releases_events",
        "deployment_events",
        "confidential_note_events",
    }
    assert set(created) <= known | new


def test_every_vendor_belongs_to_presets_of_the_catalogue_and_names_its_pages() -> None:
    assert set(BY_PRESET) <= set(PRESETS)
    fields = {str(field.alias) for field in SubscriptionProperties.model_fields.values()}
    for vendor in VENDORS.values():
        assert vendor.url.startswith("https://")
        assert {name for name in vendor.targets if name} <= fields
        assert all(page.startswith("https://") for page in vendor.documentation)


def test_credential_is_in_no_representation_of_a_request() -> None:
    api = Recorder(ENDPOINT)
    access = Access(api, stripe_place(), "rk_test_NEVERSEEN")
    access.create(URL, "")

    assert "NEVERSEEN" in str(api.sent[0].headers)
    assert "NEVERSEEN" not in repr(api.sent[0]) + repr(access)
