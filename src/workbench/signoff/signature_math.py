"""Whether a key made a signature: the arithmetic, by PyPI ``cryptography``, which is imported for this alone."""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from workbench.model.ssh_keys import SK_ECDSA, SK_ED25519, KeyProblem, PublicKey, Wire
from workbench.signoff.ssh_signatures import SshSignature

_CURVES: dict[str, tuple[ec.EllipticCurve, HashAlgorithm, int]] = {
    "ecdsa-sha2-nistp256": (ec.SECP256R1(), SHA256(), 256),
    "ecdsa-sha2-nistp384": (ec.SECP384R1(), SHA384(), 384),
    "ecdsa-sha2-nistp521": (ec.SECP521R1(), SHA512(), 521),
    SK_ECDSA: (ec.SECP256R1(), SHA256(), 256),
}
_RSA: dict[str, HashAlgorithm] = {"rsa-sha2-256": SHA256(), "rsa-sha2-512": SHA512()}


def fits(signature: SshSignature, data: bytes) -> bool:
    """Whether the signature's own key made it over these bytes."""
    message = signature.signed_bytes(data)
    key = signature.key
    if key.in_hardware:
        # PROTOCOL.u2f: the device signs what it was asked for, its flags, its counter and the message.
        counted = bytes([signature.flags]) + signature.counter.to_bytes(4, "big")
        message = hashlib.sha256(key.application).digest() + counted + hashlib.sha256(message).digest()
    try:
        _verify(key, signature, message)
    except (InvalidSignature, UnsupportedAlgorithm, KeyProblem, ValueError):
        return False
    return True


def _verify(key: PublicKey, signature: SshSignature, message: bytes) -> None:
    """Raises where the signature is another one."""
    if key.kind in ("ssh-ed25519", SK_ED25519):
        Ed25519PublicKey.from_public_bytes(key.point).verify(signature.value, message)
    elif key.kind == "ssh-rsa":
        public = rsa.RSAPublicNumbers(*key.numbers).public_key()
        public.verify(signature.value, message, padding.PKCS1v15(), _RSA[signature.algorithm])
    else:
        curve, hashed, bits = _CURVES[key.kind]
        numbers = Wire(signature.value, "the signature")
        pair = encode_dss_signature(numbers.mpint(bits), numbers.mpint(bits))
        numbers.end()
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.point)
        point.verify(pair, message, ec.ECDSA(hashed))
