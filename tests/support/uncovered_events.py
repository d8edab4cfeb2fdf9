"""Events that a source of a provider can receive and that its recipe drops."""

import json
from typing import Final


def _json(document: object, **headers: str) -> tuple[dict[str, str], bytes]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return named, json.dumps(document).encode()


UNCOVERED: Final[dict[str, list[tuple[dict[str, str], bytes]]]] = {
    "calendly": [
        _json({"event": "routing_form_submission.created", "payload": {"uri": "u"}}),
        _json({"event": "invitee.canceled", "payload": {"uri": "u", "rescheduled": True}}),
    ],
    "github": [
        _json({"zen": "Keep it logically awesome.", "hook_id": 1}, x_github_event="ping"),
        _json({"action": "deleted", "starred_at": None}, x_github_event="star"),
        _json({"action": "opened", "sender": {"type": "Bot", "id": 1}}, x_github_event="issues"),
    ],
    "hubspot_v3": [_json([{"eventId": 1, "subscriptionType": "company.creation"}])],
    "intercom": [
        _json({"id": "1", "topic": "ping", "data": {"item": {"type": "ping"}}}),
        _json({"id": "2", "topic": "contact.user.created", "data": {"item": {"email": None}}}),
    ],
    "mailchimp": [({}, b"type=campaign&data[status]=sent"), ({}, b"type=profile&data[email]=a@b")],
    "sendgrid": [_json([{"event": "deferred", "sg_event_id": "1"}, {"event": "account_status"}])],
    "shopify": [
        _json({"id": 1}, x_shopify_topic="app/uninstalled"),
        _json({"id": 1, "email": None}, x_shopify_topic="customers/create"),
    ],
    "stripe": [
        _json({"id": "evt_1", "type": "payout.paid", "data": {"object": {}}}),
        _json(
            {
                "id": "evt_2",
                "type": "checkout.session.completed",
                "data": {"object": {"mode": "payment", "payment_status": "unpaid"}},
            }
        ),
        _json({"id": "evt_3", "type": "invoice.paid", "data": {"object": {"amount_paid": 0}}}),
    ],
    "twilio_form": [({}, b"CallSid=CA1&CallStatus=completed"), ({}, b"MessageStatus=queued")],
    "typeform": [_json({"event_id": "1", "event_type": "form_response_partial"})],
    "woocommerce": [
        _json({"id": 1}, x_wc_webhook_topic="product.updated"),
        _json({"id": 1, "status": "checkout-draft"}, x_wc_webhook_topic="order.created"),
    ],
    "zoom": [
        _json({"event": "meeting.started", "payload": {"object": {}}}),
        _json(
            {
                "event": "meeting.participant_joined",
                "payload": {"object": {"participant": {"email": ""}}},
            }
        ),
    ],
}
