"""Moto behind a pool of connections: what is sent to AWS is answered in process."""

from dataclasses import dataclass, field
from typing import Any

import urllib3
from botocore.awsrequest import AWSPreparedRequest
from moto.core.models import botocore_stubber

type Failure = urllib3.exceptions.HTTPError | urllib3.HTTPResponse


@dataclass
class MotoPool:
    """A pool that opens no connection; moto has to be active.

    Attributes:
        failures: raised or answered, one per request, before moto is asked.
        targets: the operations that were asked for.
    """

    failures: list[Failure] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)

    def request(self, method: str, url: str, **options: Any) -> urllib3.HTTPResponse:
        self.targets.append(options["headers"]["x-amz-target"])
        if self.failures:
            match self.failures.pop(0):
                case urllib3.HTTPResponse() as answer:
                    return answer
                case failure:
                    raise failure
        request = AWSPreparedRequest(method, f"{url}/", options["headers"], options["body"], False)
        answered = botocore_stubber.process_request(request)
        assert answered
        status, headers, body = answered
        return urllib3.HTTPResponse(body, headers, status)
