"""A web server as they were before 2010: TLS 1.2 that knows nothing of RFC 5746, which today's OpenSSL can't leave out.

One cipher, one curve, one request for each connection; enough of RFC 5246, 5289 and 8422 for a client to be content.
"""

import hashlib
import hmac
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_ALERT, _HANDSHAKE, _CIPHER_CHANGE, _DATA = 21, 22, 20, 23
_VERSION = b"\x03\x03"
_CIPHER = b"\xc0\x2b"  # TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
_RANDOM = bytes(range(32))


class Hangup(Exception):
    """The client has ended the connection, or said why it will not go on."""


@contextmanager
def old_server(certificate: Path, body: bytes) -> Iterator[tuple[int, list[str]]]:
    """Its port, and how each connection has ended: `served`, or `refused` by the client."""
    ends: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _address = listener.accept()
                with connection:
                    try:
                        _Connection(connection, certificate).serve(body)
                        ends.append("served")
                    except (Hangup, OSError):  # also while it is still sent something
                        ends.append("refused")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], ends
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


class _Connection:
    def __init__(self, connection: socket.socket, certificate: Path) -> None:
        pem = certificate.read_bytes()
        self.key = serialization.load_pem_private_key(pem, None)
        self.chain = x509.load_pem_x509_certificates(pem)
        self.connection = connection
        self.transcript = b""

    def serve(self, body: bytes) -> None:
        hello = self._read_handshake()
        client_random = hello[6:38]
        own = ec.generate_private_key(ec.SECP256R1())
        self._send_hello(client_random, own)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), self._read_handshake()[5:])
        shared = own.exchange(ec.ECDH(), theirs)
        self.secret = _prf(shared, b"master secret", client_random + _RANDOM, 48)
        keys = _prf(self.secret, b"key expansion", _RANDOM + client_random, 40)
        self.keys = {"in": (AESGCM(keys[:16]), keys[32:36]), "out": (AESGCM(keys[16:32]), keys[36:40])}
        self._read()  # the change of the cipher
        self.transcript += self._opened(0, _HANDSHAKE, self._read()[1])
        finished = _prf(self.secret, b"server finished", hashlib.sha256(self.transcript).digest(), 12)
        self._send(_CIPHER_CHANGE, b"\x01")
        self._send_sealed(0, _HANDSHAKE, b"\x14\x00\x00\x0c" + finished)
        self._opened(1, _DATA, self._read()[1])
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._send_sealed(1, _DATA, head + body)
        self._send_sealed(2, _ALERT, b"\x01\x00")

    def _send_hello(self, client_random: bytes, own: ec.EllipticCurvePrivateKey) -> None:
        """Without an extension: then it is one that may be made to renegotiate."""
        certificates = b"".join(_sized(one.public_bytes(serialization.Encoding.DER)) for one in self.chain)
        form = serialization.PublicFormat.UncompressedPoint
        point = own.public_key().public_bytes(serialization.Encoding.X962, form)
        parameters = b"\x03\x00\x17" + bytes([len(point)]) + point
        assert isinstance(self.key, ec.EllipticCurvePrivateKey)
        signature = self.key.sign(client_random + _RANDOM + parameters, ec.ECDSA(hashes.SHA256()))
        for kind, message in (
            (2, _VERSION + _RANDOM + b"\x00" + _CIPHER + b"\x00"),
            (11, _sized(certificates)),
            (12, parameters + b"\x04\x03" + struct.pack(">H", len(signature)) + signature),
            (14, b""),
        ):
            whole = bytes([kind]) + _sized(message)
            self.transcript += whole
            self._send(_HANDSHAKE, whole)

    def _read_handshake(self) -> bytes:
        kind, message = self._read()
        if kind != _HANDSHAKE:
            raise Hangup
        self.transcript += message
        return message

    def _read(self) -> tuple[int, bytes]:
        head = self._exactly(5)
        return head[0], self._exactly(int.from_bytes(head[3:]))

    def _exactly(self, number: int) -> bytes:
        read = b""
        while len(read) < number:
            try:
                part = self.connection.recv(number - len(read))
            except OSError as error:
                raise Hangup from error
            if not part:
                raise Hangup
            read += part
        return read

    def _send(self, kind: int, content: bytes) -> None:
        self.connection.sendall(bytes([kind]) + _VERSION + struct.pack(">H", len(content)) + content)

    def _send_sealed(self, number: int, kind: int, content: bytes) -> None:
        cipher, salt = self.keys["out"]
        nonce = number.to_bytes(8)
        self._send(kind, nonce + cipher.encrypt(salt + nonce, content, _labeled(number, kind, len(content))))

    def _opened(self, number: int, kind: int, sealed: bytes) -> bytes:
        cipher, salt = self.keys["in"]
        label = _labeled(number, kind, len(sealed) - 24)  # without the nonce and the tag
        return cipher.decrypt(salt + sealed[:8], sealed[8:], label)


def _labeled(number: int, kind: int, length: int) -> bytes:
    return number.to_bytes(8) + bytes([kind]) + _VERSION + struct.pack(">H", length)


def _sized(content: bytes) -> bytes:
    return len(content).to_bytes(3) + content


def _prf(secret: bytes, label: bytes, seed: bytes, length: int) -> bytes:
    """RFC 5246, 5."""
    seed, part, made = label + seed, label + seed, b""
    while len(made) < length:
        part = hmac.digest(secret, part, "sha256")
        made += hmac.digest(secret, part + seed, "sha256")
    return made[:length]
