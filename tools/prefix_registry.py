"""The registry of a prefix: Wine's text files into hives and back, overrides, what stays Wine's."""
import os
import re
import shutil
import subprocess
import tempfile

from prefix_state import Refused, remove_aside, restore, write_whole

HERE = os.path.dirname(os.path.realpath(__file__))
TEXT_FILES = ("system.reg", "user.reg", "userdef.reg")
OVERRIDES_KEY = "Software\\\\Wine\\\\DllOverrides"
OVERRIDES = ("advapi32", "advapi32_wine", "msi", "msi_wine", "winreg")
# Each hive: the file of Wine's it comes from, the key that is its root there, and the keys below
# that are another hive's or nobody's.
HIVES = {
    "SOFTWARE": ("system.reg", "Software", ()),
    "SAM": ("system.reg", "SAM", ()),
    "SECURITY": ("system.reg", "SECURITY", ()),
    "NTUSER.DAT": ("user.reg", "", ("Software\\Classes",)),
    "UsrClass.dat": ("user.reg", "Software\\Classes", ()),
    "DEFAULT": ("userdef.reg", "", ()),
}
CLASSES = "Software\\Classes"
# Wine's own file has the type library of Windows Installer's automation objects.
TYPE_LIBRARY = CLASSES + "\\TypeLib\\{000C1092-0000-0000-C000-000000000046}"
SIDE_FILES = re.compile(r"\.(LOG|LOG1|LOG2|image|volatile|side|new)$")


def config(prefix):
    return os.path.join(prefix, "drive_c/windows/system32/config")


def tool():
    for path in (os.path.join(HERE, "hive"), os.path.join(HERE, "../bin/hive"),
                 os.path.join(HERE, "../build/opt/hive")):
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def check_tool():
    if not tool():
        raise Refused("the hive tool is not here; run make first")


def run_tool(*arguments):
    result = subprocess.run([tool(), *arguments], capture_output=True, text=True)
    if result.returncode not in (0, 1):
        raise Refused("hive " + arguments[0] + ": " + result.stderr.strip())
    return result


# -- Wine's text as sections: (key path, text), the head first with None

ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)")


def unescape(text):
    def one(match):
        body = match.group(1)
        if body[0] == "x" and len(body) > 1:
            return chr(int(body[1:], 16))
        if body[0] in "01234567":
            return chr(int(body, 8))
        return {"n": "\n", "r": "\r", "t": "\t"}.get(body, body)
    return ESCAPE.sub(one, text)


def section_path(line):
    """The key of a line such as "[Software\\\\Wine] 1700000000"."""
    end, i = None, 1
    while i < len(line):
        if line[i] == "\\":
            i += 1
        elif line[i] == "]":
            end = i
            break
        i += 1
    return unescape(line[1:end])


def read_sections(path):
    sections = [(None, [])]
    with open(path, encoding="latin-1", newline="\n") as file:
        for line in file:
            if line.startswith("["):
                sections.append((section_path(line), []))
            sections[-1][1].append(line)
    return [(key, "".join(lines)) for key, lines in sections]


def write_sections(path, sections):
    text = "".join(text for _, text in sections).rstrip("\n") + "\n"
    write_whole(path, text.encode("latin-1"))


def is_under(key, above):
    key, above = key.lower(), above.lower()
    return not above or key == above or key.startswith(above + "\\")


# -- keeping, converting


def keep(state):
    prefix = os.path.dirname(state.folder)
    os.makedirs(state.kept(), exist_ok=True)
    for name in TEXT_FILES:
        if os.path.exists(os.path.join(prefix, name)):
            shutil.copy2(os.path.join(prefix, name), state.kept(name))
    state.set("kept registry", True)
    state.set("config was there", os.path.isdir(config(prefix)))
    state.set("config files", os.listdir(config(prefix)) if os.path.isdir(config(prefix)) else [])


def parts_of(prefix, file_name):
    """The keys of wine-parts.txt that stand in one of Wine's files, relative to its top."""
    roots = {"system.reg": "HKEY_LOCAL_MACHINE", "user.reg": "HKEY_CURRENT_USER"}
    found = []
    path = os.path.join(config(prefix), "wine-parts.txt")
    if not os.path.exists(path):
        path = os.path.join(HERE, "wine-parts.txt")
    with open(path, encoding="utf-8") as file:
        for line in file:
            root, _, key = line.split("#")[0].strip().partition("\\")
            if root and root == roots.get(file_name):
                found.append(key)
    return found


def without_view(key):
    """Without the components that name the 32-bit view: a part is a part in both views."""
    return "\\".join(c for c in key.split("\\") if c.lower() != "wow6432node")


def owner(prefix, hive):
    """A function that tells whether a key of Wine's file is the hive's."""
    file_name, root, others = HIVES[hive]
    parts = parts_of(prefix, file_name)

    def is_ours(key):
        return key is not None and is_under(key, root) and \
            not any(is_under(key, other) for other in others) and \
            not any(is_under(without_view(key), part) for part in parts)
    return is_ours


def keys_above_parts(sections, is_ours):
    """Wine names a key only where it has something of its own; those that have nothing but a part
    below them would be lost with it. As sections."""
    named = {key.lower() for key, _ in sections if key is not None}
    found = {}
    for key, text in sections:
        above = key
        while above and not is_ours(above):
            above = above.rpartition("\\")[0]
        if above and above.lower() not in named:
            names, _, time = text.splitlines()[0].rpartition("]")
            names = names.split("\\\\")[:above.count("\\") + 1]
            found[above.lower()] = (above, "\\\\".join(names) + "]" + time + "\n\n")
    return list(found.values())


def convert_one(prefix, hive, folder, work):
    file_name, root, _ = HIVES[hive]
    source = os.path.join(prefix, file_name)
    if not os.path.exists(source):
        return
    sections = read_sections(source)
    is_ours = owner(prefix, hive)
    chosen = [s for s in sections if s[0] is None or is_ours(s[0])]
    chosen += keys_above_parts(sections, is_ours)
    if len(chosen) < 2:
        return
    text = os.path.join(work, hive + ".reg")
    write_sections(text, chosen)
    run_tool("import", os.path.join(folder, hive), text, *(["--prefix", root] if root else []))
    run_tool("recover", os.path.join(folder, hive))


def convert(prefix, state):
    """Into a folder aside, then each file to its place."""
    folder = config(prefix)
    os.makedirs(folder, exist_ok=True)
    shutil.copy(os.path.join(HERE, "wine-parts.txt"), os.path.join(folder, "wine-parts.txt"))
    with tempfile.TemporaryDirectory(dir=state.folder) as work:
        aside = os.path.join(work, "hives")
        os.makedirs(aside)
        for hive in HIVES:
            convert_one(prefix, hive, aside, work)
        for name in sorted(os.listdir(aside)):
            if not SIDE_FILES.search(name):
                shutil.move(os.path.join(aside, name), os.path.join(folder, name))


def hives_there(prefix):
    return [h for h in HIVES if os.path.isfile(os.path.join(config(prefix), h))]


def problems(prefix):
    texts = []
    for hive in hives_there(prefix):
        if tool() and subprocess.run([tool(), "check", os.path.join(config(prefix), hive)],
                                     capture_output=True).returncode:
            texts.append(f"the hive {hive} is damaged (hive check tells where)")
    if not os.path.isfile(os.path.join(config(prefix), "wine-parts.txt")):
        texts.append("config/wine-parts.txt is gone")
    return texts


# -- overrides, in user.reg's text

VALUE = re.compile(r'^"([^"]*)"=(.*)$')


def change_overrides(prefix, change):
    """Calls change(values) with the values of the overrides key, in order, as a dict of texts."""
    path = os.path.join(prefix, "user.reg")
    sections = read_sections(path)
    index = next((i for i, (key, _) in enumerate(sections)
                  if key and key.lower() == unescape(OVERRIDES_KEY).lower()), None)
    if index is None:
        sections.append((unescape(OVERRIDES_KEY), f"\n[{OVERRIDES_KEY}] 0\n"))
        index = len(sections) - 1
    key, text = sections[index]
    lines = text.splitlines()
    values = dict(m.groups() for m in map(VALUE.match, lines) if m)
    before = dict(values)
    change(values)
    if values == before:
        return
    rest = [line for line in lines if not VALUE.match(line)]
    while rest and not rest[-1]:
        rest.pop()
    body = [f'"{name}"={value}' for name, value in values.items()]
    sections[index] = (key, "\n".join(rest + body) + "\n\n")
    write_sections(path, sections)


def set_overrides(prefix, state):
    def change(values):
        state.set("overrides before", {n: values[n] for n in OVERRIDES if n in values})
        for name in OVERRIDES:
            values[name] = '"native,builtin"'
    change_overrides(prefix, change)


def clear_overrides(prefix, state):
    def change(values):
        before = state.get("overrides before", {})
        for name in OVERRIDES:
            values.pop(name, None)
            if name in before:
                values[name] = before[name]
    change_overrides(prefix, change)


# -- which file serves the classes of Windows Installer


def change_paths(prefix, above, old, new):
    """Paths that end in one file's name, in the values at and below a key of system.reg."""
    path = os.path.join(prefix, "system.reg")
    find = re.compile(r"(\\\\)" + re.escape(old) + '"', re.IGNORECASE)
    sections = read_sections(path)
    changed = [(key, find.sub(lambda m: m.group(1) + new + '"', text))
               if key and is_under(key, above) else (key, text) for key, text in sections]
    if changed != sections:
        write_sections(path, changed)


def name_type_library(prefix):
    change_paths(prefix, TYPE_LIBRARY, "msi.dll", "msi_wine.dll")


def name_msi_again(prefix):
    """Not the type library alone: Wine's DllRegisterServer notes the file that it runs in."""
    change_paths(prefix, CLASSES, "msi_wine.dll", "msi.dll")


# -- back


def exported(prefix, hive, work):
    """The hive as sections of Wine's text, keys as in Wine's file."""
    _, root, _ = HIVES[hive]
    out = os.path.join(work, hive + ".reg")
    try:
        run_tool("export", os.path.join(config(prefix), hive), "--wine", "--out", out,
                 *(["--prefix", root] if root else []))
    except Refused as error:
        raise Refused(f"the hive {hive} cannot be read ({error}); put a sound one in its place, or "
                      "leave all changes out with uninstall --drop") from error
    return [s for s in read_sections(out) if s[0] is not None]


def keys_above(sections):
    found = set()
    for key, _ in sections:
        above = key.lower().rpartition("\\")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("\\")[0]
    return found


def has_nothing_of_its_own(text):
    return all(line.startswith("#time=") for line in text.splitlines()[1:] if line)


def merge_back(prefix, state):
    """Wine's files with what the hives hold: keys that stay Wine's as they stand, the rest ours."""
    merged = {}
    with tempfile.TemporaryDirectory(dir=state.folder) as work:
        for file_name in TEXT_FILES:
            path = os.path.join(prefix, file_name)
            ours = [h for h in hives_there(prefix) if HIVES[h][0] == file_name]
            if not ours or not os.path.exists(path):
                continue
            sections = read_sections(path)
            head = sections[0]
            owners = {hive: owner(prefix, hive) for hive in ours}
            rest = [s for s in sections[1:] if not any(mine(s[0]) for mine in owners.values())]
            above = keys_above(rest)
            for hive in ours:
                rest += [s for s in exported(prefix, hive, work)
                         if owners[hive](s[0]) and not is_machinery(hive, s) and
                         not (s[0].lower() in above and has_nothing_of_its_own(s[1]))]
            rest.sort(key=lambda s: [part.lower() for part in s[0].split("\\")])
            merged[file_name] = [head] + [(k, with_one_blank_line(t)) for k, t in rest]
    return merged


def is_machinery(hive, section):
    """The link from the user's hive to the hive of his classes, which Wine has as one."""
    return hive == "NTUSER.DAT" and is_under(section[0], "Software\\Classes")


def with_one_blank_line(text):
    return text.strip("\n") + "\n\n"


def write_merged(prefix, merged, state):
    for file_name, sections in (merged or {}).items():
        write_sections(os.path.join(prefix, file_name), sections)
    state.set("registry written", True)


def put_back(prefix, state):
    if not state.get("kept registry"):
        return
    for name in TEXT_FILES:
        remove_aside(os.path.join(prefix, name))
        if os.path.exists(state.kept(name)):
            restore(state.kept(name), os.path.join(prefix, name))


def remove_hives(prefix, state):
    folder = config(prefix)
    if not state.get("kept registry") or not os.path.isdir(folder):
        return
    for name in os.listdir(folder):
        base = SIDE_FILES.sub("", name)
        if name not in state.get("config files", []) and \
                (base in HIVES or base in ("SYSTEM", "HARDWARE") or
                 name in ("wine-parts.txt", "LOADED", "COMMITTED")):
            os.remove(os.path.join(folder, name))
    if not state.get("config was there") and not os.listdir(folder):
        os.rmdir(folder)
