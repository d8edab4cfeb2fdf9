"""The names of the parameters of the bridge, which are no properties of a resource."""

from typing import Final

PARAMETERS: Final = frozenset(
    {
        *("AdobeCredentials", "AdobeEventBus", "AdobeImsUrl", "AdobePlatformUrl", "AlarmTopicArn"),
        *("Alarms", "Architecture", "DebugSampleRate", "DomainCertificateArn", "DomainName"),
        *("DomainTruststoreUri", "FormerKmsKeyArn", "ForwarderConcurrency", "HostedZoneId"),
        *("InletHosts", "InletMessagesPerSecond", "KmsKeyArn", "LogRetentionDays"),
        *("ReceiverConcurrency", "ReceiverMemory", "RecordDays", "RequestsPerSecond", "RetryHours"),
        *("SilenceHours", "SnapStart", "Stage", "Tracing"),
    }
)
"""Those of `template.yaml`; a test compares them."""

OF_THE_BRIDGE: Final = (
    "it is a parameter of the bridge: set it with its deployment, for all sources of the stage"
)
