"""Certificates as servers have them: right, expired, of another name, and without what stands above them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

_TODAY = datetime.now(UTC)


class Authority:
    """Somebody whose certificates are trusted, and those that it has signed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._root = self._sign("Example Root", self._key, None, is_authority=True)
        between = ec.generate_private_key(ec.SECP256R1())
        self._between = (self._sign("Example Between", between, self._key, is_authority=True), between)
        self.trusted = folder / "root.pem"
        self.trusted.write_bytes(self._root.public_bytes(serialization.Encoding.PEM))

    def certificate(self, host: str, *, days: int = 30, is_complete: bool = True) -> Path:
        """A key and a certificate for this host, valid for so many days from now, with what stands above it or not."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer, issuer_key = self._between
        own = self._sign(host, key, issuer_key, issuer=issuer, days=days)
        chain = [own, issuer] if is_complete else [own]
        path = self.folder / f"{host}-{days}-{is_complete}.pem"
        no_password = serialization.NoEncryption()
        pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        path.write_bytes(key.private_bytes(pem, form, no_password) + b"".join(one.public_bytes(pem) for one in chain))
        return path

    def _sign(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        by: ec.EllipticCurvePrivateKey | None,
        *,
        issuer: x509.Certificate | None = None,
        days: int = 30,
        is_authority: bool = False,
    ) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        above = issuer or (self._root if by else None)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(above.subject if above else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_TODAY - timedelta(days=60))
            .not_valid_after(_TODAY + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((by or key).public_key()), critical=False)
        )
        if is_authority:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            where = x509.UniformResourceIdentifier("http://issuer.example/between.der")
            way = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, where)
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            builder = builder.add_extension(x509.AuthorityInformationAccess([way]), critical=False)
        return builder.sign(by or key, hashes.SHA256())
