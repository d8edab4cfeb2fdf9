"""A queue that takes longer to read than its messages stay invisible."""

from typing import Any

from tests.support.moto_deployment import received

LETTERS = 1_000
OTHERS = 400
SECONDS_PER_RECEIVE = 10


class SlowQueue:
    """A queue whose requests to receive take long; each returns what is visible for the longest."""

    def __init__(self) -> None:
        self.now = 0
        self.sent: list[str] = []
        self.texts = {
            f"m-{number}": received(
                f"d-{number}", source="stripe" if number < OTHERS else "github"
            ).encode()
            for number in range(LETTERS)
        }
        self.visible_at = dict.fromkeys(self.texts, 0)
        self.receives = 0

    def receive_message(self, *, VisibilityTimeout: int, **_: Any) -> dict[str, Any]:  # noqa: N803
        self.receives += 1
        assert self.receives < 5 * LETTERS, "the queue is read forever"
        self.now += SECONDS_PER_RECEIVE
        visible = [each for each in self.texts if self.visible_at[each] <= self.now]
        found = sorted(visible, key=lambda each: self.visible_at[each])[:10]
        self.visible_at |= dict.fromkeys(found, self.now + VisibilityTimeout)
        return {
            "Messages": [
                {
                    "MessageId": each,
                    "ReceiptHandle": each,
                    "Body": self.texts[each],
                    "Attributes": {"SentTimestamp": "1764000000000"},
                }
                for each in found
            ]
        }

    def hidden(self) -> list[str]:
        """The messages that nobody can receive now."""
        return [each for each in self.texts if self.visible_at[each] > self.now]

    def change_message_visibility_batch(self, *, Entries: Any, **_: Any) -> None:  # noqa: N803
        self.visible_at |= {each["ReceiptHandle"]: self.now for each in Entries}

    def send_message(self, *, MessageBody: str, **_: Any) -> None:  # noqa: N803
        self.sent.append(MessageBody)

    def returned(self, *, MessageBody: str, **_: Any) -> None:  # noqa: N803
        """Let a message be back at once, under another ID."""
        self.sent.append(MessageBody)
        name = f"returned-{len(self.sent)}"
        self.texts[name], self.visible_at[name] = MessageBody, self.now

    def delete_message(self, *, ReceiptHandle: str, **_: Any) -> None:  # noqa: N803
        del self.texts[ReceiptHandle]
