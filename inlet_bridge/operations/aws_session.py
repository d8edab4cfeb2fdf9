"""A session with AWS in the account and region of the environment."""

import os
from typing import Any

import boto3
from botocore.session import get_session

from bridge.version import USER_AGENT


def aws_session(region: str = "") -> Any:
    """A session; boto3 has no type for a client whose service is a variable.

    boto3 reads `AWS_DEFAULT_REGION` only; the AWS CLI and the other SDKs read `AWS_REGION`, which
    overrides the region of a profile:
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-region.html

    Args:
        region: overrides that of the environment and the profile.
    """
    session = get_session()
    session.user_agent_extra = USER_AGENT
    chosen = region or os.environ.get("AWS_REGION") or None
    return boto3.Session(botocore_session=session, region_name=chosen)
