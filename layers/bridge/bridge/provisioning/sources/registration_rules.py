"""Restrict `Registration: pending`, since the request with the first secret is not verified."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from bridge.errors import InvalidPropertyError
from bridge.verification.declaration import Declared
from bridge.verification.registration_secret import uses_shared_secret

_PATH = "Registration"
# Wider than the ranges of any provider: a /8 is 1/256 of all IPv4 addresses.
_WIDEST_IPV4 = 8
_WIDEST_IPV6 = 32
# In total, since many narrow ranges can cover all addresses.
_MOST_WIDEST = 4
# IPv4 addresses as IPv6 writes them (RFC 4291, section 2.5.5.2).
_MAPPED = IPv6Network("::ffff:0:0/96")


def check_access_rules(path_tokens: Sequence[str], allowed_cidrs: Sequence[str]) -> None:
    """Check that access rules restrict who can register a secret.

    Raises:
        InvalidPropertyError: there are none, or the ranges are too wide.
    """
    if path_tokens or (allowed_cidrs and _are_narrow(map(ip_network, allowed_cidrs))):
        return
    raise InvalidPropertyError(
        _PATH,
        "needs PathTokens, or AllowedCidrs of the provider's own: no range larger than "
        f"/{_WIDEST_IPV4} (IPv6: /{_WIDEST_IPV6}), and not more than {_MOST_WIDEST} such ranges "
        "in total; without them, anyone could register a secret",
    )


def check_sender(declared: Declared) -> None:
    """Check that the sender can register a secret and uses it.

    Raises:
        InvalidPropertyError: it cannot or does not.
    """
    if not uses_shared_secret(declared.scheme):
        raise InvalidPropertyError(
            _PATH, "needs a sender with a shared secret, which this one does not use; leave it out"
        )
    if not any(handshake.capture for handshake in declared.handshakes):
        raise InvalidPropertyError(
            _PATH,
            "needs a handshake with Capture, and this sender has none; store its secret yourself",
        )


def _are_narrow(networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    four: list[IPv4Network] = []
    six: list[IPv6Network] = []
    for network in networks:
        if isinstance(network, IPv4Network):
            four.append(network)
        elif network.overlaps(_MAPPED):
            bits = max(network.prefixlen - _MAPPED.prefixlen, 0)
            four.append(IPv4Network((int(network.network_address) & 0xFFFFFFFF, bits)))
        else:
            six.append(network)
    return _are_within(four, 32 - _WIDEST_IPV4) and _are_within(six, 128 - _WIDEST_IPV6)


def _are_within[N: (IPv4Network, IPv6Network)](networks: Sequence[N], bits: int) -> bool:
    """Whether each range has at most so many host bits, and all together a few times that."""
    most = 2**bits
    return (
        all(network.num_addresses <= most for network in networks)
        and sum(network.num_addresses for network in collapse_addresses(networks))
        <= _MOST_WIDEST * most
    )
