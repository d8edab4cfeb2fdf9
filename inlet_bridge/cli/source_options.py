"""Make a source of the options of `inlet add`, and ask for what the preset still needs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

from bridge.verification.catalogue import PRESETS, Preset
from bridge.verification.schemes import NoScheme, TokenScheme
from inlet_bridge.cli.questions import Questions, usage_error
from inlet_bridge.cli.recipe_pages import recipe_comments
from inlet_bridge.recipes.recipe import Recipe, recipes
from inlet_bridge.template_editing.destination import Destination, destination
from inlet_bridge.template_editing.document import SourcesFile
from inlet_bridge.template_editing.new_source import DEFAULT_MAP, NewSource, scalar
from inlet_bridge.template_editing.recipe_routes import adapted
from inlet_bridge.template_editing.subscription import WantedSubscription, wanted_subscription
from inlet_bridge.template_reading.errors import ResourceError


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What is to be added.

    Attributes:
        provider: the preset.
        flow: as CONNECTION/FLOW; empty for the only one.
        recipe: None means where there is one.
        subscription: what has the webhook that the bridge registers; empty for none.
        events, credential: of the subscription.
    """

    provider: str
    name: str
    flow: str
    recipe: bool | None
    subscription: str
    events: tuple[str, ...]
    credential: str
    constants: Mapping[str, str]
    token_header: str
    allowed_cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A source, and what the operator should know about it.

    Attributes:
        flows: of its connection, as far as they are known.
    """

    source: NewSource
    flows: tuple[str, ...]
    subscription: WantedSubscription | None
    notes: tuple[str, ...]


def plan_source(
    options: SourceOptions,
    file: SourcesFile,
    questions: Questions,
    deployed: Callable[[], Sequence[str]],
) -> Plan:
    """The source of the options. Raises ResourceError, typer.BadParameter.

    Args: as of `destination`.
    """
    preset = PRESETS[options.provider]
    where = destination(file, options.flow, deployed)
    uses_recipe = _uses_recipe(options, where)
    routes, comments, notes = _routes(options.provider, where, uses_recipe=uses_recipe)
    subscription = None
    if options.subscription:
        events = options.events or _events(options.provider)
        subscription = wanted_subscription(
            options.provider, options.subscription, events, options.credential
        )
    source = NewSource(
        name=options.name,
        provider=options.provider,
        connection=where.reference,
        constants=_constants(options, preset, questions),
        token_header=_token_header(options, preset, questions),
        allowed_cidrs=_allowed_cidrs(options, preset),
        subscription=subscription.properties if subscription else {},
        routes=routes,
        comments=comments,
    )
    return Plan(source, where.flows, subscription, notes)


def _uses_recipe(options: SourceOptions, where: Destination) -> bool:
    has_recipe = options.provider in recipes()
    if options.recipe and not has_recipe:
        raise ResourceError(f"{options.provider} has no recipe; see `inlet recipes`")
    if options.recipe is None:
        return has_recipe and not where.is_raw
    return options.recipe


def _routes(
    provider: str, where: Destination, *, uses_recipe: bool
) -> tuple[str, str, tuple[str, ...]]:
    """YAML of the routes, the comments above the source, and notes for the operator."""
    if not uses_recipe:
        if where.is_raw:
            return f"Routes:\n  - Flow: {scalar(where.flow)}\n", "", ()
        return DEFAULT_MAP.format(flow=scalar(where.flow)), "", ()
    recipe = recipes()[provider]
    flows = where.of_recipe(recipe.schemas)
    found = adapted(recipe.routes, flows)
    if not found.text:
        raise ResourceError(f"the recipe of {provider} has no routes to flow {where.flow}")
    notes = tuple(
        f"The recipe's routes to a flow {flow} are left out: the connection has no such flow."
        for flow in found.omitted
    )
    return found.text, recipe_comments(recipe, flows), (*notes, *_personal_data(recipe))


def _personal_data(recipe: Recipe) -> Iterator[str]:
    """Which persons the messages of a recipe identify, and where their data is removed."""
    if recipe.identities:
        named = ", ".join(f"{name} ({what})" for name, what in recipe.identities.items())
        yield (
            f"Its messages have personal data, and identify persons by {named}. Privacy of the"
            " source drops, masks or hashes fields before anything is stored or sent."
        )


def _events(provider: str) -> tuple[str, ...]:
    recipe = recipes().get(provider)
    return tuple(dict.fromkeys(event.name for event in recipe.events)) if recipe else ()


def _constants(options: SourceOptions, preset: Preset, questions: Questions) -> dict[str, str]:
    for name in options.constants:
        if name not in preset.constants:
            known = ", ".join(preset.constants) or "no constants"
            raise usage_error(f"there is no {name}; {options.provider} has {known}", "--constant")
    return {
        name: options.constants.get(name)
        or questions.ask(f"{name} ({where})", f"--constant {name}=VALUE", _required)
        for name, where in preset.constants.items()
    }


def _token_header(options: SourceOptions, preset: Preset, questions: Questions) -> str:
    scheme = preset.scheme
    if not (isinstance(scheme, TokenScheme) and not scheme.from_):
        if options.token_header:
            raise usage_error(f"the preset {options.provider} names its header", "--token-header")
        return ""
    question = "Header of the token, such as X-Token"
    return options.token_header or questions.ask(question, "--token-header", _required)


def _allowed_cidrs(options: SourceOptions, preset: Preset) -> tuple[str, ...]:
    if isinstance(preset.scheme, NoScheme) and not options.allowed_cidrs:
        raise usage_error(
            f"is required for {options.provider}, whose requests have no signature",
            "--allowed-cidr",
        )
    for cidr in options.allowed_cidrs:
        try:
            ip_network(cidr)
        except ValueError:
            raise usage_error(
                f"{cidr} must be a range such as 192.0.2.0/24, without host bits", "--allowed-cidr"
            ) from None
    return options.allowed_cidrs


def _required(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty")
    return text.strip()
