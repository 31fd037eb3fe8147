"""What the screen says where a sentence names a flag of the command line (command-line.md): a field of the form, or a key.

The rules write one sentence, with the flag as the name of what is to be set; here the flag becomes what a person has in
front of them. Quoted text is somebody else's and stays as it is (threats.md S2); `insight.finding.in_quotes` sees to it
that no value can end its own quotation.
"""

from __future__ import annotations

import re

from airisk_tui.insight.finding import QUOTES, in_quotes

CONTROLS: dict[str, str] = {
    "the base URL (--base-url)": "Base URL (F2)",
    "--base-url": "Base URL (F2)",
    "--client-id": "Client ID (F2)",
    "--redirect-uri": "Redirect URI (F2)",
    "without --userid": "with an empty User id (F2)",
    "--userid": "User id (F2)",
    "the ids that ListUsers lists (ask it with a generic token)": "the users that ^T lists",
    "the ids that ListUsers lists": "the users that ^T lists",
    "leave --state out, and one is made": "^N sends one, ^G makes a new one",
    "--state none": "State: off (^N)",
    "--state": "State (F2)",
    "--body form": "Token body: form (F2)",
    "--body json": "Token body: json (F2)",
    "by AIRISK_CLIENT_SECRET, --env-file or --client-secret-stdin": "in Client secret (F2)",
    "--no-exchange": "Stop at: code (F2)",
    "--mode browser": "^R (in the browser)",
    "--mode direct": "^D (directly)",
    "--mode direct --carry-cookies": "“airisk-tui --carry-cookies” and ^D (directly)",
    "--mode paste": "^V (by paste)",
    "the field or flag of that name": "the field of that name",
    "airisk-tui compare --with-bearer, with the same options": "^T (two tokens), with ^B there",
}
"""By what the rules write, in words of the form's labels and of the run screen's keys. The longest that fits is taken."""

EXTRA, TYPED = "Extra: {} (F2)", "{} on the command line"
"""A flag with a NAME=VALUE: an extra parameter is a row of the form; what else there is, only the command line takes."""

_QUOTED = "|".join(f"{pair[0]}[^{pair[1]}]*(?:{pair[1]}|$)" for pair in QUOTES)
_OPENING = "".join(pair[0] for pair in QUOTES)
_SPOKEN = re.compile(
    rf"(?P<quoted>{_QUOTED})"
    rf"|(?<![^\s(])(?P<control>{'|'.join(map(re.escape, sorted(CONTROLS, key=len, reverse=True)))})(?![\w-])"
    rf"|(?<![^\s(])(?P<flag>--(?:param|token-param|field)) (?P<pair>(?:{_QUOTED}|[^\s{_OPENING}])+)"
)
_END = re.compile(r"(?<==\.)[.,;:)]*$|(?<!=)[.,;:)]+$")
"""The sentence's own signs behind a NAME=VALUE; a value that is a lone full stop is none of them."""


def on_screen(sentence: str) -> str:
    """The sentence with every flag of ours in the words of the screen; what is quoted stays exactly as it is."""
    return _SPOKEN.sub(_spoken, sentence)


def _spoken(found: re.Match[str]) -> str:
    if found["control"]:
        return CONTROLS[found["control"]]
    if not found["flag"]:
        return found[0]
    end = _END.search(found["pair"])
    pair, rest = (found["pair"][: end.start()], end[0]) if end else (found["pair"], "")
    told = EXTRA.format(pair) if found["flag"] == "--param" else TYPED.format(in_quotes(f"{found['flag']} {pair}"))
    return told + rest
