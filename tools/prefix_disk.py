# SPDX-License-Identifier: MIT
"""Files on disk: written whole or not at all, never through a link that somebody put in the way."""
import errno
import filecmp
import hashlib
import os
import shutil
import stat


class Refused(Exception):
    """A sentence for the user; nothing was changed, or what was is said."""


unsaid = []  # what could not be printed


def say(text):
    """A reader that has gone away, or a full disk behind the output, stops no install half-way."""
    try:
        print(text, flush=True)
    except OSError:
        unsaid.append(text)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


def aside(path):
    """Where the new content of a file is made; nobody else uses such a name."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name}.decanter-new")


def remove(path):
    """A file or a link, never what the link leads to; nothing there is as good."""
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def remove_aside(path):
    """What a write of the file left that was cut short."""
    remove(aside(path))


def remove_asides(folder):
    for name in os.listdir(folder) if os.path.isdir(folder) else []:
        if name.startswith(".") and name.endswith(".decanter-new"):
            remove(os.path.join(folder, name))


def behind_links(path):
    """A registry file that is a link stays one, as with Wine: what it leads to is written."""
    return os.path.realpath(path) if os.path.islink(path) else path


def write_aside(path, data, mode=0o644):
    """The aside of `path` with that content, on the disk; replace_by_aside() puts it in place."""
    remove_aside(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with os.fdopen(os.open(aside(path), flags, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), mode)
    except OSError:
        remove_aside(path)
        raise


def replace_by_aside(path):
    os.replace(aside(path), path)


def mode_of(path, default):
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except OSError:
        return default


def write_whole(path, data, mode=0o644):
    """The old content or the new one, whatever happens. An existing file keeps its mode."""
    path = behind_links(path)
    write_aside(path, data, mode_of(path, mode))
    replace_by_aside(path)


def copy_as_is(source, target):
    """With its time; a link as a link."""
    remove(target)
    shutil.copy2(source, target, follow_symlinks=False)


def same(one, other):
    if os.path.islink(one) or os.path.islink(other):
        return os.path.islink(one) and os.path.islink(other) and \
            os.readlink(one) == os.readlink(other)
    return os.path.isfile(other) and filecmp.cmp(one, other, shallow=False)


def restore(kept, path):
    """The file as it was kept, with its time; one that is so already stays, and needs no room."""
    if same(kept, path):
        return
    copy_as_is(kept, aside(path))
    os.replace(aside(path), path)


def move_back(kept, path):
    """As restore(), and what was kept is gone then: on one file system this needs no room."""
    try:
        os.replace(kept, path)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        restore(kept, path)
        remove(kept)


def owned_folder(path):
    """Whether a folder is there that is this user's and no link."""
    try:
        info = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(info.st_mode) and info.st_uid == os.getuid()
