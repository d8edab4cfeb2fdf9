"""Parse the YAML of a template into nodes."""

from typing import Any, Final

import yaml

_MOST_NESTED: Final = 100
_NOT_SUPPORTED: Final = ("timestamp", "value")
SHORT_FORMS: Final = {
    "Ref": "Ref",
    "Condition": "Condition",
    **{
        name: f"Fn::{name}"
        for name in (
            *("And", "Base64", "Cidr", "Equals", "FindInMap", "GetAtt", "GetAZs"),
            *("GetStackOutput", "If"),
            *("ImportValue", "Join", "Length", "Not", "Or", "Select", "Split", "Sub"),
            *("ToJsonString", "Transform"),
        )
    },
}
"""The full names of CloudFormation's functions, by the tags of their short forms."""


class TemplateLoader(yaml.SafeLoader):
    """YAML in which a date is a text, without aliases."""

    _nested = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Reject an alias and what is nested too deeply."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # The stubs leave it untyped.
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias (*name) is not supported", mark)
        if self._nested >= _MOST_NESTED:
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply", mark)
        self._nested += 1
        node = super().compose_node(parent, index)
        self._nested -= 1
        return node


# PyYAML's resolvers by first character; assigned, since it declares them for instances.
TemplateLoader.yaml_implicit_resolvers = {
    first: [each for each in resolvers if each[0].rpartition(":")[2] not in _NOT_SUPPORTED]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
