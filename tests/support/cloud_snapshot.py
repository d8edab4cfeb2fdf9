"""A cloud as it was set up once, for other tests that begin with the same one.

Setting one up takes about sixty requests to moto and thirty to the emulated Adobe, longer than most
tests. Each test gets a copy of its own.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final, Self

from adobe_emulator.emulator import Adobe
from tests.support.moto_state import MotoState
from tests.support.provisioner_cloud import Cloud

_KEPT: Final = ("url", "lock", "faults")
"""Attributes of the emulated Adobe that its server has references to."""


@dataclass(frozen=True)
class CloudSnapshot:
    """The services, and the answers of the provisioner.

    Attributes:
        resources: physical ids by logical id.
        moto: the services of AWS.
        adobe: that the copy refers to in place of the one that is served.
        state: the attributes of the emulated Adobe.
        responses: to CloudFormation, with their headers.
    """

    resources: dict[str, str]
    moto: MotoState
    adobe: Adobe
    state: dict[str, Any]
    responses: tuple[tuple[dict[str, Any], dict[str, str]], ...]

    @classmethod
    def of(cls, cloud: Cloud, resources: dict[str, str]) -> Self:
        """A copy of the present state."""
        adobe, listener = cloud.adobe, cloud.listener
        of_adobe = {name: value for name, value in vars(adobe).items() if name not in _KEPT}
        responses = zip(listener.answers, listener.headers, strict=True)
        return cls(
            dict(resources),
            MotoState.now(),
            adobe,
            deepcopy(of_adobe, _shared(adobe, adobe)),
            tuple(deepcopy([*responses])),
        )

    def restore(self, cloud: Cloud) -> dict[str, str]:
        """Set up a new cloud like this one; its resources."""
        assert cloud.adobe.url == self.adobe.url
        self.moto.restore()
        vars(cloud.adobe).update(deepcopy(self.state, _shared(self.adobe, cloud.adobe)))
        for answer, headers in deepcopy(self.responses):
            cloud.listener.answers.append(answer)
            cloud.listener.headers.append(headers)
        return dict(self.resources)


def _shared(old: Adobe, new: Adobe) -> dict[int, Any]:
    """What a copy has in the place of each object that is not copied."""
    schemas = {id(each): each for each in old.tenant.schemas.values()}
    return schemas | {id(old): new, id(old.tenant): new.tenant, id(old.behavior): new.behavior}
