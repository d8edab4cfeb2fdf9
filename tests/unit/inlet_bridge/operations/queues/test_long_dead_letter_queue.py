"""Tests of a dead-letter queue that takes longer to read than letters stay invisible."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from inlet_bridge.cli import dead_letters as commands
from inlet_bridge.cli.main import app
from inlet_bridge.operations.queues import dead_letters
from inlet_bridge.operations.queues.dead_letter_filter import Filter
from inlet_bridge.operations.queues.dead_letters import DeadLetters
from inlet_bridge.operations.queues.letters_before import LettersBefore
from inlet_bridge.operations.service_time import ServiceTime
from tests.support.moto_deployment import received
from tests.support.slow_queue import LETTERS, OTHERS, SlowQueue

if TYPE_CHECKING:
    from inlet_bridge.operations.queues.dead_letter import DeadLetter


@pytest.fixture
def queue() -> SlowQueue:
    return SlowQueue()


@pytest.fixture
def letters(queue: SlowQueue, monkeypatch: pytest.MonkeyPatch) -> DeadLetters:
    records = SimpleNamespace(revive=lambda _: True, close=lambda _: True)
    monkeypatch.setattr(dead_letters, "Records", lambda _: records)
    monkeypatch.setattr(commands, "Deployed", lambda _: deployed_with(queue))
    return DeadLetters(deployed_with(queue))


def deployed_with(queue: SlowQueue) -> Any:
    return SimpleNamespace(
        sqs=queue,
        dead_letters="dead",
        buffer="buffer",
        stack="a",
        events={},
        event_queues=[],
        time=ServiceTime(),
    )


def test_each_letter_is_listed_once_and_visible_again(
    queue: SlowQueue, letters: DeadLetters
) -> None:
    found = letters.letters(Filter())

    assert sorted(each.message_id for each in found) == sorted(queue.texts)
    assert not queue.hidden()


def test_list_has_a_bound(
    queue: SlowQueue, letters: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dead_letters, "MOST_LISTED", 45)

    assert len(letters.letters(Filter())) == 45
    assert queue.receives == 5
    assert not queue.hidden()


def test_each_selected_letter_is_moved_once_and_the_others_stay(
    queue: SlowQueue, letters: DeadLetters
) -> None:
    moved = list(letters.redrive(Filter(source="github"), lambda: None))

    assert len(moved) == len({*queue.sent}) == len(queue.sent) == LETTERS - OTHERS
    assert len(queue.texts) == OTHERS
    assert not queue.hidden()


def test_letter_is_moved_while_it_is_invisible_to_others(
    queue: SlowQueue, letters: DeadLetters
) -> None:
    """At a low rate, the last of a hundred letters would be visible long before its turn."""

    def wait() -> None:
        queue.now += 10

    for letter, _ in letters.redrive(Filter(), wait):
        assert queue.visible_at[letter.message_id] > queue.now


def test_queue_that_gets_letters_all_the_time_is_read_to_an_end(
    queue: SlowQueue, letters: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each moved letter is back at once as a new message, since its cause remains."""
    queue.texts = {name: queue.texts[name] for name in list(queue.texts)[-30:]}
    queue.visible_at = dict.fromkeys(queue.texts, 0)
    monkeypatch.setattr(queue, "send_message", queue.returned)
    before = LettersBefore(letters.letters(Filter()), datetime.now(UTC), all_listed=True)
    returned: list[DeadLetter] = []

    moved = list(letters.redrive(Filter(), lambda: None, before, returned.append))

    assert {letter.message_id for letter, _ in moved} == {
        each.message_id for each in before.letters
    }
    assert len(moved) == len(returned) == 30
    assert len(queue.texts) == 30
    assert not queue.hidden()


def test_letters_that_came_after_the_question_are_not_dropped(
    queue: SlowQueue, letters: DeadLetters
) -> None:
    before = LettersBefore(letters.letters(Filter()), datetime.now(UTC), all_listed=True)
    queue.returned(MessageBody=received("d-new").encode())

    assert len(list(letters.drop(Filter(), before))) == LETTERS
    assert len(queue.texts) == 1


def test_letters_that_cannot_be_moved_do_not_keep_the_command_from_ending(
    queue: SlowQueue, letters: DeadLetters
) -> None:
    queue.texts = dict.fromkeys(queue.texts, "no delivery")

    problems = [problem for _, problem in letters.redrive(Filter(), lambda: None)]

    assert problems == ["cannot be read; drop it"] * LETTERS
    assert not queue.hidden()


def test_more_letters_than_are_listed_are_not_dropped_as_if_they_were_counted(
    queue: SlowQueue, letters: DeadLetters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "DeadLetters", lambda _: letters)
    monkeypatch.setattr(commands, "MOST_LISTED", 45)
    monkeypatch.setattr(dead_letters, "MOST_LISTED", 45)

    result = CliRunner().invoke(app, ["dead-letters", "drop"], input="n\n")

    assert "Delete these 45 dead letters and all others that are selected permanently?" in (
        " ".join(result.output.split())
    )
    assert len(queue.texts) == LETTERS


def test_drop_deletes_the_selected_letters_only(queue: SlowQueue, letters: DeadLetters) -> None:
    assert len(list(letters.drop(Filter(source="stripe")))) == OTHERS
    assert len(queue.texts) == LETTERS - OTHERS
