"""The desk's Unix socket, also for homes whose path is longer than a socket address may be."""

import os
import socket
from pathlib import Path


def bound_socket(home: Path, name: str) -> socket.socket:
    """A listening-ready socket at `home/name`, for the owner of the home only.

    The home is opened as a folder and the socket bound through it, so only `name` counts towards
    the 107 bytes a Unix socket address may have. A socket left by a killed daemon is replaced: the
    home's lock says that nobody else uses it.
    """
    path = home / name
    path.unlink(missing_ok=True)
    folder = os.open(home, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        desk = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        mask = os.umask(0o177)
        try:
            desk.bind(f"/proc/self/fd/{folder}/{name}")
        finally:
            os.umask(mask)
    finally:
        os.close(folder)
    desk.setblocking(False)  # noqa: FBT003 (the name of the standard library)
    return desk
