"""The DLL files of a prefix: finding ours and Wine's, keeping, putting in, taking out."""
import fcntl
import glob
import hashlib
import os
import shutil
import struct

from prefix_state import Refused, remove_aside, restore, write_whole

HERE = os.path.dirname(os.path.realpath(__file__))
OURS = ("msi.dll", "winreg.dll", "advapi32.dll")
# Wine's own, kept beside ours under another name: our DLLs pass on to them what is not ours.
KEPT_BESIDE = {"advapi32.dll": "advapi32_wine.dll", "msi.dll": "msi_wine.dll"}
MACHINES = {0x8664: "x86_64", 0x14C: "i686"}
WINE_FOLDERS = {"x86_64": "x86_64-windows", "i686": "i386-windows"}
# Tells one version of Wine from another: every update of a prefix replaces it.
OF_WINE = "kernelbase.dll"
# Wine's loader takes a file with this mark for a hint to look for its own of that name.
MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
MARK_AT = 0x40


class Place:
    def __init__(self, folder, name, arch):
        self.folder, self.name, self.arch = folder, name, arch

    def file(self, name):
        return os.path.join(self.folder, name)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def digest(path):
    return hashlib.sha256(read(path)).hexdigest()


# -- PE files


class PE:
    def __init__(self, data):
        self.data = data
        if data[:2] != b"MZ" or len(data) < 0x100:
            raise ValueError("not a PE file")
        self.header = struct.unpack_from("<I", data, 0x3C)[0]
        if data[self.header:self.header + 4] != b"PE\0\0":
            raise ValueError("not a PE file")
        self.machine, self.sections = struct.unpack_from("<HH", data, self.header + 4)

    def offset(self, rva):
        optional_size = struct.unpack_from("<H", self.data, self.header + 20)[0]
        table = self.header + 24 + optional_size
        for i in range(self.sections):
            size, start, raw_size, raw = struct.unpack_from("<IIII", self.data, table + 40 * i + 8)
            if start <= rva < start + max(size, raw_size):
                return raw + rva - start
        raise ValueError("an address outside of all sections")

    def exports(self):
        magic = struct.unpack_from("<H", self.data, self.header + 24)[0]
        directory = self.header + 24 + (112 if magic == 0x20B else 96)
        rva = struct.unpack_from("<I", self.data, directory)[0]
        if not rva:
            return set()
        count, _, names = struct.unpack_from("<III", self.data, self.offset(rva) + 24)
        table = self.offset(names)
        found = set()
        for i in range(count):
            at = self.offset(struct.unpack_from("<I", self.data, table + 4 * i)[0])
            found.add(self.data[at:self.data.index(b"\0", at)].decode("ascii", "replace"))
        return found


def arch_of(path):
    try:
        return MACHINES.get(PE(read(path)).machine)
    except (ValueError, struct.error, OSError):
        return None


# -- the prefix


def places(prefix):
    """system32, and syswow64 where there is one, with the architecture of what is in them."""
    found = []
    for name in ("system32", "syswow64"):
        folder = os.path.join(prefix, "drive_c/windows", name)
        if not os.path.isdir(folder):
            continue
        arch = arch_of(os.path.join(folder, "kernel32.dll"))
        if arch is None:
            raise Refused(f"{folder} has no kernel32.dll of a known architecture")
        found.append(Place(folder, name, arch))
    if not found:
        raise Refused(f"{prefix} has no drive_c/windows/system32")
    return found


def server_folders(prefix):
    """Where Wine's server may keep the folder it is known by: under the user's name, or, with
    Debian's Wine, under a name that the prefix's file wineserver holds."""
    info = os.stat(prefix)
    name = f"server-{info.st_dev:x}-{info.st_ino:x}"
    bases = [f"/tmp/.wine-{os.getuid()}", os.path.join(prefix, ".wineserver")]
    bases += glob.glob("/tmp/wine-*")
    if os.environ.get("XDG_RUNTIME_DIR"):
        bases.append(os.path.join(os.environ["XDG_RUNTIME_DIR"], "wine"))
    return [os.path.join(base, name) for base in bases]


def is_running(prefix):
    """Whether a Wine server serves the prefix: it holds a lock on a file in its folder."""
    for folder in server_folders(prefix):
        try:
            with open(os.path.join(folder, "lock"), "r+b") as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.lockf(file, fcntl.LOCK_UN)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue  # a folder of another user's servers is none of this prefix's
        except OSError:
            return True
    return False


# -- where ours are


def our_folder(arch):
    """Beside this script in an unpacked release, or in build/ of the tree."""
    for folder in (os.path.join(HERE, "..", arch), os.path.join(HERE, "..", "build", arch)):
        if os.path.isfile(os.path.join(folder, "winreg.dll")):
            return os.path.normpath(folder)
    return None


def sources(found):
    result = {}
    for place in found:
        folder = our_folder(place.arch)
        missing = [d for d in OURS if not folder or not os.path.isfile(os.path.join(folder, d))]
        if missing:
            raise Refused(f"the {place.arch} DLLs are not here ({', '.join(missing)}); "
                          "run make first")
        result[place.arch] = folder
    return result


def real_wine_dll(place, name):
    """Wine's own DLL: in the prefix, or, where that is a placeholder, in Wine's folder."""
    path = place.file(name)
    if not os.path.isfile(path):
        raise Refused(f"{path} is missing")
    if read(path)[MARK_AT:MARK_AT + len(MARKS[1])] != MARKS[1]:
        return path
    for base in glob.glob("/usr/lib/*/wine") + ["/usr/lib/wine", "/usr/lib64/wine",
                                                "/usr/local/lib/wine", "/opt/wine-stable/lib/wine",
                                                "/opt/wine-stable/lib64/wine"]:
        candidate = os.path.join(base, WINE_FOLDERS[place.arch], name)
        if os.path.isfile(candidate):
            return candidate
    raise Refused(f"{path} is a placeholder, and Wine's own {name} was not found")


def check_compatible(place, folder):
    """Ours must have every export that Wine's has, or programs of this Wine would not start."""
    for name in ("advapi32.dll", "msi.dll"):
        wine = PE(read(real_wine_dll(place, name))).exports()
        ours = PE(read(os.path.join(folder, name))).exports()
        # what Wine's parts ask of each other is found in the DLL kept beside ours
        missing = sorted(n for n in wine - ours if not n.startswith("__wine_"))
        if missing:
            raise Refused(f"this prefix is of a Wine whose {name} has exports that ours has not: "
                          + ", ".join(missing[:8]) + (" ..." if len(missing) > 8 else ""))


# -- keeping, putting in, taking out


def keep(place, state):
    os.makedirs(state.kept(place.name), exist_ok=True)
    for name in OURS:
        if os.path.exists(place.file(name)):
            shutil.copy2(place.file(name), state.kept(place.name, name))
    state.set(f"kept {place.name}", True)


def unmarked(data):
    """One of Wine's DLLs without the mark: it loads from any folder under any name."""
    for mark in MARKS:
        if data[MARK_AT:MARK_AT + len(mark)] == mark:
            return data[:MARK_AT] + bytes(len(mark)) + data[MARK_AT + len(mark):]
    return data


def unmarked_copy(source, target):
    write_whole(target, unmarked(read(source)))


def put(place, folder, state):
    digests = state.get("files", {})
    for name, beside in KEPT_BESIDE.items():
        unmarked_copy(real_wine_dll(place, name), place.file(beside))
        digests[f"{place.name}/{beside}"] = digest(place.file(beside))
    for name in OURS:
        write_whole(place.file(name), read(os.path.join(folder, name)))
        digests[f"{place.name}/{name}"] = digest(place.file(name))
    state.set("files", digests)
    state.set(f"wine {place.name}", digest(place.file(OF_WINE)))


def take_out(place, state):
    """May run more than once: what is back already stays."""
    if not state.get(f"kept {place.name}"):
        return
    for name in (*KEPT_BESIDE.values(), *OURS):
        remove_aside(place.file(name))
        kept = state.kept(place.name, name)
        if os.path.exists(kept):
            restore(kept, place.file(name))
        elif os.path.exists(place.file(name)):
            os.remove(place.file(name))


def problems(found, state):
    texts = []
    by_name = {place.name: place for place in found}
    for key, wanted in sorted(state.get("files", {}).items()):
        place, name = key.split("/")
        path = by_name[place].file(name) if place in by_name else None
        if not path or not os.path.exists(path):
            texts.append(f"{key} is gone")
        elif digest(path) != wanted:
            texts.append(f"{key} was changed or replaced")
    for place in found:
        then = state.get(f"wine {place.name}")
        if then and os.path.exists(place.file(OF_WINE)) and digest(place.file(OF_WINE)) != then:
            texts.append(f"Wine was updated since, and its DLLs beside ours in {place.name} are the "
                         "old ones: uninstall, run wineboot -u, install")
    return texts
