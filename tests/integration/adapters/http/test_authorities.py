"""Tests of the certificate authorities: certifi's, whether from its bundle or from the folder."""

import ssl
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.certificate import write_certificate
from bridge.adapters.http.connections import tls_context
from devtools.authorities import BUNDLE, FOLDER, write_authorities

KEY = ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def layer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A layer with certifi, as `sam build` leaves it, on the import path."""
    bundle = tmp_path / "layer" / BUNDLE
    bundle.parent.mkdir(parents=True)
    bundle.write_bytes(Path(certifi.where()).read_bytes())
    bundle.with_name("__init__.py").touch()
    monkeypatch.syspath_prepend(str(bundle.parents[1]))
    monkeypatch.delitem(sys.modules, "certifi")
    return tmp_path / "layer"


def served_by(certificate: bytes, key: bytes, folder: Path) -> ssl.SSLContext:
    """A server with this certificate."""
    path = folder / "server.pem"
    path.write_bytes(certificate + key)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext) -> None:
    """Connect in memory. Raises ssl.SSLCertVerificationError."""
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(back, there, server_hostname="127.0.0.1")
    theirs = server.wrap_bio(there, back, server_side=True)
    for _ in range(3):
        for side in (ours, theirs):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert ours.version()
    assert ours.getpeercert()


def claimed_by(issuer: x509.Name) -> bytes:
    """A certificate that names an issuer which did not sign it."""
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(issuer)
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)


def test_plain_build_reads_the_bundle_of_certifi(layer: Path) -> None:
    """`sam build` without `make build` writes no folder."""
    bundle = ssl.create_default_context(cafile=str(layer / BUNDLE))

    assert tls_context().get_ca_certs() == bundle.get_ca_certs()


def test_folder_is_read_only_as_far_as_needed(layer: Path) -> None:
    write_authorities(layer)

    assert tls_context().get_ca_certs() == []


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_openssl_finds_every_authority_of_certifi_in_the_folder(
    layer: Path, tmp_path: Path
) -> None:
    """Of a server's certificate that names it; the client's context then has that authority."""
    write_authorities(layer)
    key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    roots = x509.load_pem_x509_certificates((layer / BUNDLE).read_bytes())
    client = tls_context()
    for root in roots:
        server = served_by(claimed_by(root.subject), key, tmp_path)
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands(client, server)

    in_bundle = ssl.create_default_context(cafile=str(layer / BUNDLE))
    found = client.get_ca_certs(binary_form=True)
    assert sorted(found) == sorted(in_bundle.get_ca_certs(binary_form=True))
    assert len(found) == len(roots)


@pytest.mark.parametrize("in_folder", [True, False])
def test_server_of_an_authority_is_trusted_and_any_other_is_not(
    layer: Path, tmp_path: Path, *, in_folder: bool
) -> None:
    certificate, key = (path.read_bytes() for path in write_certificate(tmp_path))
    server = served_by(certificate, key, tmp_path)
    if in_folder:
        write_authorities(layer)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(tls_context(), server)

    with (layer / BUNDLE).open("ab") as bundle:
        bundle.write(certificate)
    if in_folder:
        write_authorities(layer)
    shake_hands(tls_context(), server)


def test_two_authorities_of_one_name_are_both_found(layer: Path, tmp_path: Path) -> None:
    """The folder numbers them."""
    pairs = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        pairs.append([path.read_bytes() for path in write_certificate(tmp_path / name)])
    (layer / BUNDLE).write_bytes(pairs[0][0] + pairs[1][0])
    write_authorities(layer)

    assert len({path.stem for path in (layer / FOLDER).iterdir()}) == 1
    for certificate, key in pairs:
        shake_hands(tls_context(), served_by(certificate, key, tmp_path))
