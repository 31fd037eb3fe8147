"""Programs under test that begin where imports are over: forks of a process that has loaded the program and does nothing else.

A new interpreter imports for most of a second before it reads its first argument. What a fork is given is the same as in a new
process: arguments, environment, folder, streams or a terminal of its own; it runs `main()` and ends as any process does. It is a
child of the process that runs the tests. What is about the start itself (encodings of the streams, the first moments of a
screen, what is imported when) is tested with new interpreters; so is everything where there is no Linux.
"""

from __future__ import annotations

import array
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any

ROOT = Path(__file__).parents[1]
CAN_FORK = sys.platform == "linux"
PR_SET_CHILD_SUBREAPER = 36
"""linux/prctl.h: a process whose parent ends becomes a child of the nearest ancestor that set it."""

MORE = (
    *("httpx2", "uvicorn.protocols.http.h11_impl", "uvicorn.lifespan.on", "uvicorn.loops.asyncio", "starlette.routing"),
    *(
        "textual.drivers.linux_driver",
        "textual.widgets",
        "dotenv",
        "tomlkit",
        "platformdirs.unix",
        "authlib.oauth2.rfc7636",
    ),
)
"""What the program imports inside of its functions. Not keyring, which chooses its backend by the environment as it is imported."""


def start(
    arguments: Sequence[str],
    env: Mapping[str, str],
    cwd: Path | str,
    streams: Mapping[int, int],
    *,
    terminal: bool = False,
    leader_of: Path | None = None,
) -> int:
    """A program as a child of this process: its pid. streams: of its descriptors 0 to 2 those that are open, by ours.

    terminal: descriptor 0 is a terminal, and becomes that of a session of its own. leader_of: the session's leader is another
    process, the pid that is returned; the program is its foreground job, whose pid is written to this file (see `_lead`).
    """
    if not CAN_FORK:
        import pytest

        pytest.skip("only Linux gives a fork of another process to this one")
    request: dict[str, Any] = {
        "arguments": list(arguments),
        "env": dict(env),
        "cwd": str(cwd),
        "streams": list(streams),
    }
    request |= {"terminal": terminal, "leader_of": str(leader_of or "")}
    line = _server()
    socket.send_fds(line, [json.dumps(request).encode()], list(streams.values()))
    return int(line.recv(64))


class Popen(subprocess.Popen[Any]):
    """As `subprocess.Popen` of this interpreter and `-m airisk_tui …`, but forked."""

    def _execute_child(self, args: Any, *options: Any) -> None:
        cwd, env, pipes = options[4], options[5], options[9:15]
        theirs = {number: number if fd == -1 else fd for number, fd in enumerate((pipes[0], pipes[3], pipes[5]))}
        self.pid = start(args[1:], os.environ if env is None else env, cwd or Path.cwd(), theirs)
        self._child_created = True
        self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]


def output_of(
    arguments: Sequence[str],
    env: Mapping[str, str],
    cwd: Path | str,
    *,
    closed: Sequence[int] = (),
    files: Mapping[int, str] = MappingProxyType({}),
    typed: bytes = b"",
    held: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """What `python -m airisk_tui` writes until it ends, within a minute. closed: its descriptors that are closed, of 0 to 2;
    files: what else stands for one; typed: what is in the pipe on stdin, which is at its end behind it, unless it is held open."""
    with ExitStack() as stack:
        told = {number: stack.enter_context(TemporaryFile()) for number in (1, 2)}
        streams = {number: file.fileno() for number, file in told.items()}
        streams[0], writing = os.pipe()
        stack.callback(os.close, streams[0])
        os.write(writing, typed)
        if held:
            stack.callback(os.close, writing)
        else:
            os.close(writing)
        for number, name in files.items():
            streams[number] = stack.enter_context(Path(name).open("r+b", buffering=0)).fileno()
        open_ones = {number: fd for number, fd in streams.items() if number not in closed}
        pid = start(["-m", "airisk_tui", *arguments], env, cwd, open_ones)
        code = _ended(pid)
        for file in told.values():
            file.seek(0)
        return subprocess.CompletedProcess(arguments, code, told[1].read(), told[2].read())


def _ended(pid: int) -> int:
    """The exit code of a child, below 0 for a signal; it is killed after a minute."""
    watch = threading.Timer(60, os.kill, (pid, signal.SIGKILL))
    watch.start()
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    finally:
        watch.cancel()


@cache
def _server() -> socket.socket:
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    env = {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }
    code = f"from tests.forking import serve; serve({theirs.fileno()})"
    theirs.set_inheritable(True)
    nothing = (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)
    os.posix_spawn(sys.executable, [sys.executable, "-c", code], env, file_actions=[nothing])  # it ends with the socket
    theirs.close()
    return ours


def serve(number: int) -> None:
    """Import the program, then fork for each request; returns never in the server, and in a program when it has ended."""
    _load()
    line = socket.socket(fileno=number)
    while True:
        data, fds, _, _ = socket.recv_fds(line, 2**20, 3)
        if not data:
            os._exit(0)
        reading, writing = os.pipe()
        if between := os.fork():
            os.close(writing)
            os.waitpid(between, 0)
            line.send(os.read(reading, 64))
            for fd in (reading, *fds):
                os.close(fd)
        elif pid := os.fork():
            os.write(writing, str(pid).encode())
            os._exit(0)
        else:
            os.close(reading)
            os.close(writing)
            line.close()
            _end(_become(json.loads(data), fds))


def _end(code: int) -> None:
    """What an interpreter does at its end but for taking each module apart, which costs more than many a program: wait for threads,
    run what was left for the end, find what is lost in cycles, and write what is buffered."""
    import atexit
    import gc

    threading._shutdown()  # type: ignore[attr-defined] # CPython's
    atexit._run_exitfuncs()
    gc.collect()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except OSError as error:  # it says so of stdout, and both make the exit code 120
            code = 120
            if stream is sys.stdout:
                print(f"Exception ignored: {error}", file=sys.stderr, flush=True)
    os._exit(code)


def _load() -> None:
    import gc
    import pkgutil
    from importlib import import_module

    import airisk_tui

    for module in pkgutil.walk_packages(airisk_tui.__path__, "airisk_tui."):
        if not module.name.endswith((".__main__", "airisk_tui.pytest")):
            import_module(module.name)
    for name in MORE:
        import_module(name)
    gc.collect()
    gc.freeze()


def _become(request: dict[str, Any], fds: Sequence[int]) -> int:
    """Be the program of a request, to its end."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in range(3):
        os.close(number)
    for number, fd in zip(request["streams"], fds, strict=True):  # each of these is above 2
        os.dup2(fd, number)
        os.close(fd)
    if request["terminal"]:
        _take_terminal()
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    sys.path[:0] = [part for part in request["env"].get("PYTHONPATH", "").split(":") if part not in sys.path]
    if request["leader_of"]:
        _lead(request["leader_of"])
    _open_streams(request["streams"])
    arguments = request["arguments"]
    sys.argv = [arguments[0], *arguments[2:]]
    if arguments[0] == "-c":
        exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
        return 0
    from airisk_tui.__main__ import main

    return main()


def _take_terminal() -> None:
    import fcntl
    import termios

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, array.array("i", [0]))


def _lead(pid_file: str) -> None:
    """A shell's part in job control: returns in a child in a process group of its own in the foreground. Without a parent in the
    same session the kernel discards SIGTSTP (POSIX, orphaned process group). LEADER_STAYS: it outlives the terminal, as make does."""
    stays = os.environ.pop("LEADER_STAYS", "")
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        return
    if stays:
        signal.signal(signal.SIGHUP, lambda *_: None)
    Path(f"{pid_file}.new").write_text(str(child))
    Path(f"{pid_file}.new").rename(pid_file)
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            os._exit(os.waitstatus_to_exitcode(status) % 256)


def _open_streams(numbers: Sequence[int]) -> None:
    """As an interpreter does under LANG=C.UTF-8; None for a descriptor that is closed."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        stream = None
        if number in numbers:
            errors = "backslashreplace" if name == "stderr" else "surrogateescape"
            line = 1 if mode == "w" and (name == "stderr" or os.isatty(number)) else -1
            stream = open(number, mode, buffering=line, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115 - it stays open
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
