"""The requests of a run as a Python program that needs only the standard library (see `snippets.requests`)."""

from __future__ import annotations

from collections.abc import Sequence

from airisk_tui.flow.events import AnyEvent
from airisk_tui.recording.snippets.requests import CHALLENGE, CODE, COOKIES, VERIFIER, Place, Request, prepared, split

PROGRAM = '''"""The requests of a recorded run, sent again."""
# {set_before}
{hashes}import gzip
import json
{secrets}from http.client import HTTPConnection, HTTPException, HTTPSConnection
from os import environ
from urllib.parse import parse_qs, quote, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

known = dict(environ)


def value(name):
    if not known.get(name):
        raise SystemExit(name + " is not set.")
    return known[name]


def connected(address, proxy):
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    if not proxy:
        return kind(address.hostname, address.port, timeout=30)
    connection = kind(proxy.hostname, proxy.port, timeout=30)
    if address.scheme == "https":
        connection.set_tunnel(address.hostname, address.port)
    return connection


def send(method, url, headers, body):
    """The headers in this order, and only they, but for Host and Content-Length; no redirect is followed."""
    names = [name.lower() for name, _ in headers]
    try:
        address = urlsplit(url)
        if address.scheme not in ("http", "https"):
            raise ValueError("the address is neither http nor https")
        proxy = getproxies().get(address.scheme)
        proxy = urlsplit(proxy) if proxy and not proxy_bypass(address.hostname or "") else None
        target = (address.path or "/") + ("?" + address.query if address.query else "")
        connection = connected(address, proxy)
        connection.putrequest(method, url if proxy and address.scheme == "http" else target, True, True)
        if "host" not in names:
            connection.putheader("Host", address.netloc.rpartition("@")[2])
        for name, text in headers:
            connection.putheader(name, text.encode("utf-8", "surrogateescape"))
        if (body or method not in ("GET", "HEAD")) and "content-length" not in names:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        text = answer.read()
        packed = answer.getheader("Content-Encoding") == "gzip"
        text = (gzip.decompress(text) if packed else text).decode("utf-8", "replace")
    except (OSError, ValueError, HTTPException) as error:
        raise SystemExit("No answer came: " + ascii(str(error)))
    print(answer.status, ascii(text))
    return answer.headers, text


def parameter(address, name):
    return parse_qs(urlsplit(address).query).get(unquote(name), [""])[0]


def cookies(headers):
    return "; ".join(each.partition(";")[0].strip() for each in headers.get_all("Set-Cookie") or [])


def member(text, path):
    try:
        found = json.loads(text)
        for name in path.split("."):
            found = found[name]
    except (ValueError, LookupError, TypeError):
        return ""
    return found if isinstance(found, str) else ""


for name in {unset}:
    value(name)
'''
"""By http.client, because urllib.request follows redirects, adds headers of its own and writes all names in its own capitals. What a
server wrote is printed as ASCII, so that it cannot move the cursor (threats.md S1)."""

PROOF = f'''# A verifier and its challenge (RFC 7636 §4); a code that is already there needs the verifier that belongs to it.
if not known.get("{VERIFIER}"):
    known["{VERIFIER}"] = secrets.token_urlsafe(48)
digest = hashlib.sha256(known["{VERIFIER}"].encode()).digest()
known["{CHALLENGE}"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")'''

_WRITTEN: dict[Place, str] = {
    "query": 'quote(value("{0}"), safe="")',
    "json": 'json.dumps(value("{0}"))[1:-1]',
    "plain": 'value("{0}")',
}


def as_python(events: Sequence[AnyEvent]) -> str:
    """A Python program that repeats our requests, and passes the code and the token on."""
    names, requests, unset, comment = prepared(events)
    proves = any(request.proves for request in requests)
    hashes, secrets = ("import base64\nimport hashlib\n", "import secrets\n") if proves else ("", "")
    program = PROGRAM.replace("{hashes}", hashes).replace("{secrets}", secrets).replace("{unset}", repr(unset))
    program = program.replace("{set_before}", "\n# ".join(comment))
    return "\n".join([program, *(_step(request, names) for request in requests)])


def _step(request: Request, names: dict[str, str]) -> str:
    name = f"{request.name!a}"
    lines = [f"# {request.note}", *([PROOF] if request.proves else [])]
    if request.brings == "person":
        lines += _asking_the_person(request, name, names)
    else:
        lines.append(_sent(request, names))
    if request.brings == "code":
        lines.append(f'known["{CODE}"] = parameter(headers.get("Location") or "", {name})')
        lines.append(f'if not known["{CODE}"]:')
        lines.append('    raise SystemExit("No code came: the answer redirects to no address with one.")')
        if request.cookies:
            lines.append(f'known["{COOKIES}"] = cookies(headers)')
    for variable, path in request.members:
        lines.append(f'known["{variable}"] = member(text, {path!a}) or known.get("{variable}")')
    return "\n".join([*lines, ""])


def _asking_the_person(request: Request, name: str, names: dict[str, str]) -> list[str]:
    return [
        f'if not known.get("{CODE}"):',
        f'    print("Open this address in a browser:", {_python(request.url, names, "query")})',
        '    typed = input("The code, or the whole address that the browser ends on: ").strip()',
        f'    known["{CODE}"] = parameter(typed, {name}) if "://" in typed else typed',
    ]


def _sent(request: Request, names: dict[str, str]) -> str:
    headers = "".join(f"        ({name!a}, {_python(value, names, 'plain')}),\n" for name, value in request.headers)
    return "\n".join(
        (
            "headers, text = send(",
            f"    {request.method!a},",
            f"    {_python(request.url, names, 'query')},",
            f"    [\n{headers}    ]," if headers else "    [],",
            f"    {_body(request, names)},",
            ")",
        )
    )


def _python(text: str, names: dict[str, str], place: Place) -> str:
    parts = []
    for literal, name in split(text, names):
        parts += [ascii(literal)] if literal else []
        parts += [_WRITTEN[place].format(name)] if name else []
    return " + ".join(parts) or "''"


def _body(request: Request, names: dict[str, str]) -> str:
    """Bytes that are no UTF-8 are surrogates on the way (PEP 383)."""
    text = request.body.data.decode("utf-8", "surrogateescape")
    return f'({_python(text, names, request.place)}).encode("utf-8", "surrogateescape")' if text else "b''"
