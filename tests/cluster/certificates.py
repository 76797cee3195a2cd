"""A certificate that speaks for scheduler, workers and client alike, made for one test."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

__all__ = ["make_certificate"]


def make_certificate(folder: Path) -> dict[str, str]:
    """Write certificate and key; the paths by the names that Dask's `Security` has for them."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir(parents=True)
    key: Any = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cluster")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    roles = ("scheduler", "worker", "client")
    return {
        "tls_ca_file": str(folder / "cert.pem"),
        **{f"tls_{role}_cert": str(folder / "cert.pem") for role in roles},
        **{f"tls_{role}_key": str(folder / "key.pem") for role in roles},
    }
