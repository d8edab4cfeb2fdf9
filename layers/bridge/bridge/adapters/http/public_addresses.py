"""Determine which IP addresses are public, by IANA's registries.

`ipaddress.is_global` uses the registries at the time of the Python release, and treats all other
addresses as global. This module is stricter: an address is public only if its block is allocated to
hosts and has no special purpose.

https://www.iana.org/assignments/iana-ipv4-special-registry
https://www.iana.org/assignments/iana-ipv6-special-registry
https://www.iana.org/assignments/ipv6-address-space
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# Special purposes, some of them globally reachable; no provider's site uses them.
_SPECIAL_IPV4 = (
    "0.0.0.0/8",  # This network (RFC 791)
    "10.0.0.0/8",  # Private use (RFC 1918)
    "100.64.0.0/10",  # Shared address space (RFC 6598)
    "127.0.0.0/8",  # Loopback (RFC 1122)
    "169.254.0.0/16",  # Link local (RFC 3927), with the metadata services of clouds
    "172.16.0.0/12",  # Private use (RFC 1918)
    "192.0.0.0/24",  # IETF protocol assignments (RFC 6890)
    "192.0.2.0/24",  # Documentation (RFC 5737)
    "192.31.196.0/24",  # AS112-v4 (RFC 7535)
    "192.52.193.0/24",  # AMT (RFC 7450)
    "192.88.99.0/24",  # 6to4 relay anycast, deprecated (RFC 7526)
    "192.168.0.0/16",  # Private use (RFC 1918)
    "192.175.48.0/24",  # Direct delegation AS112 service (RFC 7534)
    "198.18.0.0/15",  # Benchmarking (RFC 2544)
    "198.51.100.0/24",  # Documentation (RFC 5737)
    "203.0.113.0/24",  # Documentation (RFC 5737)
    "224.0.0.0/4",  # Multicast (RFC 5771)
    "240.0.0.0/4",  # Reserved (RFC 1112), with limited broadcast (RFC 919)
)
# The only block of which addresses are allocated to hosts (RFC 4291, 2.4). Outside it lie, among
# others, ::/96 and ::ffff:0:0:0/96, which some systems route to the IPv4 address that they contain,
# IPv4-mapped addresses, 64:ff9b:1::/48, 100::/64, 5f00::/16, fc00::/7, fe80::/10 and ff00::/8.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_SPECIAL_IPV6 = (
    "2001::/23",  # IETF protocol assignments: Teredo, benchmarking, AMT, ORCHID, DRIP (RFC 2928)
    "2001:db8::/32",  # Documentation (RFC 3849)
    "2002::/16",  # 6to4 (RFC 3056): contains an IPv4 address, and is no longer in use
    "2620:4f:8000::/48",  # Direct delegation AS112 service (RFC 7534)
    "3fff::/20",  # Documentation (RFC 9637)
)
# How IPv6-only networks reach IPv4 addresses, which are the last 32 bits (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")

_IPV4 = tuple(IPv4Network(block) for block in _SPECIAL_IPV4)
_IPV6 = tuple(IPv6Network(block) for block in _SPECIAL_IPV6)


def is_public(address: str) -> bool:
    """Whether an address is public; False for an invalid address."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address):
        # A zone is valid only on one link (RFC 4007), with any address.
        if found.scope_id is not None:
            return False
        if found not in _NAT64:
            return found in _GLOBAL_UNICAST and not any(found in block for block in _IPV6)
        found = IPv4Address(found.packed[-4:])
    return not any(found in block for block in _IPV4)
