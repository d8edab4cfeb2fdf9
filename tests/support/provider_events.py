"""Events of every provider that differ as little as two events can.

`EVENTS` has, for each preset, a body and headers in which `%n` is the number of the event: what
identifies it, according to the facts of the catalogue. A body without `%n` is the same for all
events. `Sending.delivery_id` is `msg_%n`; some senders write it into the body.
"""

from dataclasses import dataclass
from typing import Final

_JSON_ID: Final = '{"id":"evt_%n","type":"order.paid","event":"order.paid"}'
_SAME: Final = '{"type":"order.paid"}'
_HUBSPOT: Final = (
    '[{"eventId":100,"subscriptionId":7,"portalId":1,"occurredAt":176722560000%n,"attemptNumber":0,'
    '"subscriptionType":"contact.creation","objectId":51}]'
)
_FORM: Final = '{"CallSid":"CA1","CallStatus":"completed"}'
_SOAP: Final = (
    "<Envelope><Body><notifications><Notification><Id>04l1</Id><sObject type='Lead'/>"
    "</Notification><Notification><Id>04l%n</Id></Notification></notifications></Body></Envelope>"
)


@dataclass(frozen=True)
class EventForm:
    """The body and the headers of a provider's events."""

    body: str = _JSON_ID
    headers: tuple[tuple[str, str], ...] = ()

    def body_of(self, number: int) -> bytes:
        """The body of an event."""
        return self.body.replace("%n", str(number)).encode()

    def headers_of(self, number: int) -> dict[str, str]:
        """The unsigned headers of an event."""
        return {name: text.replace("%n", str(number)) for name, text in self.headers}


def _by_header(header: str, body: str = _SAME, **others: str) -> EventForm:
    more = tuple((name.replace("_", "-"), text) for name, text in others.items())
    return EventForm(body, ((header, "d-%n"), *more))


EVENTS: Final = {
    "stripe": EventForm(),
    "calendly": EventForm(
        '{"event":"invitee_no_show.created","created_at":"2026-01-01T12:00:0%n.000000Z",'
        '"payload":{"uri":"https://api.calendly.com/1"}}'
    ),
    "mux": EventForm('{"id":"evt_%n","type":"video.asset.ready","attempts":[]}'),
    "workos": EventForm(),
    "sanity": _by_header("idempotency-key", sanity_operation="update"),
    "paddle": EventForm('{"event_id":"evt_1","notification_id":"ntf_%n","event_type":"a.b"}'),
    "standard_webhooks": EventForm(_SAME),
    "svix": EventForm(_SAME),
    "gitlab_signing_token": EventForm('{"object_kind":"push","after":"a"}'),
    "openai": EventForm(_SAME),
    "slack": EventForm('{"type":"event_callback","event_id":"Ev%n","event":{"type":"message"}}'),
    "zoom": EventForm('{"event":"meeting.started","event_ts":176722560000%n,"payload":{}}'),
    "zendesk": EventForm('{"zendesk_event_version":"2022-11-06","id":"%n","type":"zen:event"}'),
    "webflow": EventForm('{"triggerType":"form_submission","payload":{"id":"%n"}}'),
    "box": EventForm('{"id":"%n","trigger":"FILE.UPLOADED","source":{"id":"1"}}'),
    "cloudinary": EventForm(
        '{"notification_type":"upload","request_id":"1",'
        '"notification_context":{"triggered_at":"2026-01-01T12:00:00.00000%nZ"}}'
    ),
    "github": _by_header("x-github-delivery", '{"action":"a"}', x_github_event="membership"),
    "github_sha1": _by_header("x-github-delivery", '{"action":"a"}', x_github_event="membership"),
    "bitbucket": _by_header("x-request-uuid", '{"push":{}}', x_event_key="repo:push"),
    "meta": EventForm(
        '{"object":"whatsapp_business_account","entry":[{"id":"1","time":1767225600,'
        '"changes":[{"field":"messages","value":{"messages":[{"id":"wamid.%n"}]}}]}]}'
    ),
    "intercom": EventForm(
        '{"id":"notif_%n","topic":"user.created","created_at":1767225600,"delivery_attempts":1,'
        '"first_sent_at":1767225600}'
    ),
    "notion": EventForm('{"id":"%n","type":"page.created","attempt_number":1}'),
    "typeform": EventForm('{"event_id":"%n","event_type":"form_response"}'),
    "shopify": _by_header("x-shopify-webhook-id", '{"id":1}', x_shopify_topic="orders/paid"),
    "xero": EventForm(
        '{"events":[{"tenantId":"t","resourceId":"r","eventDateUtc":"2026-01-01T12:00:00.000",'
        '"eventCategory":"INVOICE","eventType":"UPDATE"}],"firstEventSequence":%n,'
        '"lastEventSequence":%n,"entropy":"S0m3r4nd0mt3xt"}'
    ),
    "woocommerce": _by_header(
        "x-wc-webhook-delivery-id", '{"id":1}', x_wc_webhook_topic="order.updated"
    ),
    "docusign": EventForm(
        '{"event":"envelope-sent","generatedDateTime":"2026-01-01T12:00:00.000000%nZ",'
        '"retryCount":0,"data":{"envelopeId":"e"}}'
    ),
    "line": EventForm(
        '{"events":[{"type":"message","webhookEventId":"01%n","timestamp":1767225600000,'
        '"deliveryContext":{"isRedelivery":false}}]}'
    ),
    "adyen_header": EventForm('{"type":"t","data":{},"timestamp":"2026-01-01T12:00:00.00%nZ"}'),
    "linear": EventForm(
        '{"type":"Issue","action":"update","createdAt":"2026-01-01T12:00:00.00%nZ"}'
    ),
    "dropbox": EventForm('{"list_folder":{"accounts":["dbid:1"]}}'),
    "asana": EventForm(
        '{"events":[{"action":"changed","created_at":"2026-01-01T12:00:00.00%nZ",'
        '"resource":{"resource_type":"task"}}]}'
    ),
    "sentry": _by_header("request-id", '{"action":"resolved"}', sentry_hook_resource="issue"),
    "razorpay": EventForm('{"event":"payment.captured","created_at":176722560%n,"payload":{}}'),
    "gocardless": EventForm('{"events":[],"meta":{"webhook_id":"WB%n"}}'),
    "pagerduty": EventForm('{"event":{"id":"%n","event_type":"incident.triggered"}}'),
    "square": EventForm('{"event_id":"%n","type":"payment.updated"}'),
    "trello": EventForm('{"action":{"id":"%n","type":"updateCard"}}'),
    "twilio_form": _by_header("i-twilio-idempotency-token", _FORM),
    "twilio_json": EventForm('[{"id":"EZ%n","type":"com.twilio.a"}]'),
    "twilio_sharedkey": _by_header("i-twilio-idempotency-token", _FORM),
    "hubspot_v1": EventForm(_HUBSPOT),
    "hubspot_v2": EventForm(_HUBSPOT),
    "hubspot_v3": EventForm(_HUBSPOT),
    "contentful": _by_header("x-contentful-idempotency-key"),
    "mailgun": EventForm('{"event-data":{"event":"opened"}}'),
    "adyen_payments": EventForm(
        '{"pspReference":"report.csv","eventCode":"REPORT_AVAILABLE",'
        '"merchantAccountCode":"Acme%n"}'
    ),
    "braintree": EventForm(),
    "discord": EventForm('{"id":"%n","type":2}'),
    "telnyx": EventForm('{"data":{"id":"%n","event_type":"a"},"meta":{"attempt":1}}'),
    "sendgrid": EventForm('[{"sg_event_id":"%n","event":"open","timestamp":1767225600}]'),
    "aws_sns_v1": EventForm(_SAME),
    "aws_sns_v2": EventForm(_SAME),
    "paypal": EventForm('{"id":"WH-1","event_type":"A"}'),
    "adobe_io_events": EventForm('{"event_id":"%n","type":"a"}'),
    "gitlab_token": _by_header(
        "idempotency-key", x_gitlab_event_uuid="e-1", x_gitlab_webhook_uuid="w-%n"
    ),
    "basic_auth": EventForm(),
    "okta": EventForm('{"eventId":"%n","data":{"events":[{"eventType":"a"}]}}'),
    "microsoft_graph": EventForm(),
    "salesforce_outbound": EventForm(_SOAP),
    "marketo": EventForm(_SAME),
    "cloudevents": _by_header("ce-id", ce_source="/orders", ce_type="order.paid"),
    "bearer_api_key": EventForm(),
    "jira": EventForm('{"webhookEvent":"jira:issue_updated","timestamp":176722560000%n}'),
    "mandrill": EventForm('[{"event":"open","ts":1767225600,"_id":"%n"}]'),
    "jwt": EventForm(),
    "google_pubsub": EventForm(
        '{"subscription":"s","message":{"messageId":"%n","data":""},"deliveryAttempt":1}'
    ),
    "plaid": EventForm(
        '{"webhook_type":"TRANSACTIONS","webhook_code":"SYNC_UPDATES_AVAILABLE","item_id":"i",'
        '"initial_update_complete":true,"historical_update_complete":true}'
    ),
    "fusionauth": EventForm('{"event":{"id":"%n","type":"user.create"}}'),
    "vercel": EventForm('{"id":"uev_%n","type":"deployment.created"}'),
    "segment": EventForm('{"messageId":"%n","type":"track"}'),
    "customerio": EventForm('{"event_id":"%n","object_type":"email","metric":"sent"}'),
    "elevenlabs": EventForm('{"type":"post_call_transcription","event_timestamp":176722560%n}'),
    "standard_webhooks_v1a": EventForm(_SAME),
    "azure_event_grid": EventForm(_SAME),
    "x_twitter": EventForm('{"data":{"event_uuid":"%n"}}'),
    "mailchimp": EventForm(),
    "supabase": EventForm(_SAME),
    "google_push": EventForm(""),
    "vonage": EventForm('{"message_uuid":"m","status":"read","timestamp":"2026-01-01T12:00:0%nZ"}'),
    "jotform": EventForm(_SAME),
    "getstream": EventForm(_SAME),
}
"""By preset name."""
