"""What a person pasted that is no answer to the authorization request, and why (threats.md L12).

An address can be that of any page on the way: the one that the person was to open, the login, the consent. None of them
ends the wait.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from airisk_tui.oauth.authorization import CODE_SUSPECTS, Redirect, endpoint_url, read_paste, read_redirect
from airisk_tui.oauth.dialect import Dialect

NO_ADDRESS = (
    "What was pasted is neither an address with a query nor a code; paste the whole address that the browser shows."
)
THE_REQUEST = (
    "That is the address to open, not the one that the browser ended on: open it in a browser, and paste the address "
    "that the browser shows at the end."
)
NO_ANSWER = (
    "That address brings neither a code nor an error nor the state, so it is not the answer; paste the address that the "
    "browser shows once the server has sent it back."
)


def refusal(text: str, base_url: str, dialect: Dialect) -> str | None:
    """Why what was pasted cannot be the answer, in a sentence, or None when it can; total over any text."""
    kind, query = read_paste(text, dialect)
    if kind == "code":
        return None
    came = read_redirect(f"?{query}", dialect)
    if came.kind == "empty" and _is_the_request(text, came, base_url, dialect):
        return THE_REQUEST
    if kind == "nothing" or not query:
        return NO_ADDRESS
    return None if _says_something(came, dialect) else NO_ANSWER


def _is_the_request(text: str, came: Redirect, base_url: str, dialect: Dialect) -> bool:
    """Whether it asks for a code, as our own request does, or leads to where one is asked for."""
    asks = came.params.get("client_id") is not None and came.params.get("redirect_uri") is not None
    endpoint = _path(endpoint_url(base_url, dialect.authorize_path))
    return asks or ("://" in text and endpoint != "" and _path("".join(text.split()).strip("\"'<>")) == endpoint)


def _says_something(came: Redirect, dialect: Dialect) -> bool:
    """What the query brings, or the fragment, where some servers write their answer."""
    behind = any(came.fragment.get(name) for name in (*CODE_SUSPECTS, dialect.code, "error", "access_token"))
    return came.kind != "empty" or came.suspect is not None or came.state is not None or behind


def _path(url: str) -> str:
    try:
        return urlsplit(url).path.rstrip("/").lower()
    except ValueError:
        return ""
