"""Work that may never come back (a locked keyring, a file system that hangs), in a thread that does not hold the program.

`asyncio.to_thread` takes its threads from a pool that is joined when the loop ends and once more when Python ends, so there one
call that hangs holds the whole process (threats.md C10).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")

WAIT = 3.0
"""Seconds (threats.md C10): a keyring that asks no person answers within a hundredth, a file within a thousandth."""


async def in_daemon_thread(work: Callable[[], T], seconds: float = WAIT) -> T:
    """What the work gives or raises. Raises TimeoutError after so many seconds, and then leaves the thread to itself."""
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
        except BaseException as raised:  # noqa: BLE001 - a backend may even call sys.exit: raised where it is awaited
            error = raised
        with suppress(RuntimeError):  # the loop is closed: the program has ended meanwhile
            loop.call_soon_threadsafe(tell, value, error)

    threading.Thread(target=run, daemon=True, name="may hang").start()
    # A thread cannot be ended from outside; it can only be no longer waited for (threading, Thread.daemon).
    async with asyncio.timeout(seconds):
        value, error = await done
    if error is not None:
        raise error
    return value  # type: ignore[return-value]  # without an error it is what the work gave
