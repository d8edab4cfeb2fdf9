"""Canonical requests of Amazon SNS and Contentful, which a template cannot express."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from bridge.strict_json import read_body
from bridge.verification.encodings import utf8
from bridge.webhook import Webhook

_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SNS_FIELDS: Mapping[str, Sequence[str]] = {
    "Notification": _NOTIFICATION,
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}
_OPTIONAL_FIELD = "Subject"
# The only field with line breaks: a subject has none.
# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
_FIELD_OF_LINES = "Message"

_CONTENTFUL_LIST = "x-contentful-signed-headers"
_CONTENTFUL_TIME = "x-contentful-timestamp"
# Characters that JavaScript's querystring.escape and encodeURI do not escape, besides letters
# and digits.
_QUERY_SAFE = "-_.!~*'()"
_URI_SAFE = _QUERY_SAFE + ";,/?:@&=+$#"


def canonical_sns(webhook: Webhook) -> bytes | None:
    """The signed fields of an SNS message, names and values on alternating lines.

    None also for a line break in another field than the message: of a message that contains such
    lines, anyone could make another message and fields that have the same form.

    https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
    """
    try:
        message = read_body(webhook.content.content)
        names = _SNS_FIELDS[message["Type"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    lines = []
    for name in names:
        field = message.get(name)
        if field is None and name == _OPTIONAL_FIELD:
            continue
        if not isinstance(field, str) or (name != _FIELD_OF_LINES and "\n" in field):
            return None
        lines.append(f"{name}\n{field}\n")
    return utf8("".join(lines))


def canonical_contentful(webhook: Webhook) -> bytes | None:
    """Method, path, sorted signed headers and body, as Contentful's own library signs them.

    https://www.contentful.com/developers/docs/extensibility/app-framework/request-verification/
    """
    listed = set(webhook.headers.get(_CONTENTFUL_LIST, "").split(","))
    if not listed >= {_CONTENTFUL_LIST, _CONTENTFUL_TIME}:
        return None
    names = sorted(name for name in listed if name in webhook.headers)
    signed = {name: webhook.headers[name].strip() for name in names}
    signed[_CONTENTFUL_LIST] = ",".join(names)
    time = signed[_CONTENTFUL_TIME]
    if time.isascii() and time.isdecimal():
        signed[_CONTENTFUL_TIME] = time.lstrip("0")  # The library signs the number.
    headers = ";".join(f"{name}:{text}" for name, text in signed.items())
    return utf8(f"{webhook.method}\n{_path(webhook.url)}\n{headers}\n") + webhook.body


def _path(url: str) -> str:
    """Path and query; Contentful's library escapes the query twice."""
    path, _, query = url.partition("://")[2].partition("?")
    path = "/" + path.partition("/")[2]
    if query:
        path += "?" + quote(query, safe=_QUERY_SAFE, errors="surrogatepass")
    return quote(path, safe=_URI_SAFE, errors="surrogatepass")
