"""The names of the properties of connections, sources and routes."""

from typing import Final

OF_RESOURCES: Final = frozenset(
    {
        *("Adopt", "AllowedCidrs", "AllowedMethods", "Authenticated", "Body", "Charset"),
        *("Connection", "ConnectionId", "Constants", "DataType", "Delivery", "DeliveryId"),
        *("Description", "DuplicateContentSeconds", "EventType", "Flows", "HandshakeSecrets"),
        *("Handshakes", "ItemId", "KeepBodies", "MaxBodyBytes", "Name", "OnDelete", "Otherwise"),
        *("PathTokens", "Privacy", "Provider", "PublicUrl", "Registration", "ReplayProtection"),
        *("Routes", "Scheme", "Secrets", "SentAt", "ServiceTimeout", "ServiceToken"),
        *("SettlingSeconds", "Split", "Subscription", "Unsigned", "Verification"),
    }
)
"""Of a connection or a source."""

OF_ROUTES: Final = frozenset(
    {"Flow", "Identity", "Invalid", "Map", "Primary", "Schema", "Targets", "When"}
)
"""Of an entry of `Routes`."""
