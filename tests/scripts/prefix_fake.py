"""A prefix made by hand, small enough to be made and used hundreds of times, and a model of the
programs in it: they load our DLLs where Wine's rules say so, and then write to the hives; else they
write to Wine's text. The tool runs in a child process, which can end, fail or meet a server at the
n-th change of the file system."""
import ctypes
import errno
import hashlib
import importlib.machinery
import importlib.util
import os
import shutil
import signal
import struct
import subprocess
import sys

TOP = os.path.abspath(sys.argv[1])
HIVE = os.path.join(TOP, "build/opt/hive")
CONFIG = "drive_c/windows/system32/config"
NO_MARK = b"\0" * 20
BUILTIN, PLACEHOLDER = b"Wine builtin DLL", b"Wine placeholder DLL"
MACHINES = {"x86_64": 0x8664, "i686": 0x14C}
CHANGES = [(os, "replace"), (os, "remove"), (os, "makedirs"), (os, "rmdir"), (os, "unlink"),
           (os, "mkdir"), (os, "rename"), (os, "fsync"), (os, "fchmod"), (os, "chmod"),
           (shutil, "copy2"), (shutil, "rmtree"), (shutil, "move"), (subprocess, "run")]

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "tools"))
import prefix_files  # noqa: E402
import prefix_overrides  # noqa: E402
import prefix_text  # noqa: E402

loader = importlib.machinery.SourceFileLoader("prefix", os.path.join(TOP, "tools/prefix"))
tool = importlib.util.module_from_spec(importlib.util.spec_from_loader("prefix", loader))
loader.exec_module(tool)

failures = 0


def fail(text):
    global failures
    failures += 1
    print(text, flush=True)


def ok(condition, text):
    if not condition:
        fail(text)
    return condition


# -- DLLs


def dll(arch, text, mark=NO_MARK, version=None):
    """Enough of a PE file: no exports, `text` to tell it by; with a version it is Decanter's."""
    header = b"MZ" + bytes(58) + struct.pack("<I", 0x80) + mark.ljust(64, b"\0")
    optional = struct.pack("<H", 0x20B if arch == "x86_64" else 0x10B).ljust(240, b"\0")
    pe = b"PE\0\0" + struct.pack("<HHIIIHH", MACHINES[arch], 0, 0, 0, 0, len(optional), 0)
    data = header + pe + optional + text.encode() + bytes(64)
    if version:
        fixed = struct.pack("<IIII", 0xFEEF04BD, 0x10000, version[0] << 16 | version[1],
                            version[2] << 16)
        data += fixed + "CompanyName\0Decanter\0".encode("utf-16-le")
    return data


def write(path, data):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def our_dlls(folder, version):
    """Our DLLs of a version, which the tool takes from then on."""
    for arch in MACHINES:
        for name in ("msi.dll", "winreg.dll", "advapi32.dll"):
            write(os.path.join(folder, arch, name), dll(arch, f"ours {name} {version}",
                                                        version=version))
    prefix_files.our_folder = lambda arch: os.path.abspath(os.path.join(folder, arch))


def wine_dlls(folder, arch, wine, mark=BUILTIN):
    for name in ("kernel32", "kernelbase", "msi", "advapi32"):
        write(os.path.join(folder, name + ".dll"), dll(arch, f"{wine} {name}", mark))


# -- the prefix

HEAD = "WINE REGISTRY Version 2\n;; All keys relative to REGISTRY\\\\{}\n\n#arch=win64\n\n"
LIBRARY = "{000C1092-0000-0000-C000-000000000046}"
SYSTEM = [
    ("Software\\Before", '"gone"="x"\n"last"="none"\n"number"=dword:00000003\n'),
    ("Software\\Before\\Deep", '@="deep"\n'),
    (f"Software\\Classes\\TypeLib\\{LIBRARY}\\1.0\\0\\win32", '@="C:\\\\windows\\\\msi.dll"\n'),
    ("Software\\Microsoft\\Windows NT\\CurrentVersion", '"CurrentVersion"="10.0"\n'),
    ("System\\CurrentControlSet", '"own"="of Wine"\n'),
]
USER = [
    ("Software\\Mine", '"last"="none"\n"text"="a \\"quoted\\" \\x4e2d"\n'),
    ("Software\\Wine\\DllOverrides", '"other"="builtin"\n'),
]


def registry(top, keys):
    time = (1700000000 + 11644473600) * 10**7
    text = "".join(f"[{prefix_text.escaped(key)}] 1700000000\n#time={time:x}\n{values}\n"
                   for key, values in keys)
    return (HEAD.format(top) + text).rstrip("\n") + "\n"


def empty(folder):
    """The folder itself stays: Wine's server is known by its number."""
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)


def make(folder, arches=("x86_64",), mark=BUILTIN, system=(), user=()):
    empty(folder)
    for name, arch in zip(("system32", "syswow64"), arches):
        wine_dlls(os.path.join(folder, "drive_c/windows", name), arch, "wine 1", mark)
    if len(arches) == 1:
        os.makedirs(os.path.join(folder, "drive_c/windows/syswow64"))
    order = prefix_text.in_order
    write(folder + "/system.reg", registry("Machine", order([*SYSTEM, *system])).encode("latin-1"))
    write(folder + "/user.reg", registry("User\\\\S-1", order([*USER, *user])).encode("latin-1"))
    write(folder + "/userdef.reg", registry("User\\\\.Default", [("Software\\Def", '@="d"\n')])
          .encode("latin-1"))
    return folder


def listing(folder):
    found = {}
    for where, folders, names in os.walk(folder):
        for name in [*folders, *names]:
            path = os.path.join(where, name)
            at = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[at] = "-> " + os.readlink(path)
            else:
                found[at] = "" if os.path.isdir(path) else hashlib.sha1(read(path)).hexdigest()
    return found


def same_listing(before, folder, what):
    after = listing(folder)
    names = [n for n in sorted(before.keys() | after.keys()) if before.get(n) != after.get(n)]
    return ok(not names, f"{what}: not as before: {', '.join(names[:5])}")


# -- programs


def value(folder, file_name, key, name):
    """The data as it stands in Wine's text, or None."""
    sections = prefix_text.read_sections(os.path.join(folder, file_name))
    line = prefix_text.values_in(sections, key).get(f'"{name.lower()}"')
    return prefix_text.data_of(line).strip('"') if line else None


def set_text(folder, file_name, key, name, data, memory=None):
    """As a program does it that asks Wine's server."""
    path = os.path.join(memory or folder, file_name)
    sections = prefix_text.read_sections(path)

    def change(values):
        if data is None:
            values.pop(f'"{name.lower()}"', None)
        else:
            values[f'"{name.lower()}"'] = f'"{name}"="{data}"'
    prefix_text.change_key(sections, key, change)
    write(path, prefix_text.joined(sections))


def set_hive(folder, hive, key, name, data):
    subprocess.run([HIVE, "--quiet", "set", os.path.join(folder, CONFIG, hive), key, name, "REG_SZ",
                    data], check=True)


def loads_ours(folder, memory=None):
    """Whether a program started now has our registry."""
    sections = prefix_text.read_sections(os.path.join(memory or folder, "user.reg"))
    if prefix_overrides.missing_overrides(sections, ["registry"]):
        return False
    system32 = os.path.join(folder, "drive_c/windows/system32")
    if not prefix_files.is_decanters(os.path.join(system32, "advapi32.dll")):
        return False
    for name in ("winreg.dll", "advapi32_wine.dll", "config/SOFTWARE", "config/NTUSER.DAT"):
        ok(os.path.exists(os.path.join(system32, name)), f"a program finds no {name}")
    return True


def use(folder, tag, memory=None):
    """A program writes a value of its own and one that all write, for the machine and the user."""
    ours = loads_ours(folder, memory)
    for file_name, hive, at, key in (("system.reg", "SOFTWARE", "", "Before"),
                                     ("user.reg", "NTUSER.DAT", "Software\\", "Mine")):
        for name in (tag, "last"):
            if ours:
                set_hive(folder, hive, at + key, name, tag)
            else:
                set_text(folder, file_name, "Software\\" + key, name, tag, memory)
    return ours


def is_kept(folder, tag):
    """Whether a word is anywhere in what the tool keeps for the user."""
    saved = os.path.join(folder, "decanter-saved")
    return any(tag.encode() in read(os.path.join(where, n)) or
               tag.encode("utf-16-le") in read(os.path.join(where, n))
               for where, _, names in os.walk(saved) for n in names)


def nothing_lost(folder, tags, what):
    """What the programs wrote is in Wine's text, or kept for the user."""
    for file_name, key in (("system.reg", "Software\\Before"), ("user.reg", "Software\\Mine")):
        for tag in tags:
            ok(value(folder, file_name, key, tag) == tag or is_kept(folder, tag),
               f"{what}: {tag} is lost from {file_name}")
        last = value(folder, file_name, key, "last")
        ok(last == (tags or ["none"])[-1] or is_kept(folder, tags[-1]),
           f"{what}: the last is {last} in {file_name}, not {tags[-1:]}")


def is_out(folder, before, what):
    """Nothing of ours is left and Wine's own is back, the registry's text aside."""
    after = listing(folder)
    odd = [n for n in sorted(before.keys() | after.keys()) if before.get(n) != after.get(n) and
           not n.endswith(".reg") and not n.startswith("decanter-saved")]
    ok(not odd, f"{what}: not as before: {', '.join(odd[:5])}")
    for name in ("system.reg", "user.reg", "userdef.reg"):
        text = read(os.path.join(folder, name))
        ok(b"ecanter" not in text and b"msi_wine" not in text and b"native,builtin" not in text,
           f"{what}: something of ours is left in {name}")


# -- the tool


class Said:
    def __init__(self, code, text, changes):
        self.code, self.text, self.changes = code, text, changes


def run(*arguments, at=0, then="end", prefix=None, env=None):
    """The tool in a child. Before its change number `at` it ends, or ("full", "once") fails for
    want of room, from there on or this once, or ("server") meets a server that begins to serve
    `prefix`. code None: it ended there."""
    sys.stdout.flush()
    said = os.path.abspath("said.txt")
    end, start = os.pipe()
    child = os.fork()
    if not child:
        os.close(end)
        os._exit(child_main(arguments, start, said, at, then, prefix, env or {}))
    os.close(start)
    with os.fdopen(end, "rb") as file:
        changes = file.read()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    text = read(said).decode("utf-8", "replace")
    if code == 99:
        fail(f"{' '.join(arguments)}: {text}")
    return Said(None if code == 9 else code, text, int(changes or 0))


def child_main(arguments, start, said, at, then, prefix, env):
    os.environ.update(env)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    count = [0]
    for module, name in CHANGES:
        setattr(module, name, meeting(getattr(module, name), count, at, then, prefix))
    try:
        code = tool.main(list(arguments))
    except BaseException:  # what the user would get as a traceback
        import traceback
        traceback.print_exc()
        code = 99
    sys.stdout.flush()
    sys.stderr.flush()
    os.write(start, str(count[0]).encode())
    return code


def meeting(function, count, at, then, prefix):
    def changed(*arguments, **named):
        count[0] += 1
        if at and (count[0] == at or (then == "full" and count[0] > at and needs_room(function))):
            if then == "end":
                os._exit(9)
            if then == "server":
                begin_server(prefix)
            elif needs_room(function):
                raise OSError(errno.ENOSPC, "No space left on device")
        return function(*arguments, **named)
    return changed


def needs_room(function):
    return getattr(function, "__name__", "") in ("makedirs", "mkdir", "fsync", "copy2")


# -- a server in another mount namespace: it holds no lock that the tool can see


def begin_server(prefix):
    shutil.rmtree("memory", ignore_errors=True)
    os.makedirs("memory")
    for name in ("system.reg", "user.reg", "userdef.reg"):
        shutil.copy(os.path.join(prefix, name), "memory")
    ready, tell = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(ready)
        os.dup2(tell, 100)
        os.closerange(3, 100)
        ctypes.CDLL(None).prctl(15, b"wineserver", 0, 0, 0)
        os.open(prefix, os.O_RDONLY)
        os.write(100, b"x")
        os.close(100)
        signal.pause()
        os._exit(0)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    write("server.pid", str(pid).encode())


def runs(pid):
    """Not one that ended, whether or not somebody has asked how; it can go between two looks."""
    try:
        return b" Z " not in read(f"/proc/{pid}/stat")
    except (FileNotFoundError, ProcessLookupError):
        return False


def end_server():
    """Whether there was one; it has saved its files, if a program wrote."""
    try:
        pid = int(read("server.pid"))
    except FileNotFoundError:
        return False
    os.kill(pid, signal.SIGKILL)
    while runs(pid):
        signal.sigtimedwait([], 0.01)
    os.remove("server.pid")
    return True


def save_server(prefix, names):
    for name in names:
        shutil.copy(os.path.join("memory", name), prefix)


def picked(count, some):
    """All with STEPS=all in the environment, or some spread over them."""
    if os.environ.get("STEPS") == "all" or count <= some:
        return range(1, count + 1)
    return sorted({1 + i * (count - 1) // (some - 1) for i in range(some)})


def result():
    return 1 if failures else 0
