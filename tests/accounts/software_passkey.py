"""A passkey made of software, for tests that need an answer which is really signed."""

import json
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from library.models import User

ORIGIN = "http://testserver"
_SEEN_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


class SoftwarePasskey:
    """The passkey of one curator. `Authenticator` has it from the start, as if it had been added on the page.

    It is made of the curator's name: of the same one it is the same passkey, in another database, too.
    """

    def __init__(self, user: User) -> None:
        self.user = user
        number = sha256(f"the passkey of {user.username}".encode()).digest()
        self._id = number[:16]
        self._key = ec.derive_private_key(int.from_bytes(number, "big"), ec.SECP256R1())
        public = ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self._id, public)
        flags = _SEEN_AND_VERIFIED | AuthenticatorData.FLAG.AT
        data = AuthenticatorData.create(sha256(b"testserver").digest(), flags, 0, credential)
        client = json.dumps({"type": "webauthn.create", "challenge": "AAAA", "origin": ORIGIN}).encode()
        response = {
            "clientDataJSON": _text(client),
            "attestationObject": _text(bytes(AttestationObject.create("none", data, {}))),
        }
        registered = self._shaped(response) | {"clientExtensionResults": {"credProps": {"rk": True}}}
        self._row, _is_new = Authenticator.objects.get_or_create(
            user=user, type="webauthn", defaults={"data": {"name": "Mine", "credential": registered}}
        )

    def remove(self) -> None:
        self._row.delete()

    def answer(self, options: dict[str, Any]) -> str:
        """What a browser sends for these request options."""
        data = bytes(AuthenticatorData.create(sha256(b"testserver").digest(), _SEEN_AND_VERIFIED, 0))
        challenge = options["publicKey"]["challenge"]
        client = json.dumps({"type": "webauthn.get", "challenge": challenge, "origin": ORIGIN}).encode()
        signature = self._key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": _text(client),
            "authenticatorData": _text(data),
            "signature": _text(signature),
            "userHandle": _text(user_pk_to_url_str(self.user).encode()),
        }
        return json.dumps(self._shaped(response))

    def _shaped(self, response: dict[str, str]) -> dict[str, Any]:
        name = _text(self._id)
        return {"type": "public-key", "id": name, "rawId": name, "clientExtensionResults": {}, "response": response}
