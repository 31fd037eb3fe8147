"""FLOW on the command line (command-line.md): only arguments, so that the screen need not wait for what runs a flow."""

from __future__ import annotations

import argparse
from pathlib import Path

from airisk_tui.headless.numbers import seconds
from airisk_tui.headless.usage import UsageError

MODES = ("browser", "direct", "paste")
RERUN = (
    *("mode", "timeout", "insecure", "send_secret_to_new_host", "env_file", "client_secret_stdin"),
    *("record", "no_record", "include_secrets"),
)
"""What `add_rerun_options` adds, by the names that argparse gives it."""


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    """Add FLOW to a command."""
    flow = parser.add_argument_group("the flow")
    _add_environment(flow)
    add_deployment(flow)
    flow.add_argument("--userid", metavar="ID", help="the user to act for; left out: a generic token")
    flow.add_argument(
        "--state", metavar="VALUE|none", help="a state of your own, or none to send none (default: a fresh one)"
    )
    _add_timeout(flow, "300")
    flow.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="extra parameter of the authorization request (repeatable)",
    )
    flow.add_argument(
        "--token-param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="extra field of the token request (repeatable)",
    )
    flow.add_argument(
        "--carry-cookies",
        action="store_true",
        help="send the cookies of the direct authorization request with the token request, as one browser would",
    )
    flow.add_argument("--no-exchange", action="store_true", help="stop at the code")
    _add_insecure(flow)
    _add_secret(parser, "CLIENT_ID, CLIENT_SECRET and USER_ID")
    _add_recording(parser)


def add_deployment(group: argparse._ArgumentGroup) -> None:
    """Add what belongs to a deployment and the application there; `environments add` keeps the same."""
    group.add_argument("--base-url", metavar="URL", help="the deployment, such as https://airisk.example.com")
    group.add_argument("--client-id", metavar="ID", help="the application, as it is registered there")
    _add_redirect_uri(group)
    group.add_argument("--body", choices=["form", "json"], help="how the token request is written")
    group.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a name of the dialect that this server changes, such as token=access_code",
    )


def add_callback_options(parser: argparse.ArgumentParser) -> None:
    """Add what `doctor` takes of FLOW: what says where the redirect goes."""
    callback = parser.add_argument_group("the callback address")
    _add_environment(callback)
    _add_redirect_uri(callback)


def add_rerun_options(parser: argparse.ArgumentParser) -> None:
    """Add what `replay --against` takes of FLOW: everything else of a run is as it was recorded."""
    live = parser.add_argument_group("the live run, with --against")
    live.add_argument("--mode", choices=MODES, help="how it runs (default: as recorded)")
    _add_timeout(live, "as recorded")
    _add_insecure(live)
    live.add_argument(
        "--send-secret-to-new-host", action="store_true", help="allow a host that the secret was not used with"
    )
    _add_secret(parser, "CLIENT_SECRET; client and user are as recorded")
    _add_recording(parser)


def check_replay(args: argparse.Namespace) -> None:
    """UsageError for options of `replay` that do not go together."""
    live = [name for name in RERUN if getattr(args, name) is not None and getattr(args, name) is not False]
    if live and not args.against:
        raise UsageError(f"{_flags(live)} came without --against ENV, and a replay sends and records nothing.")
    offline = [name for name in ("step", "speed") if getattr(args, name)]
    if offline and args.against:
        raise UsageError(f"{_flags(offline)} came with --against, and a live run goes at its own pace; leave one out.")


def check_recording(args: argparse.Namespace) -> None:
    """UsageError where --record names what cannot be a new file, so that it is told before anything is sent."""
    path: Path | None = args.record
    if path is None:
        return
    if not path.name:
        raise UsageError("--record expects the path of a file that is to be made, and it names none; give one.")
    if args.include_secrets:
        from airisk_tui.recording.folder import with_secrets

        path = with_secrets(path)
    if not is_new("--record", path):
        raise UsageError(f"--record expects a new file, and {path} is there already; give another path.")


def is_new(option: str, path: Path) -> bool:
    """Whether nothing stands there yet. Raises UsageError where the system refuses to look: the name is too long, for one."""
    try:
        return not (path.exists() or path.is_symlink())
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise UsageError(f"{option} expects a new file, and {path} cannot be one: {why}; give another path.") from error


def _flags(names: list[str]) -> str:
    return " and ".join(f"--{name.replace('_', '-')}" for name in names)


def _add_environment(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--env", metavar="NAME", help="the environment (default: the configured one, else sandbox)")


def _add_redirect_uri(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--redirect-uri", metavar="URI", help="where the code comes back to, as it is registered there")


def _add_timeout(group: argparse._ArgumentGroup, default: str) -> None:
    words = f"how long to wait for the redirect (default: {default})"
    group.add_argument("--timeout", type=seconds, metavar="SECONDS", help=words)


def _add_insecure(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--insecure", action="store_true", help="do not verify the server's certificate; said loudly and recorded"
    )


def _add_secret(parser: argparse.ArgumentParser, file: str) -> None:
    secret = parser.add_argument_group(
        "the client secret", "from AIRISK_CLIENT_SECRET, a .env file, stdin, the keyring or a prompt;\nnever a flag"
    )
    secret.add_argument("--env-file", type=Path, metavar="PATH", help=f"a .env file with {file}")
    secret.add_argument(
        "--client-secret-stdin", action="store_true", help="read the secret from the first line of stdin"
    )


def _add_recording(parser: argparse.ArgumentParser) -> None:
    record = parser.add_argument_group("the recording")
    where = record.add_mutually_exclusive_group()
    where.add_argument("--record", type=Path, metavar="PATH", help="record to this file")
    where.add_argument("--no-record", action="store_true", help="do not record the run")
    record.add_argument(
        "--include-secrets", action="store_true", help="keep the raw secrets in the recording; its name says so"
    )


def pair(option: str, text: str) -> tuple[str, str]:
    """`NAME=VALUE`, which came behind the option, as a pair; UsageError otherwise."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"{option} expects NAME=VALUE, and “{text}” is not; put = between the name and the value.")
    return name, value
