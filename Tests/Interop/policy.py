"""The configuration that both sides read: the keys of these tests, written as TOML."""
import json

# Low costs: what is tested is that both sides agree, not how long a hash takes.
COSTS = {
    "bcrypt__rounds": 4, "argon2__rounds": 2, "argon2__memory_cost": 256, "argon2__parallelism": 2,
    "pbkdf2_sha512__rounds": 500, "pbkdf2_sha256__rounds": 500, "sha512_crypt__rounds": 1000,
    "sha256_crypt__rounds": 1000,
}
BASE = {
    "SECRET_KEY": "the secret key of the interoperability tests",
    "SQLALCHEMY_TRACK_MODIFICATIONS": False,
    "SECURITY_PASSWORD_SALT": "309812093812093812",
    "SECURITY_PASSWORD_HASH": "bcrypt",
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": COSTS,
    "SECURITY_TOTP_ISSUER": "interop.example.org",
    "SECURITY_TOTP_SECRETS": {"1": "TjQ9Qa31VOrfEzuPy4VHQWPCTmRzCnFzMKLxXYiZu9B"},
    "SECURITY_TWO_FACTOR": True,
    "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["email", "authenticator"],
    "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_TRACKABLE": True,
    "SECURITY_USERNAME_ENABLE": True,
}


def toml(keys):
    """TOML of a flat table of strings, numbers, booleans, lists and inline tables."""
    return "".join(f"{key} = {value(one)}\n" for key, one in keys.items())


def value(one):
    if isinstance(one, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {value(inner)}" for key, inner in one.items()) + " }"
    if isinstance(one, list):
        return "[" + ", ".join(value(inner) for inner in one) + "]"
    return json.dumps(one)
