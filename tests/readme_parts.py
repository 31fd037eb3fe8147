"""The parts of the documents that are drawn from the code; `make docs` writes them, and a test keeps them true."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch

from airisk_tui.cli import COMMANDS, screen_parser
from airisk_tui.flow.phases import EXIT_CODES, TABLE, Outcome, Phase
from airisk_tui.flow.start.fields import INPUTS, InputField
from airisk_tui.insight.catalogue import codes
from airisk_tui.insight.catalogue import markdown as catalogue
from airisk_tui.sandbox.airisk.faults import FAULTS
from airisk_tui.sandbox.standard.faults import STANDARD_FAULTS
from airisk_tui.tui.shared.keyboard.keys import KEYS, key_name

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
REFERENCE = ROOT / "airisk_tui" / "reference"
DOCUMENTS = (README, *(REFERENCE / f"{name}.md" for name in ("architecture", "command-line", "findings", "keys")))
"""The documents that have such parts."""

HELP, DRAWS_HELP = REFERENCE / "help.txt", (3, 11)
"""What `airisk-tui --help` prints, and the Python that draws it: newer ones draw usage lines otherwise."""

MEANINGS = {
    Outcome.TOKEN: "a token was issued",
    Outcome.CODE: "a code arrived, and no more was asked for (`--no-exchange`)",
    Outcome.USAGE: "wrong arguments, missing configuration, no terminal",
    Outcome.LISTENER: "the callback address cannot be listened on",
    Outcome.AUTHORIZATION_REFUSED: "an error in the redirect, an HTTP error, or no redirect at all",
    Outcome.RESPONSE_INVALID: "an answer came that must not be believed",
    Outcome.TOKEN_REFUSED: "the token endpoint refused, or answered without a usable token",
    Outcome.ACCESS_REFUSED: "an endpoint did not treat the token as expected",
    Outcome.TIMEOUT: "nobody came back in time",
    Outcome.TRANSPORT: "no connection: DNS, TLS, refused, reset",
    Outcome.DIFFERENT: "an error stands beside the token, or `compare`, `replay --against` or `--expect` found a difference",
    Outcome.CANCELLED: "cancelled",
}


def keys() -> str:
    """Every key of the program."""
    rows = (
        f"| {' '.join(f'`{key_cap(one)}`' for one in key.keys.split(','))} | {key.does} | {action} |"
        for action, key in KEYS.items()
    )
    return "| key | does | action |\n|---|---|---|\n" + "\n".join(rows)


def key_cap(key: str) -> str:
    """`ctrl+r` as it is printed on a keyboard, a letter alone as it is typed."""
    control, _, letter = key.rpartition("ctrl+")
    return f"{control}Ctrl+{letter.upper()}" if letter != key else key_name(key)


def exits() -> str:
    """The outcomes and their exit codes."""
    rows = "\n".join(f"| {EXIT_CODES[outcome]} | `{outcome}` | {words} |" for outcome, words in MEANINGS.items())
    return "| exit | outcome | meaning |\n|--:|---|---|\n" + rows


def commands() -> str:
    """The commands."""
    return "\n".join(f"- `airisk-tui {name}`: {command.does}" for name, command in COMMANDS.items())


def diagram() -> str:
    """The phases and what leads from one to the next, cancelling left out because it leads from everywhere to done."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Phase.IDLE}"]
    for phase, row in TABLE.items():
        by_target: dict[Phase, list[str]] = {}
        for signal, to in row.items():
            if signal != "cancelled" and to.phase is not phase:
                by_target.setdefault(to.phase, []).append(str(signal))
        lines += [f"    {phase} --> {target}{_label(target, names)}" for target, names in by_target.items()]
    return "\n".join([*lines, "```"])


def _label(target: Phase, signals: list[str]) -> str:
    """What leads there; not for the end, to which nearly everything leads."""
    return "" if target is Phase.DONE else f": {' / '.join(signals)}"


def inputs() -> str:
    """What a run is asked to do: the option of each input, what it means, and where else it can be given."""
    rows = "\n".join(f"| {_option(field)} | {'; '.join(_meaning(field))} |" for field in INPUTS)
    return f"| option | means |\n|---|---|\n{rows}"


def _option(field: InputField) -> str:
    option = field.option
    if option is None:
        return f"no option: {field.label or field.name}"
    value = "" if field.kind == "switch" else f" {option.metavar or '|'.join(field.choices)}"
    return f"`{option.flag}{value}`".replace("|", "\\|")


def _meaning(field: InputField) -> Iterator[str]:
    yield field.option.sentence if field.option is not None else field.about.rstrip(".")
    places = (
        (f"“{field.label}”" if field.label else "", "in the form"),
        (f"`{field.name}`" if field.kept else "", "in `config.toml`"),
        (f"`{field.variable}`" if field.variable else "", "in the environment"),
        (f"`{field.dotenv}`" if field.dotenv else "", "in a `.env` file"),
    )
    listed = ", ".join(f"{name} {place}" for name, place in places if name)
    if listed:
        yield listed


def counts() -> str:
    """How much there is of what is counted in words."""
    return f"{len(FAULTS) + len(STANDARD_FAULTS)} faults to play, {len(codes())} findings to explain with."


PARTS: dict[str, Callable[[], str]] = {
    "keys": keys,
    "exits": exits,
    "commands": commands,
    "diagram": diagram,
    "counts": counts,
    "inputs": inputs,
    "catalogue": catalogue,
}


def filled(text: str) -> str:
    """A document with each of its parts drawn anew."""
    for name, draw in PARTS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if pattern.search(text):
            part = draw()
            text = pattern.sub(lambda found, part=part: f"{found[1]}{part}\n{found[2]}", text)
    return text


def help_text() -> str:
    """The help of the parser, 80 columns wide."""
    with patch.dict(os.environ, COLUMNS="80"):
        return f"{screen_parser().format_help().rstrip()}\n"


if __name__ == "__main__":
    from tests import limits
    from tests.engine import readings as of_engine
    from tests.headless import said as printed
    from tests.insight import readings as of_insight
    from tests.insight import said
    from tests.oauth import readings as of_oauth
    from tests.recording import readings as of_recordings
    from tests.redaction import readings as of_redaction
    from tests.sandbox import said as answered
    from tests.sandbox.standard import said as issued
    from tests.session import readings as of_session
    from tests.tui import said as shown

    printed.write()
    said.write()
    of_insight.write()
    of_engine.write()
    of_oauth.write()
    of_recordings.write()
    of_redaction.write()
    of_session.write()
    limits.write()
    answered.write()
    issued.write()
    shown.write()
    if sys.version_info[:2] == DRAWS_HELP:
        HELP.write_text(help_text(), encoding="utf-8")
    for document in DOCUMENTS:
        document.write_text(filled(document.read_text(encoding="utf-8")), encoding="utf-8")
