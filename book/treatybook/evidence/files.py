"""How the package writes: whole files or none, in UTF-8 with LF, and one process at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from treatybook.evidence.errors import InputError
from treatybook.evidence.wording import _

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

LOCK = ".lock"  # lies in the folder that it guards, and is empty
PATIENCE = 30  # seconds that one process waits for another
PAUSE = 0.02  # seconds between two tries


class Unwritable(InputError, PermissionError):
    """A file or folder cannot be written; the message says which, and what to do."""


def write_text(path: Path, text: str) -> None:
    """Write a file and the folders that it lies in; one that holds this text stays as it is.

    The file is replaced whole or not at all: nobody ever reads a part of it.

    Raises
    ------
    Unwritable
        If the folder or the file may not be written, or the disk is full.
    """
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link stays one, and the number keeps two processes apart.
        target = path.resolve()
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        try:
            beside.write_bytes(content)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Tell in one line that a file or folder cannot be written."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        told = _("{path} cannot be written ({reason}): choose another folder")
        raise Unwritable(told.format(path=path, reason=reason)) from error


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other processes from writing into a folder meanwhile; they wait for their turn.

    The system takes the lock back when a process ends, however it ends, so none is left behind.

    Raises
    ------
    Unwritable
        If the folder may not be written, or another process does not finish.
    """
    with writing(folder):
        file = open(folder / LOCK, "ab")  # noqa: SIM115 - closed below, also if it is locked
    with file:
        _wait(file, folder)
        try:
            yield
        finally:
            _unlock(file)


def _wait(file: IO[bytes], folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not _lock(file):
        if time.monotonic() > until:
            told = _("another program is writing into {folder}: try again later")
            raise Unwritable(told.format(folder=folder))
        time.sleep(PAUSE)


def _lock(file: IO[bytes]) -> bool:
    """Whether the lock was free and is ours now."""
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            file.seek(0)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def _unlock(file: IO[bytes]) -> None:
    if fcntl:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
