"""Print, for `deploy/run.sh`, this machine's address in its network and a certificate for it.

Phones give the camera to https alone, so trying the page on a real phone needs a certificate; one
signed by nobody is enough, after the browser's warning.
"""

import ipaddress
import os
import shlex
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

FOLDER = Path(os.environ.get("VERTEX_INSTANCE", "instance")) / "tls"
VALID_DAYS = 90
ELSEWHERE = ("192.0.2.1", 9)  # reserved for documentation: nothing is ever sent there


def lan_address() -> str:
    """The address other machines of this network see, which needs no packet to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


def make_certificate(address: str) -> tuple[Path, Path]:
    """The certificate and its key for this address, made anew if it is another or too old."""
    certificate, key = FOLDER / f"{address}.crt", FOLDER / f"{address}.key"
    if certificate.exists() and key.exists():
        known = x509.load_pem_x509_certificate(certificate.read_bytes())
        if known.not_valid_after_utc > datetime.now(UTC) + timedelta(days=1):
            return certificate, key
    FOLDER.mkdir(parents=True, exist_ok=True)
    secret = ec.generate_private_key(ec.SECP256R1())
    pem = secret.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    key.touch(mode=0o600)
    key.write_bytes(pem)
    certificate.write_bytes(_sign(address, secret).public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _sign(address: str, secret: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Vertex AR on {address}")])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(address))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(secret, hashes.SHA256())
    )


if __name__ == "__main__":
    address = lan_address()
    certificate, key = make_certificate(address)
    for variable, value in (("address", address), ("certificate", certificate), ("key", key)):
        sys.stdout.write(f"{variable}={shlex.quote(str(value))}\n")
