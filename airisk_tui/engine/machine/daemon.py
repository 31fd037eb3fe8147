"""Running work that may hang, such as asking a locked keyring, in a thread for which the program does not wait at its end.

The threads of `asyncio.to_thread` are joined when the loop and Python end, so one call that hangs would hold the process (threats.md
C10).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

WAIT = 3.0
"""Seconds to wait (threats.md C10); a keyring that asks nobody answers within a hundredth, a file within a thousandth."""


async def in_daemon_thread(work: Callable[[], T], seconds: float = WAIT) -> T:
    """The result or the exception of the work. Raises TimeoutError after so many seconds, while the thread goes on."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[tuple[T | None, BaseException | None]] = loop.create_future()

    def tell(value: T | None, error: BaseException | None) -> None:
        if not done.done():  # nobody waits any more
            done.set_result((value, error))

    def run() -> None:
        value: T | None = None
        error: BaseException | None = None
        try:
            value = work()
        except BaseException as raised:  # noqa: BLE001 - a backend may even call sys.exit; it is raised below
            error = raised
        with suppress(RuntimeError):  # the loop is closed, because the program ends
            loop.call_soon_threadsafe(tell, value, error)

    threading.Thread(target=run, daemon=True, name="may hang").start()
    # A thread cannot be ended from outside (threading, Thread.daemon).
    async with asyncio.timeout(seconds):
        value, error = await done
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error it is what the work gave
