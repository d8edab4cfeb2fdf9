"""Read what precedes an error of YAML's parser: texts in quotes and open brackets."""

from contextlib import suppress

import yaml

from inlet_bridge.template_reading.yaml_loader import TemplateLoader


def tokens_before(text: str, position: int) -> tuple[yaml.ScalarToken | None, list[yaml.Token]]:
    """The last text in quotes that begins before a position, and the brackets that are open there.

    Args:
        text: of a file that may not be YAML.
        position: of a character, from 0.
    """
    last = None
    opened: list[yaml.Token] = []
    # The scanner reports the same problem as the parser.
    with suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=TemplateLoader):
            if token.start_mark.index >= position:
                break
            match token:
                case yaml.ScalarToken() if token.style in ("'", '"'):
                    last = token
                case yaml.FlowMappingStartToken() | yaml.FlowSequenceStartToken():
                    opened.append(token)
                case yaml.FlowMappingEndToken() | yaml.FlowSequenceEndToken() if opened:
                    opened.pop()
    return last, opened
