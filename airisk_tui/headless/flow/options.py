"""FLOW (command-line.md): the options that describe a run, and the session and the draft made from them.

The options come from the table in `flow.start.fields`. Nothing else of the program is imported before a function needs it: the first
frame of the screen waits for this module.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airisk_tui.flow.start.fields import (
    DOTENV,
    EMBEDDED,
    FIELDS,
    OTHER,
    SANDBOX_STANDARD,
    SECRET_VARIABLE,
    InputField,
    Option,
    Use,
    used_in,
)
from airisk_tui.headless.shared.parser import endpoint, nearest_to, pair, safe_endpoint, seconds, steps
from airisk_tui.headless.shared.process import UsageError, none_among, secret_from_stdin, typed_unseen

if TYPE_CHECKING:
    from airisk_tui.engine.draft import Draft
    from airisk_tui.oauth.request.edit import Edit
    from airisk_tui.oauth.secret import Secret
    from airisk_tui.session.session import RecordingOptions, Session

SECRET_FLAG = "--client-secret-stdin"  # noqa: S105 - an option

RAW = "raw:"

MAX_RAW = 1024 * 1024
"""Bytes of a body that is read from a file; a token request has a few hundred."""

BESIDE_INPUTS = ("send_secret_to_new_host", "env_file", "client_secret_stdin", "record", "no_record", "include_secrets")
"""The options of `add_rerun_options` that set no input, by their names in argparse."""

NOT_FOR_THE_SANDBOX = (
    "Note: the secret in AIRISK_CLIENT_SECRET belongs to a deployment, so it is never sent to the embedded sandbox, which has its "
    "own. To send it another secret, use --client-secret-stdin."
)


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    """Add FLOW to a command."""
    add_inputs(parser.add_argument_group("the flow"), "flow")
    _add_secret(parser, "CLIENT_ID, CLIENT_SECRET and USER_ID")
    _add_recording(parser)


def add_rerun_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of FLOW that `replay --against` has; all other inputs are as recorded."""
    live = parser.add_argument_group("the live run, with --against")
    add_inputs(live, "rerun", "as recorded")
    live.add_argument(
        "--send-secret-to-new-host",
        action="store_true",
        help="send the secret to a host even if it was not used there before",
    )
    add_live_options(parser)


def add_live_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for the secret of live runs and for their recording."""
    _add_secret(parser, "CLIENT_SECRET; client and user are as recorded")
    _add_recording(parser)


def add_inputs(group: argparse._ActionsContainer, use: Use, default: str | None = None) -> None:
    """Add the options of the inputs with this use. An option that is not given is not in the namespace. default: the default in the
    help."""
    for name, option in used_in(use).items():
        words = (option._replace(default=default) if default and option.default else option).sentence
        group.add_argument(
            option.flag, dest=_dest(name), default=argparse.SUPPRESS, help=words, **_values(FIELDS[name], option, use)
        )


def _dest(name: str) -> str:
    """The name in argparse's namespace: all edits share one, because their order counts."""
    return "edits" if FIELDS[name].kind == "edits" else name


def _values(field: InputField, option: Option, use: Use) -> dict[str, Any]:
    """How argparse is to read the option's value."""
    match field.kind:
        case "edits":
            return {"action": "append", "type": partial(edit_from, option.flag), "metavar": option.metavar}
        case "steps":
            every = steps(field.choices, ",".join(field.every or field.choices))
            return {"nargs": "?", "const": every, "type": partial(steps, field.choices), "metavar": option.metavar}
        case "choice" if field.name == "encoding" and use == "flow":
            return {"action": BodyOption, "metavar": f"{'|'.join(field.choices)}|{RAW}FILE"}
        case "switch":
            return {"action": "store_const", "const": option.given}
        case "choice":
            return {"choices": field.choices, "metavar": option.metavar}
        case "pairs":
            return {"action": "append", "type": partial(pair, option.flag), "metavar": option.metavar}
        case "list" if field.name == "probes":
            return {"action": "append", "type": safe_endpoint, "metavar": option.metavar}
        case "list":
            return {"action": "append", "type": endpoint, "metavar": option.metavar}
        case "seconds":
            return {"type": seconds, "metavar": option.metavar}
        case "text or none":
            return {"type": lambda text: None if text == "none" else text, "metavar": option.metavar}
        case _:
            return {"metavar": option.metavar}


class BodyOption(argparse.Action):
    """Sets the encoding of the token request, or with `raw:FILE` its whole body, which is an edit."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        """Raises UsageError for another word, and for a file that cannot be read."""
        text, encodings = str(values), FIELDS["encoding"].choices
        if text.startswith(RAW):
            from airisk_tui.oauth.request.edit import Edit

            edit = Edit("token", "body", value=_body_in(Path(text.removeprefix(RAW))))
            namespace.edits = [*getattr(namespace, "edits", []), edit]
        elif text in encodings:
            namespace.encoding = text
        else:
            raise UsageError(f"--body expects {', '.join(encodings)} or {RAW}FILE, not “{text[:80]}”.")


def edit_from(option: str, text: str) -> Edit:
    """The edit that an option with this value describes. Raises UsageError."""
    from airisk_tui.oauth.request.edit import Action, UnreadableEdit, read_edit

    actions: dict[str, Action] = {"--set": "set", "--omit": "omit", "--add": "add"}
    try:
        return read_edit(actions[option], text)
    except UnreadableEdit as error:
        expected = "STEP.PLACE.NAME" if option == "--omit" else "STEP.PLACE.NAME=VALUE"
        raise UsageError(f"{option} expects {expected}: {error}.") from error


def add_faults(parser: argparse.ArgumentParser) -> None:
    """Add the faults of the embedded server."""
    words = "a fault that the embedded sandbox plays (repeatable)"
    parser.add_argument("--fault", action="append", default=[], metavar="NAME", help=words)


def _add_secret(parser: argparse.ArgumentParser, file: str) -> None:
    secret = parser.add_argument_group(
        "the client secret", f"from {SECRET_VARIABLE}, a .env file, stdin, the keyring or a prompt;\nnever a flag"
    )
    secret.add_argument("--env-file", type=_env_file, metavar="PATH", help=f"a .env file with {file}")
    secret.add_argument(SECRET_FLAG, action="store_true", help="read the secret from the first line of stdin")


def _add_recording(parser: argparse.ArgumentParser) -> None:
    record = parser.add_argument_group("the recording")
    where = record.add_mutually_exclusive_group()
    where.add_argument("--record", type=Path, metavar="PATH", help="record to this file")
    where.add_argument("--no-record", action="store_true", help="do not record the run")
    record.add_argument(
        "--include-secrets", action="store_true", help="keep the raw secrets in the recording; its name says so"
    )


def _body_in(path: Path) -> str:
    """The body in a file; bytes that are no UTF-8 are kept (PEP 383). Raises UsageError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_RAW + 1)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"--body {RAW}{path} cannot be read: {why}.") from error
    if len(data) > MAX_RAW:
        raise UsageError(f"--body {RAW}{path} has more than {MAX_RAW:,} bytes; a token request has a few hundred.")
    return data.decode("utf-8", "surrogateescape")


def check_replay(args: argparse.Namespace) -> None:
    """UsageError for options of `replay` that do not go together."""
    live = [option.flag for name, option in used_in("rerun").items() if name in args]
    live += [_flag(name) for name in BESIDE_INPUTS if getattr(args, name) not in (None, False)]
    if live and not args.against:
        raise UsageError(
            f"{' and '.join(live)} came without --against ENV, but a replay offline sends and records nothing."
        )
    offline = [_flag(name) for name in ("step", "speed", "against_last_good") if getattr(args, name)]
    if offline and args.against:
        raise UsageError(
            f"{' and '.join(offline)} came with --against, but a live run has its own pace; leave one out."
        )


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def check_recording(args: argparse.Namespace) -> None:
    """UsageError when --record cannot be a new file, before anything is sent."""
    path: Path | None = args.record
    if path is None:
        return
    if not path.name:
        raise UsageError("--record expects the path of a new file, and names none; give one.")
    if args.include_secrets:
        from airisk_tui.recording.disk.folder import with_secrets

        path = with_secrets(path)
    if not is_new("--record", path):
        raise UsageError(f"--record expects a new file, and {path} is there already; give another path.")


def is_new(option: str, path: Path) -> bool:
    """Whether no file is there yet. Raises UsageError where the system refuses to look: the name is too long, for one."""
    try:
        path.lstat()  # `Path.exists` says from Python 3.14 on that there is none where the system refuses to look
    except FileNotFoundError:
        return True
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"{option} expects a new file, and {path} cannot be one: {why}; give another path.") from error
    return False


def environment_of(args: argparse.Namespace) -> str | None:
    """The name of the environment that is meant, or None for the configured one."""
    name: str | None = vars(args).get("environment")
    if name is not None and not name.strip():
        raise UsageError(
            "--env expects the name of an environment, and it is empty; name one, or leave the option out."
        )
    return name or (OTHER if "base_url" in args or "issuer" in args else None)


def expect_environment(name: str, known: Iterable[str]) -> None:
    """UsageError when there is no environment of that name."""
    if name in (names := tuple(known)):
        return
    raise UsageError(
        f"There is no environment “{name}”.{nearest_to(name, names)} There are: {', '.join(names)}. "
        "`airisk-tui environments add` makes one."
    )


def inputs_in(args: argparse.Namespace) -> dict[str, Any]:
    """The inputs that the options give, by name, the environment aside. UsageError for a name that no dialect has."""
    given = {name: value for name, value in vars(args).items() if name in FIELDS and name != "environment"}
    if given.get("issuer") and "base_url" in given:
        raise UsageError(
            "--issuer and --base-url exclude each other: give --base-url for an AIRisk deployment, or "
            "--issuer for any other OAuth server."
        )
    if "fields" in given:
        given["fields"] = _checked_fields(dict(given["fields"]))
    if "edits" in given:
        given["edits"] = tuple(given["edits"])
    return given


def changes_of(args: argparse.Namespace, dotenv: Iterable[str] = DOTENV.values()) -> dict[str, Any]:
    """The options as changes for `Draft.with_changes`. dotenv: the names that are taken from the .env file.

    Precedence: flag, environment variable, .env file (command-line.md). Raises UsageError for a value that cannot be read. It may
    read the secret from stdin, so call it only once.
    """
    of_file = args.env_file or {}
    changes = {**{name: of_file[name] for name in dotenv if name in of_file}, **inputs_in(args)}
    if args.client_secret_stdin:
        changes["client_secret"] = secret_from_stdin(SECRET_FLAG)
    elif "client_secret" in changes and os.environ.get(SECRET_VARIABLE):
        del changes["client_secret"]
    return changes


def _env_file(text: str) -> dict[str, Any]:
    """The values in the .env file at this path, by input. Raises Refused."""
    path = Path(text)
    if not path.name:
        raise UsageError("--env-file expects the path of a .env file, and it names none; give one.")
    from airisk_tui.engine.config.credentials import read_env_file

    return read_env_file(path)


def _checked_fields(fields: dict[str, str]) -> dict[str, str]:
    """The changed names of the dialect. Raises UsageError for a wrong one, before anything opens."""
    from airisk_tui.engine.config.environments import with_fields
    from airisk_tui.oauth.dialect import AIRISK

    with_fields("Among the options", AIRISK, fields)
    return fields


@asynccontextmanager
async def session_of(args: argparse.Namespace) -> AsyncIterator[Session]:
    """While entered, the session for the options: the person's configuration, a recorder, faults.

    Raises Refused if the configuration, the recording or a fault is wrong.
    """
    from airisk_tui.session.session import Session

    faults = tuple(vars(args).get("fault", ()))
    async with aclosing(Session(record=recording_options(args), sandbox_faults=faults)) as session:
        yield session


def check_faults(names: Iterable[str], environment: str) -> None:
    """UsageError for a fault that the embedded server of the environment does not have."""
    if not names:
        return
    from airisk_tui.sandbox.fault import chosen
    from airisk_tui.sandbox.menu import menu_of

    try:
        chosen(names, menu_of("standard" if environment == SANDBOX_STANDARD else "airisk"))
    except ValueError as error:
        raise UsageError(str(error)) from error


def recording_options(args: argparse.Namespace) -> RecordingOptions | None:
    """The recording options; None if runs are not recorded. Raises UsageError as `check_recording` does."""
    if "record" not in args:
        return None
    check_recording(args)
    if args.no_record:
        return None
    from airisk_tui.session.session import RecordingOptions

    return RecordingOptions(args.record, args.include_secrets)


async def draft_of(args: argparse.Namespace, session: Session) -> Draft:
    """The draft that the options describe; precedence: flag, environment variable, .env file, configuration (command-line.md)."""
    name = environment_of(args) or session.configuration.default
    expect_environment(name, session.environments)
    _check_fault(args, name)
    changes = changes_of(args)
    await session.ready(name)
    draft = await session.draft_to_run(name, changes)
    from airisk_tui.headless.shared import output

    if session.keyring.problem:
        output.say(session.keyring.problem)
    if name in EMBEDDED and "client_secret" not in changes and os.environ.get(SECRET_VARIABLE):
        output.say(NOT_FOR_THE_SANDBOX)
    from airisk_tui.oauth.text.visible import visible

    if stranger := draft.stranger_to_its_secret:
        raise UsageError(
            f"The client secret that is kept for the environment “{visible(name)}” was not given for {visible(stranger)}, "
            "so nothing was sent. Give the secret of that server with --client-secret-stdin or --env-file, or in "
            f"{SECRET_VARIABLE}."
        )
    if draft.client_secret is None and draft.exchange and draft.client_auth not in ("none", "private_key_jwt"):
        return draft.to(client_secret=_typed_secret(draft.client_id))
    return draft


def _check_fault(args: argparse.Namespace, name: str) -> None:
    """UsageError when a fault is named and the run would go to another server than the embedded one."""
    if not vars(args).get("fault") or (name in EMBEDDED and not {"base_url", "issuer"} & vars(args).keys()):
        return
    where = vars(args).get("base_url") or vars(args).get("issuer") or name
    raise UsageError(
        f"Only the embedded servers play --fault, but this run would go to “{where}”; leave it out, or run it "
        f"with --env {' or '.join(EMBEDDED)}, and without --base-url and --issuer."
    )


def _typed_secret(client_id: str) -> Secret | None:
    """The client secret that a person types, or None if there is nobody to ask."""
    if none_among("stdin", "stderr"):
        return None
    from airisk_tui.oauth.secret import Secret
    from airisk_tui.oauth.text.visible import visible

    typed = typed_unseen(f"Client secret of {visible(client_id)}: ")
    return Secret(typed) if typed else None
