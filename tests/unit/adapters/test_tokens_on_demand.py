"""Tokens that nobody may ever ask for."""

from bridge.adapters.tokens_on_demand import TokensOnDemand
from tests.fakes import FakeTokens


def test_tokens_are_set_up_once_and_not_before_the_first_is_asked_for() -> None:
    made: list[FakeTokens] = []

    def make() -> FakeTokens:
        made.append(FakeTokens())
        return made[-1]

    tokens = TokensOnDemand(make)
    assert made == []

    assert tokens.current() == "token-1"
    assert tokens.renew("token-1") == "token-2"
    assert tokens.current() == "token-2"
    assert len(made) == 1
