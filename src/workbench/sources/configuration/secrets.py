"""Which parameters hold a secret: by what people call them, and by what they look like.

In doubt a value counts as secret: that costs a look at the file, the opposite costs the secret.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from enum import Enum
from functools import lru_cache

from workbench.model.tokens import holds_token
from workbench.sources.redact import without_secrets


class Name(Enum):
    """What a name says about its value."""

    SECRET = "secret"
    HARMLESS = "harmless"
    """It is about a secret, and none itself: how long a token lives, in which file a password lies."""
    RANDOM = "random"
    """It may well look random, as a digest does."""
    MODE = "mode"
    """It may be a secret, or say which way of authentication is used."""
    KEY = "key"
    """It may be a key of some kind: the value tells."""
    OTHER = "other"


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_SECRET = frozenset(
    {
        "password", "passwords", "passwd", "passphrase", "pwd", "secret", "secrets", "token", "tokens", "credential",
        "credentials", "apikey", "apikeys", "passwort", "kennwort", "authtoken", "accesskey", "secretkey", "privatekey",
        "clientsecret", "connectionstring", "sessionid", "htpasswd", "keystorepass", "dbpass", "jwt", "bearer", "otp",
        "mnemonic", "authorization", "userpass", "pswd", "psw", "dbpassword", "dbpwd", "rootpassword", "masterauth",
    }
)  # fmt: skip
_SECRET_AT_THE_END = frozenset(
    {"pass", "salt", "pepper", "pin", "cookie", "dsn", "hmac", "signature", "pw", "cred", "creds"}
)
# Written as one word: requirepass, pgpassword, jwtsecret; but compass, bypass.
_ENDS_SECRET = re.compile(
    r"(?:password|passwd|passwort|passphrase|secret|token|apikey|(?<!com)(?<!by)(?<!over)(?<!under)(?<!tres)(?<!sur)pass)$"
)
_BEFORE_KEY = frozenset(
    {
        "api", "access", "secret", "private", "signing", "encryption", "master", "account", "shared", "storage",
        "license", "licence", "ssh", "gpg", "pgp", "hmac", "aes", "rsa", "session", "cookie", "auth", "client",
        "deploy", "webhook", "app", "application", "crypto", "cipher", "server", "admin", "root", "maps", "write",
        "read", "ingest", "instrumentation", "tls", "ssl", "host", "subscription", "function", "vapid", "consumer",
        "stripe", "openai", "anthropic", "sendgrid", "mailgun", "twilio", "google", "aws", "azure", "datadog", "dd",
        "relic", "algolia", "firebase", "github", "gitlab", "slack", "paypal", "adyen",
    }
)  # fmt: skip
# What is said about a secret, and is none.
_ABOUT = frozenset(
    {
        "ttl", "timeout", "length", "len", "min", "max", "expiry", "expires", "expiration", "expire", "expired",
        "seconds", "minutes", "hours", "days", "ms", "url", "uri", "endpoint", "host", "name", "names", "ref", "refs",
        "path", "file", "filename", "dir", "directory", "policy", "enabled", "enable", "disabled", "required", "type",
        "algorithm", "issuer", "audience", "count", "rounds", "rotation", "lifetime", "age", "size", "format",
        "encoder", "provider", "store", "backend", "manager", "engine", "mode", "header", "prefix", "version", "class",
        "namespace", "arn", "interval", "attempts", "limit", "scope", "scopes", "field", "validator", "validators",
        "strength", "username", "user", "kind", "region", "optional", "driver", "mount", "source", "external",
        "strategy", "claim", "requests", "bucket", "budget", "per", "service", "account", "location", "cron",
        "schedule",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {"secrets", "secret", "credentials", "credential", "passwords", "password", "tokens", "apikeys"}
)
_MODES = frozenset(
    {
        "basic",
        "oidc",
        "ldap",
        "saml",
        "oauth",
        "oauth2",
        "none",
        "jwt",
        "digest",
        "kerberos",
        "required",
        "optional",
        "mtls",
    }
)
# What rules a secret in a block of its own: password: {min_length: 12}
_RULE = re.compile(r"(?i)(?:length|ttl|timeout|enabled|expir\w*|rotation|policy|lifetime|max_?age|rounds)$")
_LOOKS_RANDOM = frozenset(
    {
        "digest", "sha", "sha1", "sha256", "sha512", "md5", "checksum", "commit", "revision", "etag", "fingerprint",
        "id", "ids", "uuid", "guid", "image", "tag", "version", "hash", "integrity", "ref", "build", "thumbprint", "arn",
    }
)  # fmt: skip
_REFERENCE = re.compile(
    r"\$\{[A-Za-z_][\w.]*\}|\$[A-Za-z_]\w*|\$\([\w.-]+\)|\{\{[^{}\n]*\}\}|<[\w -]{1,60}>|%\([\w.]+\)s|@[\w.-]+@"
    r"|(?:vault|op|ref\+[a-z]+|ssm|gcpsm|awssm|keyvault|doppler|bws)://?\S+|arn:aws[\w-]*:(?:secretsmanager|ssm):\S+"
    r"|!(?:Ref|ENV|GetAtt|env|ImportValue) .*"
)
_PLAIN = frozenset({"", "true", "false", "null", "{}", "[]", "none", "None", "changeme", "(empty)"})
_CONNECTION = re.compile(
    r"(?i)(?:accountkey|sharedaccesskey|sharedaccesssignature|password|pwd)\s*=\s*[^;\s]+"
)
_HASHED = re.compile(r"(?:^|:)\$(?:2[abxy]|1|apr1|5|6|argon2(?:id?|d)|pbkdf2[\w-]*|y)\$|\{S?SHA\d*\}")
# app:password@tcp(db:3306)/shop, app/password@//db:1521/shop
_USER_AND_HOST = re.compile(r"[\w.-]+:[^\s@/]{2,}@[\w.(-]|[\w.-]+/[^\s@/]+@(?://|\()")
# A name and its value, in a command, a list or an address: --password x, [--requirepass, x], pw=x, ?key=x
_NAMED = re.compile(
    r"(?:^|(?P<before>[\s\[({,;'\"?&]))(?:--?(?P<option>[A-Za-z][\w.-]*)['\"]?(?:=|,?\s+|,)|(?P<name>[A-Za-z][\w.-]*)=)"
    r"['\"]?(?=[^\s,;&'\"\])}$<{-])"
)
# Options of one letter whose value is a password.
_SHORT = re.compile(
    r"\b(?:mysql(?:dump|admin|import|check|show|slap)?|mariadb(?:-\w+)?)\b[^\r\n|;]{0,300}?[\s,]-p(?=[^\s,\]$])"
    r"|\bsshpass\b[\s,]+-p[\s,]*(?=[^\s,\]$])|\bredis-cli\b[^\r\n|;]{0,300}?[\s,]-a[\s,]+(?=[^\s,\]$-])"
    r"|\bopenssl\b[^\r\n|;]{0,300}?[\s,]-(?:k|K|pass\w*[\s,]+pass:)[\s,]*(?=[^\s,\]$-])"
    r"|\b(?:sqlcmd|login|mongo\w*|htpasswd|ldap\w+)\b[^\r\n|;]{0,300}?[\s,]-[uU][\s,]+[^\s,]+[\s,]+-[pPwW][\s,]+(?=[^\s,\]$-])"
)
_BASIC = re.compile(r"(?i)\bbasic\s+[A-Za-z0-9+/]{8,}={0,2}")
_WEB_HOOK = re.compile(
    r"hooks\.slack\.com/services/\w|discord(?:app)?\.com/api/webhooks/\d|webhook\.office\.com/\w"
)
_RANDOM = re.compile(r"[A-Za-z0-9+/_=-]{20,200}")
_BITS = 3.2  # of a character: what is random in hexadecimal has nearly 4, a word has under 3
# A user and a password; in a password that is not encoded anything may stand, but what follows a port.
_USER = re.compile(
    r"[A-Za-z][A-Za-z0-9+.-]*://(?:(?P<user>[^/\s\"@<>?#]*)|(?P<odd>[^/\s:@]*:(?!\d+(?:/|\Z))\S*))@(?=[^@\s]*(?:\s|\Z))"
)
_NOT_GIVEN = re.compile(r"(?:[A-Za-z0-9_.-]*|\$\{\w+\}|\$\w+):(?:\$\{\w+\}|\$\w+|\$\(\w+\))?|\$\{\w+\}|\$\w+")


@lru_cache(maxsize=20_000)
def about_name(name: str) -> Name:
    """What the name of a parameter says: ``DB_PASSWORD``, ``apiKey``, ``TOKEN_TTL``, ``imageDigest``."""
    words = [word.lower() for word in _WORD.findall(name)]
    while words and words[-1].isdigit():
        words.pop()
    if not words:
        return Name.OTHER
    last = words[-1]
    together = {one + other for one, other in itertools.pairwise(words)}
    if (
        not _SECRET.isdisjoint(words)
        or not _SECRET.isdisjoint(together)
        or any(len(word) > 5 and _ENDS_SECRET.search(word) for word in words)
    ):
        return Name.HARMLESS if last in _ABOUT else Name.SECRET
    if last in ("key", "keys"):
        return Name.SECRET if len(words) > 1 and words[-2] in _BEFORE_KEY else Name.KEY
    if last == "auth":
        return Name.MODE
    if last in _SECRET_AT_THE_END:
        return Name.SECRET
    return Name.RANDOM if not _LOOKS_RANDOM.isdisjoint(words) else Name.OTHER


def holds_secrets(name: str) -> bool:
    """Whether a block of this name is a block of secrets, so that all that stands in it is one."""
    words = _WORD.findall(name)
    return bool(words) and words[-1].lower() in _BLOCKS and about_name(name) is Name.SECRET


def is_secret(name: str, text: str, *, within: bool = False) -> bool:
    """Whether the value of a parameter is a secret.  ``within`` says that it stands in a block of secrets."""
    if text in _PLAIN or _REFERENCE.fullmatch(text):
        return False
    told = about_name(name)
    if told is Name.SECRET or (told is Name.MODE and text.lower() not in _MODES):
        return True
    if within:
        return not (told is Name.HARMLESS or _RULE.search(name))
    return looks_secret(text, told)


def looks_secret(text: str, told: Name = Name.OTHER) -> bool:
    """Whether a value looks like a secret, whatever it is called."""
    if _names_secret(text):
        return True
    if len(text) < 12:
        return False
    if told is Name.KEY and len(text) >= 16 and " " not in text and _varied(text):
        return True
    if told is not Name.RANDOM and _RANDOM.fullmatch(text) and is_random(text):
        return True
    if not _may_hold_secret(text):
        return False
    return bool(
        holds_token(text)
        or _CONNECTION.search(text)
        or _HASHED.search(text)
        or (_USER_AND_HOST.match(text) and "@sha256:" not in text)
        or _BASIC.search(text)
        or _WEB_HOOK.search(text)
        or _SHORT.search(text)
        or without_secrets(_without_references(text).encode("utf-8", "replace"))[1]
    )


def _names_secret(text: str) -> bool:
    """Whether a secret follows its name within the text: in a command, a list, the query of an address."""
    if "=" not in text and "-" not in text:
        return False
    for found in _NAMED.finditer(text):
        name = found["option"] or found["name"]
        if about_name(name) is Name.SECRET or (name == "key" and found["before"] in ("?", "&")):
            return True
    return False


# In small letters: without one of these a text holds nothing by which a secret could be told.
_HINTS = (
    "@", "token", "key", "pass", "pwd", "secret", "sig", "auth", "bearer", "basic ", "-----", "cookie", "curl", "wget",
    "kennwort", "credential", "eyj", "akia", "asia", "xox", "sk-", "sk_", "gh", "glpat", "npm_", "sq", "hook", "$", "{s",
    "mysql", "mariadb", "redis-cli", "openssl", "login", "mongo", "ldap", "sqlcmd",
)  # fmt: skip


def _may_hold_secret(text: str) -> bool:
    """A quick look: most values hold nothing by which a secret could be told."""
    small = text.lower()
    return any(hint in small for hint in _HINTS)


def _without_references(text: str) -> str:
    """Names of variables are no secrets, also where a password would stand."""
    return (
        re.sub(r"\$\{\w+\}|\$\(\w+\)|\$\w+|\{\{[^{}\n]*\}\}", "", text)
        if "$" in text or "{{" in text
        else text
    )


def _varied(text: str) -> bool:
    return any(character.isdigit() for character in text) and any(character.isalpha() for character in text)


def is_random(text: str) -> bool:
    """Whether a text looks like drawn by chance: Shannon's entropy of its characters, and no words in it."""
    if not _varied(text) or len(text) < 20:
        return False
    if _words_in(text) > 0.5:
        return False
    counts = Counter(text).values()
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts)
    return bits >= _BITS


def _words_in(text: str) -> float:
    """The share of a text that is words of small letters between marks, as in ``orders-eu-central-1``."""
    parts = re.split(r"[-_/+=.]", text)
    if len(parts) < 2:
        return 0.0
    readable = sum(len(part) for part in parts if re.fullmatch(r"[A-Za-z]{2,14}|[0-9]{1,4}", part))
    return readable / len(text)


def credentials(text: str) -> tuple[str, str] | None:
    """An address without its user and password, and these; ``None`` where it has none, or only names of variables."""
    found = _USER.search(text)
    if found is None:
        return None
    part = "user" if found["user"] is not None else "odd"
    if not found[part] or _NOT_GIVEN.fullmatch(found[part]):
        return None
    return text[: found.start(part)] + text[found.end() :], found[part]
