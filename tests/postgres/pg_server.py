"""A PostgreSQL server of one's own, for the time of a test: on loopback, in a temporary directory, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

_USER = "nobody"
_PATIENCE = 60.0
_MOST_MEMORY = 3 * 2**20  # KiB
MISSING = (
    "no PostgreSQL server is installed: apt-get install postgresql (Debian, Ubuntu), or set INJURYPREV_PG_BIN to the "
    "directory of initdb and postgres, or set INJURYPREV_NO_POSTGRES=1 to leave these tests out"
)


class NoServerError(Exception):
    """A server cannot be had, and why."""


def binaries() -> Path:
    """The directory of ``initdb`` and ``postgres``; Debian keeps them outside the path.

    Raises:
        NoServerError: They are not there.
    """
    stated = os.environ.get("INJURYPREV_PG_BIN")
    places = [Path(stated)] if stated else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path and not stated:
        places.append(Path(on_path).parent)
    for place in places:
        if (place / "initdb").is_file() and (place / "postgres").is_file():
            return place
    raise NoServerError(MISSING)


def _version(place: Path) -> int:
    digits = place.parent.name.partition(".")[0]
    return int(digits) if digits.isdigit() else 0


@contextlib.contextmanager
def running() -> Iterator[int]:
    """Start a server and give its port; the superuser is ``postgres``, without a password, from this machine only.

    Raises:
        NoServerError: It cannot be started.
    """
    programs = binaries()
    # initdb refuses root, so the server runs as somebody without rights, who must own its directory.
    drop = _without_rights() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="injuryprev-pg-") as folder:
        data = Path(folder) / "data"
        if drop is not None:
            os.chown(folder, *drop)
        common = {"cwd": folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}}
        made = subprocess.run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
            **_as(drop),
            **common,  # type: ignore[call-overload]
        )
        if made.returncode:
            raise NoServerError(f"initdb failed: {made.stderr.strip() or made.stdout.strip()}")
        port = _free_port()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "jit": "off",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log = Path(folder) / "log"
        # Whatever a planner makes of a question, it must not take the machine with it.
        limited = ["/bin/sh", "-c", f'ulimit -v {_MOST_MEMORY}; exec "$@"', "sh"]
        with log.open("w") as output:
            server = subprocess.Popen(
                [*limited, programs / "postgres", "-D", data, *words],
                stdout=output,
                stderr=output,
                **_as(drop),
                **common,  # type: ignore[call-overload]
            )
        try:
            _wait(server, port, log)
            yield port
        finally:
            # Fast shutdown, by its own process and no other.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(_PATIENCE)


def _without_rights() -> tuple[int, int]:
    entry = pwd.getpwnam(_USER)
    return entry.pw_uid, entry.pw_gid


def _as(drop: tuple[int, int] | None) -> dict[str, object]:
    return {} if drop is None else {"user": drop[0], "group": drop[1], "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            if "ready to accept connections" in log.read_text():
                return
        time.sleep(0.1)
    raise NoServerError(f"the server did not start: {log.read_text().strip()[-2000:]}")
