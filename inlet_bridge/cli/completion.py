"""Complete the names of providers and sources in the shell, without a request to any service."""


def provider_names(incomplete: str) -> list[str]:
    """The presets that begin so."""
    from bridge.verification.catalogue import PRESETS

    return [name for name in sorted(PRESETS) if name.startswith(incomplete)]


def recipe_names(incomplete: str) -> list[str]:
    """The providers with a recipe that begin so."""
    from inlet_bridge.recipes.recipe import recipes

    return [name for name in recipes() if name.startswith(incomplete)]


def source_names(incomplete: str) -> list[str]:
    """The sources of `sources.yaml` that begin so; none if it cannot be read."""
    from inlet_bridge.operations.errors import OperationError
    from inlet_bridge.template_reading.declared_resources import DeclaredResources
    from inlet_bridge.template_reading.default_file import default_file

    try:
        resources = DeclaredResources(default_file()).all(lenient=True)
    except OperationError:
        return []
    names = {each.name for each in resources if each.kind == "source" and each.name}
    return sorted(name for name in names if name.startswith(incomplete))
