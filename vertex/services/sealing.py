"""Texts that only this installation can read."""

import base64

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"vertex letters"  # a key of its own, so that no other use of the secret opens them


class BrokenSealError(Exception):
    """The text was sealed with another key, or changed since."""


class Seal:
    """Closes and opens texts with a key that is made from the installation's secret."""

    def __init__(self, secret: str) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, content: bytes) -> str:
        """Return the content as nobody else can read it."""
        return self._fernet.encrypt(content).decode()

    def open(self, sealed: str) -> bytes:
        """Return what was closed, or raise BrokenSealError."""
        try:
            return self._fernet.decrypt(sealed.encode())
        except InvalidToken:
            raise BrokenSealError from None
