"""Evaluate the roles of the templates as IAM does, for given parameters.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import chain
from typing import Any

from tests.support.sam_template import (
    functions,
    resources,
    source_resources,
    sources_template,
    template,
)

REGION, ACCOUNT = "eu-central-1", "123456789012"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
_PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/inlet-bridge-dev/5b1c8a90",
}
_ARNS = {
    "AWS::SQS::Queue": "sqs:{place}:{name}",
    "AWS::S3::Bucket": "s3:::{name}",
    "AWS::DynamoDB::Table": "dynamodb:{place}:table/{name}",
    "AWS::Serverless::Function": "lambda:{place}:function:{name}",
    "AWS::Logs::LogGroup": "logs:{place}:log-group:{name}:*",
    "AWS::Events::Rule": "events:{place}:rule/{name}",
    "AWS::CloudWatch::Alarm": "cloudwatch:{place}:alarm:{name}",
    "AWS::IAM::Role": "iam::{account}:role/{name}",
}
_NOTHING = object()


def arn(name: str) -> str:
    """The ARN of a resource of either template, whose name is its logical ID."""
    pattern = _ARNS[{**resources(), **source_resources()}[name]["Type"]]
    place = f"{REGION}:{ACCOUNT}"
    return "arn:aws:" + pattern.format(place=place, account=ACCOUNT, name=name)


def parameter(name: str) -> str:
    """The ARN of an SSM parameter."""
    return f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}"


@dataclass(frozen=True)
class Deployment:
    """A template with the given parameters and the defaults of the others.

    Attributes:
        document: the template.
        sources: that of the sources; None if nothing is deployed from it.
    """

    given: Mapping[str, str]
    document: Mapping[str, Any] = field(default_factory=template, compare=False)
    sources: "Deployment | None" = None
    known: dict[str, list[dict[str, Any]]] = field(default_factory=dict, compare=False)

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Statements of a role, by its logical ID."""
        if role not in self.known:
            policies = resources()[role]["Properties"]["Policies"]
            documents = (policy["PolicyDocument"]["Statement"] for policy in policies)
            self.known[role] = list(chain(*map(self.resolved, documents)))
            self.known[role] += self._added_statements(role)
            if role == "ForwarderRole" and self.sources:
                self.known[role] += self.sources.event_statements()
        return self.known[role]

    def _added_statements(self, role: str) -> Iterator[dict[str, Any]]:
        """Of the policies that are resources of their own."""
        for resource in resources().values():
            if resource["Type"] != "AWS::IAM::Policy" or not self.is_true(resource["Condition"]):
                continue
            if {"Ref": role} in resource["Properties"]["Roles"]:
                yield from self.resolved(resource["Properties"]["PolicyDocument"]["Statement"])

    def event_statements(self) -> list[dict[str, Any]]:
        """What sources.yaml adds to the role of the forwarder."""
        access = self.document["Resources"]["EventsAccess"]
        if not self.is_true(access["Condition"]):
            return []
        assert access["Properties"]["Roles"] == [
            {"Fn::ImportValue": {"Fn::Sub": "inlet-bridge-${Stage}-ForwarderRole"}}
        ]
        found: list[dict[str, Any]] = self.resolved(
            access["Properties"]["PolicyDocument"]["Statement"]
        )
        return found

    def allows(
        self,
        function: str,
        action: str,
        resource: str = "*",
        context: Mapping[str, str | None] | None = None,
    ) -> bool:
        """Whether the role of a function allows an action.

        Args:
            function: its folder's name.
            action: of IAM.
            resource: its ARN.
            context: values of condition keys; None means no value.
        """
        return any(
            action in _list(statement["Action"])
            and any(fnmatchcase(resource, each) for each in _list(statement["Resource"]))
            and _holds(statement.get("Condition", {}), context or {})
            for statement in self.statements(f"{function.title()}Role")
        )

    def is_true(self, condition: str) -> bool:
        """Whether a condition of the template holds."""
        return bool(self._truth(self.document["Conditions"][condition]))

    def _truth(self, value: Any) -> Any:
        match value:
            case {"Fn::Equals": [one, other]}:
                return str(self.resolved(one)) == str(self.resolved(other))
            case {"Fn::Not": [one]}:
                return not self._truth(one)
            case {"Fn::And": several}:
                return all(map(self._truth, several))
            case {"Condition": str(name)}:
                return self.is_true(name)
        raise ValueError(value)

    def resolved(self, value: Any) -> Any:
        """A part of the template without intrinsic functions."""
        match value:
            case {"Ref": "AWS::NoValue"}:
                return _NOTHING
            case {"Ref": str(name)}:
                return self._named(name)
            case dict() if len(value) == 1 and next(iter(value)).startswith("Fn::"):
                [(function, argument)] = value.items()
                return self._result(function, argument)
            case dict():
                items = ((name, self.resolved(item)) for name, item in value.items())
                return {name: item for name, item in items if item is not _NOTHING}
            case list():
                return [each for item in value if (each := self.resolved(item)) is not _NOTHING]
        return value

    def _result(self, function: str, argument: Any) -> Any:
        match function, argument:
            case "Fn::If", [str(condition), one, other]:
                return self.resolved(one if self.is_true(condition) else other)
            case "Fn::GetAtt", [str(name), "Arn"]:
                return arn(name)
            case "Fn::Sub", [str(text), dict(own)]:
                return self._substituted(text, self.resolved(own))
            case "Fn::Sub", text:
                return self._substituted(text, {})
            case "Fn::Split", [str(separator), text]:
                return str(self.resolved(text)).split(separator)
            case "Fn::Join", [str(separator), parts]:
                return separator.join(self.resolved(parts))
        raise ValueError(function)

    def _named(self, name: str) -> str:
        if name in _PSEUDO:
            return _PSEUDO[name]
        if parameter := self.document["Parameters"].get(name):
            return str(self.given.get(name, parameter.get("Default", "")))
        return name

    def _substituted(self, text: str, own: Mapping[str, str]) -> str:
        def replacement(found: re.Match[str]) -> str:
            name = found[1]
            if name in own:
                return own[name]
            return arn(name.removesuffix(".Arn")) if name.endswith(".Arn") else self._named(name)

        return re.sub(r"\$\{([^}]+)\}", replacement, text)


def deployment(**given: str) -> Deployment:
    """Both stacks; each gets the parameters that it has."""
    assert given.keys() <= {*template()["Parameters"], *sources_template()["Parameters"]}
    return Deployment(given, sources=sources(**given))


def sources(**given: str) -> Deployment:
    """The stack of sources.yaml."""
    own = {"DatasetId": "0" * 24, "SchemaId": "https://ns.adobe.com/a", **given}
    return Deployment(own, sources_template())


def folders() -> list[str]:
    """The folders of the functions."""
    return [properties["CodeUri"].rpartition("/")[2] for properties in functions().values()]


def _list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _holds(conditions: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | None]) -> bool:
    return all(
        _compare(operator, context.get(key), _list(expected))
        for operator, block in conditions.items()
        for key, expected in block.items()
    )


def _compare(operator: str, actual: str | None, expected: list[str]) -> bool:
    if actual is None:
        return operator.endswith("IfExists")
    match operator.removesuffix("IfExists"):
        case "StringEquals" | "ArnEquals":
            return actual in expected
        case "StringLike" | "ArnLike":
            return any(fnmatchcase(actual, each) for each in expected)
    raise ValueError(operator)


DEFAULT = deployment(Stage="dev")
EVERYTHING = deployment(
    Stage="dev",
    KmsKeyArn=KEY,
    EventSourceName="events",
    Tracing="Active",
    AdobeCredentials="/aws/reference/secretsmanager/inlet-bridge/dev/adobe",
)
