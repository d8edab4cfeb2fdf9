"""The properties of a source that say where its webhooks go and what they become."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from bridge.provisioning.property_parsing import Name, Properties


def _path(text: str) -> str:
    if not all(text.split(".")):
        raise ValueError("must be a path such as customer.email or items.*.card")
    return text


type Path = Annotated[str, AfterValidator(_path)]


class RouteTargetProperties(Properties):
    """One entry of `Targets`.

    Attributes:
        map: a template: JSON whose texts are JMESPath expressions; None is the body as it is.
        identity: expressions by the codes of their namespaces.
        primary: the namespace that is the primary identity; needed where there are several, since
            CloudFormation keeps no order.
    """

    flow: Name
    map: Any = None
    identity: Mapping[str, str] = {}
    primary: str = ""


class RouteProperties(Properties):
    """One entry of `Routes`.

    Attributes:
        when: a JMESPath condition; the first route whose condition holds is taken.
        flow, map, identity, primary: as in a target, where there is one.
        targets: several flows that a webhook takes at once.
        body_schema: JSON Schema of the body, as an object or as JSON text: CloudFormation makes
            texts of an object's numbers.
        invalid: what becomes of what does not fit a schema.
    """

    when: str = ""
    flow: Name | None = None
    map: Any = None
    identity: Mapping[str, str] = {}
    primary: str = ""
    targets: tuple[RouteTargetProperties, ...] = ()
    body_schema: Annotated[Mapping[str, Any] | str | None, Field(alias="Schema")] = None
    invalid: Literal["dead-letter", "send"] = "dead-letter"


class PrivacyProperties(Properties):
    """What of a body is taken out before it is kept."""

    drop: tuple[Path, ...] = ()
    mask: tuple[Path, ...] = ()
    hash: tuple[Path, ...] = ()
