"""What the rows of the form are for, as the help of the run screen says it."""

from __future__ import annotations

FIELD_HELP = {
    "environment": "The deployment that the flow runs against. The sandbox is a server inside this program.",
    "base-url": "Where the deployment lives, without /api. The authorization request goes to BASE/api/oauth2.",
    "client-id": "The identifier that AIRisk gave the application when it was registered.",
    "client-secret": "Sent in the body of the token request. It stays in memory and is never written anywhere.",
    "redirect-uri": "Where the browser is sent with the code. It must be registered exactly as it is written here.",
    "userid": "The user on whose behalf the token acts. Empty: a generic token, for the application itself.",
    "state": "A value that must come back unchanged; it protects against forged answers. It is made fresh for each run.",
    "encoding": "How the token request's body is written. AIRisk documents both ways.",
    "mode": "browser: open one and listen. direct: ask without a browser. paste: open it anywhere, paste what comes back.",
    "timeout": "Seconds to wait for the redirect.",
}
"""By the ids of the rows."""

EXTRA_HELP = "A parameter of your own in the authorization request, written as name=value, one in each row."


def help_for_row(row: str) -> str:
    """The sentence for the row with this id, or ""."""
    return EXTRA_HELP if row.startswith("extra-") else FIELD_HELP.get(row, "")
