"""What happens when the program is asked to end (SIGTERM): nothing half-written and no scratch is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Iterator
from typing import Any, Final

from injuryprev.exchange.files import clear_away

_STATUS: Final = 128 + signal.SIGTERM
_GRACE: Final = 2.0
"""Seconds in which the program may end by itself; an engine in the midst of a query does not."""


@contextlib.contextmanager
def ends_when_told() -> Iterator[None]:
    """While in it, SIGTERM ends the program with status 143, as an interrupt does: everything open is left in order.

    An engine that computes hears of no signal before it is done. So another thread waits a moment, clears away what is
    half-written, and ends the program for it.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield  # somebody else has a say in how this process ends
        return
    listening, told = socket.socketpair()
    told.setblocking(False)
    over = threading.Event()
    watch = threading.Thread(target=_watch, args=(listening, over), daemon=True)
    watch.start()
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        over.set()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.set_wakeup_fd(before)
        told.close()
        watch.join()
        listening.close()


def _end(_number: int, _frame: Any) -> None:
    raise SystemExit(_STATUS)


def _watch(listening: socket.socket, over: threading.Event) -> None:
    while heard := listening.recv(1):
        if heard[0] == signal.SIGTERM and not over.wait(_GRACE):
            clear_away()
            os._exit(_STATUS)
