"""Masks what looks like a secret: by the name of its variable, or by its shape."""
import re

MASKED = "***"

_PARTS = ("SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "CREDENTIAL", "PRIVATE", "COOKIE", "SESSION",
          "APIKEY", "ACCESSKEY", "AUTHKEY", "CONNECTIONSTRING")
_WORDS = {"TOKEN", "AUTH", "OAUTH", "AUTHORIZATION", "BEARER", "PASS", "PWD", "JWT", "PAT", "DSN"}
_WORD = re.compile(r"[A-Z]+[a-z0-9]*|[a-z0-9]+")
_SHAPES = (
    (re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s/:@]*):[^\s/]+@"), r"\1:***@"),
    (re.compile(r"(?i)\b(authorization: *|bearer +)(?:basic +|bearer +)?[\w.~+/=-]{8,}"), r"\1***"),
    (re.compile(r"\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-|sk-|AKIA|ASIA|hf_|eyJ)[\w.-]{14,}"), "***"),
)
# 'password': 'x' and password='x' inside the text of a container or an object
_PAIR = re.compile(r"""(['"]?)([A-Za-z_][\w.-]*)\1(\s*[:=]\s*)(b?'[^']*'|b?"[^"]*"|[^\s,)}\]]+)""")


def is_secret(name):
    words = [word.upper() for word in _WORD.findall(name)]
    if not words:
        return False
    joined = "".join(words)
    return (words[-1] == "KEY" or words[-1].endswith("TOKEN") or not _WORDS.isdisjoint(words)
            or any(part in joined for part in _PARTS))


def mask(text):
    for pattern, instead in _SHAPES:
        text = pattern.sub(instead, text)
    return _PAIR.sub(_pair, text)


def _pair(found):
    if not is_secret(found.group(2)):
        return found.group(0)
    quote = found.group(1)
    return quote + found.group(2) + quote + found.group(3) + MASKED
