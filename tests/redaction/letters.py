"""Makes `airisk_tui/redaction/letters.bits` anew: which four letters follow one another in words (python -m tests.redaction.letters).

It needs `pip install pyspellchecker zxcvbn`: word lists of seven languages (en, de, es, fr, it, nl, pt), and the names of people. The words
of programs come from Python's own library and from what this program depends on.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import json
import re
import sysconfig
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from airisk_tui.redaction.words import EDGE, places

LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")
DEPENDENCIES = (
    *("textual", "rich", "httpx2", "httpcore2", "authlib", "joserfc", "cryptography", "h11", "starlette", "uvicorn"),
    *("keyring", "tomlkit", "jinja2", "anyio", "certifi", "requests", "requests_oauthlib", "oauthlib", "airisk_tui"),
)
NAMES = ("surnames", "female_names", "male_names")
COMMON_SHORT = 3_000
"""How often a word of two or three letters stands in subtitles; rarer ones are mostly no words."""
JARGON = """
id ids api url uri jwt jws jwe jwk sso tls ssl rsa mac dpop otp sms pin idp aud iss sub exp iat nbf azp kid alg enc src csp dns ssh env
get put set add del post ms ip os db ui app arr dev net org com www web log key pk hsts rfc utc gmt ecdh sha md aes gcm cbc max min
req res ref rev ver var val tag tab css cli sdk xss csrf cors aad adfs iis asp ldap saml oidc scim usr pwd txt pdf png svg ico http
https dotnet aspnet aspnetcore kestrel azurewebsites nodejs nextauth nextauthjs userinfo jwks keycloak authentik mitmproxy proxyman
pydantic barcode zipcode passcode navbar dropdown tooltip jquery fontawesome favicon webkit cdn postgresql mysql mongodb redis gitlab github
msgpack backend frontend timestamp hostname subdomain passphrase login logon logout signin signout signup
err ngrok cloudflare fastly akamai okta authelia casdoor zitadel hydra ory cognito entra forgerock gluu nginx openresty tomcat haproxy
traefik caddy varnish envoy istio kong localtunnel cloudfront heroku netlify vercel azure amazonaws elasticloadbalancing zscaler
fortinet fortigate netscaler sonicwall imperva incapsula bigip winhttp wininet schannel openssl gnutls javascript typescript golang
laravel symfony django flask fastapi spring springframework servlet hibernate oauthlib authlib passport omniauth doorkeeper devise
"""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def folder(package: str) -> Path:
    """Where a package is installed."""
    found = importlib.util.find_spec(package)
    return Path(str(found.origin)).parent if found is not None else Path("/nowhere")


def of_languages() -> Iterator[str]:
    """Words of seven languages, names, and those of two or three letters that are common in English."""
    for language in LANGUAGES:
        counts = json.loads(
            gzip.decompress((folder("spellchecker") / "resources" / f"{language}.json.gz").read_bytes())
        )
        yield from (word for word in counts if len(word) > 3)
        if language == "en":
            yield from (word for word, count in counts.items() if len(word) < 4 and count >= COMMON_SHORT)
    names = importlib.import_module("zxcvbn.frequency_lists").FREQUENCY_LISTS
    for name in NAMES:
        yield from names[name]


def of_programs() -> Iterator[str]:
    """Words that stand in more than one file of Python's library and the dependencies."""
    files: Counter[str] = Counter()
    library = Path(sysconfig.get_paths()["stdlib"])
    for path in (
        *library.glob("*.py"),
        *library.glob("[a-s]*/*.py"),
        *(p for d in DEPENDENCIES for p in folder(d).rglob("*.py")),
    ):
        files.update({word.lower() for word in WORD.findall(path.read_text(errors="replace")) if len(word) > 3})
    return (word for word, count in files.items() if count > 1)


def table(words: Iterable[str]) -> bytes:
    """A bit for each four letters."""
    bits = bytearray(-(-((EDGE + 1) ** 4) // 8))  # a bit for each four letters
    for word in words:
        if word.isascii() and word.isalpha():
            for place in places(word.lower()):
                bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


if __name__ == "__main__":
    (folder("airisk_tui") / "redaction" / "letters.bits").write_bytes(
        table((*of_languages(), *of_programs(), *JARGON.split()))
    )
