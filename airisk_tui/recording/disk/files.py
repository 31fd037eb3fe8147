"""The file operations that recordings need, in one class, so that a test can make each of them fail.

Every file is 0600 and every folder 0700 from the moment it exists (threats.md F2). Only plain files are read (F4), and links are
followed only to a file that the person named.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from airisk_tui.recording.disk.errors import RecordingFailed, RecordingRefused
from airisk_tui.systems import OPEN_FLAGS, OPEN_FLAGS_NO_LINK

FILE_MODE = 0o600
FOLDER_MODE = 0o700


class Files:
    """The system's own operations. All raise OSError; those that open a file raise RecordingRefused where it is not a plain one."""

    def create(self, path: Path) -> int:
        """A new file to append to; fails if the name exists, even as a link to nothing."""
        return os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | OPEN_FLAGS_NO_LINK, FILE_MODE)

    def open_to_append(self, path: Path) -> int:
        """An existing plain file, to read and to append to."""
        return _plain(os.open(path, os.O_RDWR | os.O_APPEND | OPEN_FLAGS_NO_LINK), path)

    def open_to_read(self, path: Path) -> int:
        """An existing plain file, to read."""
        return _plain(os.open(path, os.O_RDONLY | OPEN_FLAGS_NO_LINK), path)

    def write(self, descriptor: int, data: bytes) -> int:
        """Write once; may write less."""
        return os.write(descriptor, data)

    def fsync(self, descriptor: int) -> None:
        """Wait until the data is on disk."""
        os.fsync(descriptor)

    def truncate(self, descriptor: int, length: int) -> None:
        """Cut the file off."""
        os.ftruncate(descriptor, length)

    def close(self, descriptor: int) -> None:
        """Close the descriptor."""
        os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Move within one file system; replaces the target."""
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name; fails if that name exists."""
        os.link(source, target, follow_symlinks=False)

    def make_folder(self, path: Path) -> None:
        """Create the folder and its parents, each accessible only to its owner."""
        # Not `mkdir(parents=True)`, which creates the parents with the umask's mode and not with this one.
        if not path.is_dir():
            self.make_folder(path.parent)
            with contextlib.suppress(FileExistsError):
                path.mkdir(FOLDER_MODE)


SYSTEM = Files()


def is_file(path: Path) -> bool:
    """Whether there is a plain file; False too if the system refuses to look, because the name is too long or the folder is not
    accessible."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_named(path: Path, limit: int) -> bytes:
    """The content of a plain file of at most `limit` bytes that the person named. Links are followed. Raises OSError.

    FIFOs and devices are refused before anything is read, because either could block for ever.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | OPEN_FLAGS)
    except ValueError as error:
        raise OSError(errno.EINVAL, "its name cannot be that of a file") from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a plain file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes")
    return data


def write_whole(files: Files, path: Path, data: bytes) -> None:
    """Create a file with this content and wait until it is on disk. After a failure there is no file."""
    write_pieces(files, path, (data,))


def write_pieces(files: Files, path: Path, pieces: Iterable[bytes]) -> None:
    """Like `write_whole`, for content that is too large for memory."""
    descriptor = files.create(path)
    try:
        try:
            for data in pieces:
                write_all(files, descriptor, data)
            files.fsync(descriptor)
        finally:
            files.close(descriptor)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def replace_whole(files: Files, path: Path, data: bytes) -> None:
    """Replace a file's content atomically: readers see the old content or the new."""
    # Synced before it is renamed: after a power failure a file system may have the name without the content.
    with written_beside(files, path, data) as temporary:
        files.rename(temporary, path)


@contextlib.contextmanager
def written_beside(files: Files, path: Path, data: bytes) -> Iterator[Path]:
    """While entered, a synced temporary file with this content in the same folder, because a rename is atomic only within one file
    system (rename(2), EXDEV). It is deleted afterwards unless it was renamed."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    write_whole(files, temporary, data)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def write_all(files: Files, descriptor: int, data: bytes) -> None:
    """Write all data, in one write if the system accepts it."""
    while data:
        written = files.write(descriptor, data)
        data = data[written:]


@contextlib.contextmanager
def or_failed(what: str) -> Iterator[None]:
    """Turns an OSError into RecordingFailed. what: the beginning of its sentence, which the reason follows."""
    try:
        yield
    except OSError as error:
        raise RecordingFailed(f"{what}: {reason(error)}.") from error


def reason(error: OSError) -> str:
    """The system's message without the path."""
    return error.strerror or str(error.errno or "unknown error")


def _plain(descriptor: int, path: Path) -> int:
    # The open file is checked, not the path, which could be replaced in between (CWE-367).
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise RecordingRefused(f"{path.name} is not a plain file, so it was not opened; give a recording's own path.")
