"""Accept saved queries and alarms on expressions, which MiniStack rejects in templates.

They exist for CloudFormation alone: a query is not listed, and such an alarm is never evaluated.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-querydefinition.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-alarm.html
"""

import uuid
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

_handlers = provisioners._RESOURCE_HANDLERS
_put_alarm = provisioners._cw_metric_alarm_put


def _create_query(*_: Any) -> tuple[str, dict[str, str]]:
    return _update_query(str(uuid.uuid4()))


def _update_query(physical_id: str, *_: Any) -> tuple[str, dict[str, str]]:
    return physical_id, {"QueryDefinitionId": physical_id}


def _put_any_alarm(name: str, properties: dict[str, Any]) -> Any:
    if not properties.get("Metrics"):
        return _put_alarm(name, properties)
    return name, {"Arn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"}


_handlers["AWS::Logs::QueryDefinition"] = {
    "create": _create_query,
    "update": _update_query,
    "delete": lambda *_: None,
}
provisioners._cw_metric_alarm_put = _put_any_alarm
