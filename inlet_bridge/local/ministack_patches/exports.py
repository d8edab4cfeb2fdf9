"""Keep exports of a stack that another stack imports.

CloudFormation refuses an update that changes or removes an export that another stack imports.
MiniStack refuses only the deletion of the exporting stack.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
"""

from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers, stacks

_outputs = stacks._resolve_stack_outputs  # has the fault


def _outputs_unless_exports_change(*given: Any) -> Any:
    """The outputs and exports of a stack; an export that is imported stays as it is."""
    outputs, exports = _outputs(*given)
    *_, stack_id = given
    for name, export in cloudformation._exports.items():
        if export["StackId"] != stack_id or exports.get(name, {}).get("Value") == export["Value"]:
            continue
        for stack, other in cloudformation._stacks.items():
            imported = handlers._imported_export_names(other, stack)
            if other["StackStatus"] != "DELETE_COMPLETE" and name in imported:
                change = "updated" if name in exports else "deleted"
                raise ValueError(f"Export {name} cannot be {change} as it is in use by {stack}")
    return outputs, exports


stacks._resolve_stack_outputs = _outputs_unless_exports_change
