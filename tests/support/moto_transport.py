"""Moto in the place of connections: what is sent to AWS is answered in process."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from botocore.awsrequest import AWSPreparedRequest, HTTPHeaders
from moto.core.models import botocore_stubber

from bridge.adapters.http.connections import NoAnswerError
from bridge.adapters.http.response import Response

type Failure = NoAnswerError | Response


@dataclass
class MotoConnections:
    """Opens no connection; moto has to be active.

    Attributes:
        failures: raised or answered, one per request, before moto is asked.
        targets: the operations that were asked for.
    """

    failures: list[Failure] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def post(
        self, url: str, headers: Mapping[str, str], content: bytes, _timeout: tuple[float, float]
    ) -> Response:
        self.targets.append(headers["x-amz-target"])
        if self.failures:
            match self.failures.pop(0):
                case Response() as answer:
                    return answer
                case failure:
                    raise failure
        request = AWSPreparedRequest(
            "POST", f"{url}/", HTTPHeaders.from_dict(dict(headers)), content, False
        )
        answered = botocore_stubber.process_request(request)
        assert answered
        status, output, body = answered
        return Response(status, output, body if isinstance(body, bytes) else body.encode())
