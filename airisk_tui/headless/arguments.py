"""FLOW on the command line (cli.md): only arguments, so that the screen need not wait for what runs a flow."""

from __future__ import annotations

import argparse
from pathlib import Path

from airisk_tui.headless.usage import UsageError


def add_flow_options(parser: argparse.ArgumentParser) -> None:
    """Add FLOW to a command."""
    flow = parser.add_argument_group("the flow")
    flow.add_argument("--env", metavar="NAME", help="the environment (default: the configured one, else sandbox)")
    flow.add_argument("--base-url", metavar="URL", help="the deployment, such as https://airisk.example.com")
    flow.add_argument("--client-id", metavar="ID")
    flow.add_argument("--redirect-uri", metavar="URI")
    flow.add_argument("--userid", metavar="ID", help="the user to act for; left out: a generic token")
    flow.add_argument(
        "--state", metavar="VALUE|none", help="a state of your own, or none to send none (default: a fresh one)"
    )
    flow.add_argument("--body", choices=["form", "json"], help="how the token request is written")
    flow.add_argument(
        "--timeout", type=float, metavar="SECONDS", help="how long to wait for the redirect (default 300)"
    )
    flow.add_argument(
        "--param",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="extra parameter of the authorization request",
    )
    flow.add_argument(
        "--token-param", action="append", default=[], metavar="NAME=VALUE", help="extra field of the token request"
    )
    flow.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a name of the dialect that this server changes, such as token=access_code",
    )
    flow.add_argument(
        "--carry-cookies",
        action="store_true",
        help="send the cookies of the direct authorization request with the token request, as one browser would",
    )
    flow.add_argument("--no-exchange", action="store_true", help="stop at the code")
    flow.add_argument(
        "--insecure", action="store_true", help="do not verify the server's certificate; said loudly and recorded"
    )
    secret = parser.add_argument_group(
        "the client secret", "from AIRISK_CLIENT_SECRET, a .env file, stdin, the keyring or a prompt; never a flag"
    )
    secret.add_argument("--env-file", type=Path, metavar="PATH", help="CLIENT_ID, CLIENT_SECRET and USER_ID")
    secret.add_argument(
        "--client-secret-stdin", action="store_true", help="read the secret from the first line of stdin"
    )
    record = parser.add_argument_group("the recording")
    where = record.add_mutually_exclusive_group()
    where.add_argument("--record", type=Path, metavar="PATH", help="record to this file")
    where.add_argument("--no-record", action="store_true", help="do not record the run")
    record.add_argument(
        "--include-secrets", action="store_true", help="keep the raw secrets in the recording; its name says so"
    )


def pair(text: str) -> tuple[str, str]:
    """`NAME=VALUE` as a pair; UsageError otherwise."""
    name, mark, value = text.partition("=")
    if not mark or not name:
        raise UsageError(f"An extra parameter is written NAME=VALUE; “{text[:80]}” is not.")
    return name, value
