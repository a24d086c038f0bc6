# SPDX-License-Identifier: MIT
"""Whether anybody uses a prefix, and keeping others out meanwhile.

Wine's server holds a lock on the file `lock` of a folder that is named after the prefix folder's
device and inode: server-DEVICE-INODE in /tmp/.wine-UID or, with Debian's Wine, in the folder of /tmp
that the prefix's file `wineserver` names. Whoever holds that lock keeps a server from starting. A
server in another mount namespace has another /tmp: it is known by the folders that it has open.
"""
import fcntl
import glob
import os
import re

from prefix_disk import Refused, owned_folder

HIVE_USERS = 0x4000000001  # the byte of a hive that everybody who has it open holds a lock on
DEBIANS = re.compile(r"wine-\w{6}\Z")


def server_name(prefix):
    info = os.stat(prefix)
    return f"server-{info.st_dev:x}-{info.st_ino:x}"


def debians_folder(prefix):
    try:
        with open(os.path.join(prefix, "wineserver"), encoding="ascii") as file:
            name = file.read(64).strip()
    except (OSError, ValueError):
        return None
    return os.path.join("/tmp", name) if DEBIANS.match(name) else None


def base_folders(prefix):
    bases = [f"/tmp/.wine-{os.getuid()}", os.path.join(prefix, ".wineserver")]
    bases += glob.glob("/tmp/wine-*")
    if os.environ.get("XDG_RUNTIME_DIR"):
        bases.append(os.path.join(os.environ["XDG_RUNTIME_DIR"], "wine"))
    return bases


def make_folder(base, name):
    """The folder that a server would make; False where it would not take this one."""
    for path in (base, os.path.join(base, name)):
        try:
            os.mkdir(path, 0o700)
        except FileExistsError:
            pass
        except OSError:
            return False
        if not owned_folder(path):
            return False
    return True


def lock_file(folder, make):
    flags = os.O_RDWR | os.O_NOFOLLOW | (os.O_CREAT if make else 0)
    try:
        return os.fdopen(os.open(os.path.join(folder, "lock"), flags, 0o600), "r+b")
    except OSError:
        return None  # a folder of another user's servers is none of this prefix's


def lock_whole(file):
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def in_use(prefix):
    return Refused(f"programs are running in {prefix}; end them first "
                   f"(WINEPREFIX={prefix} wineserver -k)")


def hold(prefix):
    """Keeps servers from starting while the result lives: a list of open files. Refused if one
    runs."""
    name = server_name(prefix)
    ours = {f"/tmp/.wine-{os.getuid()}", debians_folder(prefix)} - {None}
    made = {base for base in ours if make_folder(base, name)}
    held = []
    for base in {*made, *base_folders(prefix)}:
        file = lock_file(os.path.join(base, name), base in made)
        if file and not lock_whole(file):
            raise in_use(prefix)
        if file:
            held.append(file)
    return held


# -- by what processes have open


def is_server(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().startswith("wineserver")
    except OSError:
        return False


def has_open(pid, wanted, name):
    """Whether the process works in the server folder of that name, or has the prefix open."""
    try:
        if os.path.basename(os.readlink(f"/proc/{pid}/cwd")).split(" ")[0] == name:
            return True
        numbers = os.listdir(f"/proc/{pid}/fd")
    except OSError:
        return False
    for number in numbers:
        try:
            info = os.stat(f"/proc/{pid}/fd/{number}")
        except OSError:
            continue
        if (info.st_dev, info.st_ino) == wanted:
            return True
    return False


def servers(prefix):
    """The processes that serve the prefix, in whatever namespace, as far as /proc shows them."""
    info, name = os.stat(prefix), server_name(prefix)
    pids = [int(p) for p in os.listdir("/proc") if p.isdigit()] if os.path.isdir("/proc") else []
    return [pid for pid in pids if pid != os.getpid() and is_server(pid) and
            has_open(pid, (info.st_dev, info.st_ino), name)]


def has_users(hive):
    """Whether any program, of Wine's or not, has a hive open."""
    try:
        with open(hive, "r+b") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, HIVE_USERS)
            fcntl.lockf(file, fcntl.LOCK_UN, 1, HIVE_USERS)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def look(prefix, hives):
    """Refused if somebody is there that the held lock does not keep out."""
    found = servers(prefix)
    if found:
        raise Refused(f"programs are running in {prefix}, perhaps in a container: their server is "
                      f"process {found[0]}; end them first")
    used = [path for path in hives if has_users(path)]
    if used:
        raise Refused(f"a program has {used[0]} open; end it first")


def is_running(prefix):
    """Looks only, and keeps nobody out."""
    name = server_name(prefix)
    for base in {debians_folder(prefix) or "", *base_folders(prefix)} - {""}:
        file = lock_file(os.path.join(base, name), False)
        if not file:
            continue
        with file:
            if not lock_whole(file):
                return True
    return bool(servers(prefix))
