"""Evaluate policies as IAM does.

MiniStack reads the parameter of an SSM request from its field `Name` only. For
GetParameters, DeleteParameters (`Names`) and GetParametersByPath (`Path`) it evaluates
policies for the resource `*`, so it denies minimal policies that AWS accepts. Here each parameter
of a request is checked, as in AWS. MiniStack also lacks the condition key `ssm:Overwrite`, which
the receiver needs to store a captured secret.

IAM has no actions for the batch operations of SQS and SNS: who may call SendMessage may call
SendMessageBatch. MiniStack asks for the operation's own name, which no policy can allow on AWS.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
"""

import json
from typing import Any

from ministack.core import iam_actions, iam_evaluator

# Operations without an action of their own, and the action that allows each.
_ALLOWED_BY = {
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sns:PublishBatch": "sns:Publish",
}

_extract_iam_action = iam_actions.extract_iam_action
_extract_resource_arn = iam_actions.extract_resource_arn
_request_tag_context = iam_actions.request_tag_context
_enforce = iam_evaluator.enforce


def _iam_action(*request: Any) -> str | None:
    """The action that IAM evaluates for a request."""
    action: str | None = _extract_iam_action(*request)
    return _ALLOWED_BY.get(action, action) if action else action


def _resource_arns(service: str, *request: Any) -> str:
    """The resources of a request, one per line; MiniStack passes one string to `enforce`."""
    *_, body, _query, region, account = request
    names = _parameter_names(body) if service == "ssm" else []
    if names:
        return "\n".join(f"arn:aws:ssm:{region}:{account}:parameter{name}" for name in names)
    return str(_extract_resource_arn(service, *request))


def _request(body: bytes) -> dict[str, Any]:
    try:
        request = json.loads(body or b"{}")
    except ValueError:
        return {}
    return request if isinstance(request, dict) else {}


def _parameter_names(body: bytes) -> list[str]:
    request = _request(body)
    return [*request.get("Names", []), *([request["Path"]] if "Path" in request else [])]


def _request_context(service: str, action: str, body: bytes, *args: Any) -> dict[str, Any]:
    """The values of condition keys, including `ssm:Overwrite` if the request has it."""
    context = dict(_request_tag_context(service, action, body, *args))
    if action == "ssm:PutParameter":
        overwrite = _request(body).get("Overwrite")
        context["ssm:Overwrite"] = None if overwrite is None else str(overwrite).lower()
    return context


def _enforce_each(*args: Any, resource_arn: str = "*", **options: Any) -> Any:
    """Allow a request if each of its resources is allowed."""
    for arn in resource_arn.split("\n"):
        if denied := _enforce(*args, resource_arn=arn, **options):
            return denied
    return None


iam_actions.extract_iam_action = _iam_action
iam_actions.extract_resource_arn = _resource_arns
iam_actions.request_tag_context = _request_context
iam_evaluator.enforce = _enforce_each
