"""Whether a key made a signature: the arithmetic, by PyPI ``cryptography``, which is imported for this alone."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512, HashAlgorithm

from workbench.model.ssh_keys import SK_ECDSA, SK_ED25519, KeyProblem, PublicKey, Wire

_CURVES: dict[str, tuple[ec.EllipticCurve, HashAlgorithm, int]] = {
    "ecdsa-sha2-nistp256": (ec.SECP256R1(), SHA256(), 256),
    "ecdsa-sha2-nistp384": (ec.SECP384R1(), SHA384(), 384),
    "ecdsa-sha2-nistp521": (ec.SECP521R1(), SHA512(), 521),
    SK_ECDSA: (ec.SECP256R1(), SHA256(), 256),
}
_RSA: dict[str, HashAlgorithm] = {"rsa-sha2-256": SHA256(), "rsa-sha2-512": SHA512()}


def fits(key: PublicKey, algorithm: str, value: bytes, message: bytes) -> bool:
    """Whether ``value`` is the key's own signature of this algorithm over these bytes."""
    try:
        _verify(key, algorithm, value, message)
    except (InvalidSignature, UnsupportedAlgorithm, KeyProblem, ValueError):
        return False
    return True


def _verify(key: PublicKey, algorithm: str, value: bytes, message: bytes) -> None:
    """Raises where the signature is another one."""
    if key.kind in ("ssh-ed25519", SK_ED25519):
        Ed25519PublicKey.from_public_bytes(key.point).verify(value, message)
    elif key.kind == "ssh-rsa":
        public = rsa.RSAPublicNumbers(*key.numbers).public_key()
        public.verify(value, message, padding.PKCS1v15(), _RSA[algorithm])
    else:
        curve, hashed, bits = _CURVES[key.kind]
        numbers = Wire(value, "the signature")
        pair = encode_dss_signature(numbers.mpint(bits), numbers.mpint(bits))
        numbers.end()
        point = ec.EllipticCurvePublicKey.from_encoded_point(curve, key.point)
        point.verify(pair, message, ec.ECDSA(hashed))
