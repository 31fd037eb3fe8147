"""`airisk-tui sandbox`: an embedded server alone, until Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from airisk_tui.flow.start.fields import SANDBOX, SANDBOX_STANDARD
from airisk_tui.headless.flow.options import check_faults
from airisk_tui.headless.shared import output
from airisk_tui.headless.shared.process import UsageError
from airisk_tui.sandbox.menu import menu_of
from airisk_tui.systems import on_signals

if TYPE_CHECKING:
    from airisk_tui.sandbox.fault import NamedFault
    from airisk_tui.sandbox.server import LoopbackServer


async def sandbox(args: argparse.Namespace) -> int:
    """List the faults, or serve until a signal comes; a line with the base URL says that the server is ready. Raises UsageError."""
    menu = menu_of(args.dialect)
    if args.list_faults:
        _list_faults(menu, args.json)
        return 0
    check_faults(args.fault, SANDBOX_STANDARD if args.dialect == "standard" else SANDBOX)
    server = _recorded(args) if args.recording else _embedded(args)
    try:
        await asyncio.to_thread(server.start)
    except OSError as error:
        raise UsageError(
            f"The sandbox cannot listen on port {args.port}: {error.strerror}; choose another --port."
        ) from error
    stop = asyncio.Event()
    try:
        with on_signals(stop.set), contextlib.suppress(asyncio.CancelledError):
            _say_ready(server, args.json)
            await stop.wait()
    finally:
        await asyncio.to_thread(server.stop)
    return 0


def _say_ready(server: LoopbackServer, as_json: bool) -> None:
    """Print that the server is ready. Call it once signals are handled: whoever waits for this line may send one at once."""
    if as_json:
        output.put_json(server.describe())
    else:
        output.put(server.base_url)
        output.say(server.greeting)


def _embedded(args: argparse.Namespace) -> LoopbackServer:
    if args.dialect == "standard":
        if args.lenient:
            raise UsageError("--lenient belongs to the AIRisk server; leave it out with --dialect standard.")
        from airisk_tui.sandbox.standard.server import IssuerServer

        return IssuerServer(None, args.fault, port=args.port)
    from airisk_tui.sandbox.server import SandboxServer

    return SandboxServer(None, args.fault, port=args.port, lenient=args.lenient)


def _recorded(args: argparse.Namespace) -> LoopbackServer:
    given = {"--fault": args.fault, "--lenient": args.lenient, "--dialect": args.dialect != "airisk"}
    if option := next((option for option, value in given.items() if value), None):
        raise UsageError(f"{option} belongs to the embedded server; with --from the answers come from the recording.")
    from airisk_tui.headless.recordings import opened_from
    from airisk_tui.session.recordings.server import RecordedServer

    server = RecordedServer(opened_from(args.recording), args.port)
    if not server.endpoints:
        raise UsageError("This recording contains no server's answer, so the sandbox could answer nothing.")
    return server


def _list_faults(menu: Mapping[str, NamedFault], as_json: bool) -> None:
    if as_json:
        output.put_json([fault.described for fault in menu.values()])
        return
    width = max(len(name) for name in menu)
    for fault in menu.values():
        output.put(f"{fault.name:{width}}  {fault.sentence}")
