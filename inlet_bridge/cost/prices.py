"""AWS's list prices, in US dollars, without free tiers: us-east-1, as of 26 November 2026.

https://aws.amazon.com/lambda/pricing, /api-gateway/pricing, /dynamodb/pricing/on-demand,
/sqs/pricing, /cloudwatch/pricing, /kms/pricing, /s3/pricing, /ec2/pricing/on-demand (data
transfer).
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of the services that the bridge uses, first tier."""

    as_of: str
    region: str
    api_requests: float
    """Per million requests of an HTTP API, each of up to 512 kB."""
    lambda_requests: float
    """Per million."""
    gb_second_arm64: float
    gb_second_x86_64: float
    writes: float
    """Per million write request units of DynamoDB on demand, 1 kB each."""
    reads: float
    """Per million read request units, 4 kB each."""
    table_storage: float
    """Per GB and month in DynamoDB."""
    object_requests: float
    """Per million PUT requests to S3."""
    object_storage: float
    """Per GB and month in S3 Standard."""
    queue_requests: float
    """Per million requests of a standard queue, 64 kB each."""
    logs: float
    """Per GB that is ingested."""
    transfer: float
    """Per GB to the internet."""
    decryptions: float
    """Per million requests to KMS, also with a key of AWS."""
    metric: float
    """Per custom metric and month, prorated by the hours in which it has a value."""
    metric_reads: float
    """Per million metrics of GetMetricData."""
    alarm: float
    """Per metric of an alarm and month."""


PRICES: Final = Prices(
    as_of="2026-11-26",
    region="us-east-1",
    api_requests=1.00,
    lambda_requests=0.20,
    gb_second_arm64=0.0000133334,
    gb_second_x86_64=0.0000166667,
    writes=0.625,
    reads=0.125,
    table_storage=0.25,
    object_requests=5.00,
    object_storage=0.023,
    queue_requests=0.40,
    logs=0.50,
    transfer=0.09,
    decryptions=3.00,
    metric=0.30,
    metric_reads=10.00,
    alarm=0.10,
)
