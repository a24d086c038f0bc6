# SPDX-License-Identifier: MIT
"""The registry of a prefix as hives: which keys they hold, making them, their folder."""
import os
import re
import shutil

import prefix_tool as tool
from prefix_disk import Refused, digest, read, remove_asides, replace_by_aside, say, write_aside
from prefix_overrides import MARK_KEY
from prefix_text import is_under, joined, mode_behind, printable_path, read_sections

HERE = os.path.dirname(os.path.realpath(__file__))
TEXT_FILES = ("system.reg", "user.reg", "userdef.reg")
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
SIDE_FILES = re.compile(r"\.(LOG|LOG1|LOG2|image|volatile|side|new)$", re.IGNORECASE)
LOGS = ("", ".LOG1", ".LOG2")
PARTS_FILE = "wine-parts.txt"
# What stands in the folder of the hives when Decanter is installed, with the hives' companions.
OTHER_HIVES = ("SYSTEM", "HARDWARE")  # ours where wine-parts.txt is changed so that they are
OTHERS = ("system", "hardware", PARTS_FILE, "loaded", "committed")


def config(prefix):
    return os.path.join(prefix, "drive_c/windows/system32/config")


def hive_path(prefix, hive):
    return os.path.join(config(prefix), hive)


def is_ours(name):
    """Whether our registry would take a file of that name in its folder for its own. Wine looks for
    names without regard to case, so we do."""
    base = SIDE_FILES.sub("", name).lower()
    return base in OTHERS or base in (hive.lower() for hive in HIVES)


def is_by_us(name):
    """Whether a program with our registry makes files of just that name there."""
    return SIDE_FILES.sub("", name) in (*HIVES, *OTHER_HIVES) or \
        name in (PARTS_FILE, "LOADED", "COMMITTED")


def names_in_config(prefix):
    folder = config(prefix)
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def hives_there(prefix):
    return [h for h in HIVES if os.path.isfile(hive_path(prefix, h))]


def hive_files(prefix):
    return [hive_path(prefix, h) for h in hives_there(prefix)]


def state_of(prefix, hive):
    """A digest of the hive with its logs: the same as long as nobody wrote."""
    path = hive_path(prefix, hive)
    return " ".join(digest(path + end) if os.path.isfile(path + end) and
                    os.path.getsize(path + end) else "-" for end in LOGS)


def check_config(prefix):
    if os.path.islink(config(prefix)):
        raise Refused(f"{config(prefix)} is a link; the hives are not put outside of the prefix")
    if os.path.lexists(config(prefix)) and not os.path.isdir(config(prefix)):
        raise Refused(f"{config(prefix)} is no folder")


# -- which keys are whose


def parts_of(prefix, file_name):
    """The keys of wine-parts.txt that stand in one of Wine's files, relative to its top."""
    roots = {"system.reg": "HKEY_LOCAL_MACHINE", "user.reg": "HKEY_CURRENT_USER"}
    path = hive_path(prefix, PARTS_FILE)
    if not os.path.exists(path):
        path = os.path.join(HERE, PARTS_FILE)
    found = []
    with open(path, encoding="utf-8", errors="replace") as file:
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
    parts = [*parts_of(prefix, file_name), MARK_KEY]

    def owns(key):
        return key is not None and is_under(key, root) and \
            not any(is_under(key, other) for other in others) and \
            not any(is_under(without_view(key), part) for part in parts)
    return owns


def keys_above_parts(sections, owns):
    """Wine names a key only where it has something of its own; those that have nothing but a part
    below them would be lost with it. As sections."""
    named = {key.lower() for key, _ in sections if key is not None}
    found = {}
    for key, text in sections:
        above = key
        while above and not owns(above):
            above = above.rpartition("\\")[0]
        if above and above.lower() not in named:
            names, _, time = text.splitlines()[0].rpartition("]")
            names = names.split("\\\\")[:above.count("\\") + 1]
            found[above.lower()] = (above, "\\\\".join(names) + "]" + time + "\n\n")
    return list(found.values())


# -- making hives


def import_sections(hive, sections, work, root):
    text = os.path.join(work, "import.reg")
    with open(text, "wb") as file:
        file.write(joined(sections))
    tool.run("import", hive, text, *(["--prefix", root] if root else []))


def remove_hive(path):
    for name in os.listdir(os.path.dirname(path)):
        if SIDE_FILES.sub("", name) == os.path.basename(path):
            os.remove(os.path.join(os.path.dirname(path), name))


def culprit(sections, work, root):
    """The first section that cannot be imported, by halves."""
    scratch = os.path.join(work, "SCRATCH")
    head, rest = sections[:1], sections[1:]
    while len(rest) > 1:
        half = rest[:len(rest) // 2]
        remove_hive(scratch)
        try:
            import_sections(scratch, head + half, work, root)
            rest = rest[len(rest) // 2:]
        except tool.Incomplete:
            rest = half
    remove_hive(scratch)
    return rest[0][0]


def make_hive(hive, sections, root, work):
    try:
        import_sections(hive, sections, work, root)
        tool.run("recover", hive)
    except tool.Incomplete as error:
        name = os.path.basename(hive)
        if no_room(error.said):
            raise Refused(f"no room to make the hive {name}: {error.said}") from error
        key = culprit(sections, work, root)
        raise Refused(f"the key {printable_path(key)} cannot be taken into the hive {name}: "
                      f"{error.said}. Delete or rename it (wine regedit) and install again") \
            from error


def no_room(said):
    return re.search(r"disk is full|no space|file too large|not enough space|quota", said,
                     re.IGNORECASE)


def sections_for(prefix, hive):
    file_name, root, _ = HIVES[hive]
    source = os.path.join(prefix, file_name)
    if not os.path.exists(source):
        return []
    sections = read_sections(source)
    owns = owner(prefix, hive)
    chosen = [s for s in sections if s[0] is None or owns(s[0])]
    chosen += keys_above_parts(sections, owns)
    return chosen if len(chosen) > 1 else []


def make_hives(prefix, hives, work):
    """In a folder aside; the names of those that have anything in them."""
    folder = os.path.join(work, "hives")
    os.makedirs(folder, exist_ok=True)
    for hive in hives:
        sections = sections_for(prefix, hive)
        if sections:
            make_hive(os.path.join(folder, hive), sections, HIVES[hive][1], work)
            os.chmod(os.path.join(folder, hive),
                     mode_behind(os.path.join(prefix, HIVES[hive][0])))
    return folder


# -- the folder


def keep_own(prefix, state):
    """Files of the user's that stand where ours go are moved away, before anything is put there."""
    check_config(prefix)
    there = os.path.isdir(config(prefix))
    if state["config"] is None:
        own = [name for name in names_in_config(prefix) if is_ours(name)]
        state.set(config={"was there": there, "own": own})
        for name in own:
            say(f"  {name} in system32/config is not ours: kept aside until the uninstall")
    os.makedirs(state.kept("config"), exist_ok=True)
    for name in state["config"]["own"]:
        if os.path.lexists(hive_path(prefix, name)) and \
                not os.path.lexists(state.kept("config", name)):
            shutil.move(hive_path(prefix, name), state.kept("config", name))


def put_parts_file(prefix):
    os.makedirs(config(prefix), exist_ok=True)
    path = hive_path(prefix, PARTS_FILE)
    if not os.path.isfile(path):
        write_aside(path, read(os.path.join(HERE, PARTS_FILE)))
        replace_by_aside(path)


def convert(prefix, state, hives=tuple(HIVES)):
    """Into a folder aside, then each file to its place."""
    put_parts_file(prefix)
    folder = make_hives(prefix, hives, state.work())
    for hive in hives:
        if os.path.isfile(os.path.join(folder, hive)):
            shutil.move(os.path.join(folder, hive), hive_path(prefix, hive))
            state["made"][hive] = state_of(prefix, hive)
    state.end_work()
    state.save()


def remove_hives(prefix, state):
    """Ours out, the user's own back."""
    if state["config"] is None:
        return
    remove_asides(config(prefix))
    theirs = state["config"].get("theirs", [])  # of version 0.1, which did not move them
    for name in names_in_config(prefix):
        kept = os.path.lexists(state.kept("config", name))
        put_back = name in state["config"]["own"] and not kept
        if is_by_us(name) and name not in theirs and not put_back and \
                not os.path.isdir(hive_path(prefix, name)):
            os.remove(hive_path(prefix, name))
    for name in state["config"]["own"]:
        if os.path.lexists(state.kept("config", name)):
            shutil.move(state.kept("config", name), hive_path(prefix, name))
    if not state["config"]["was there"] and not names_in_config(prefix) and \
            os.path.isdir(config(prefix)):
        os.rmdir(config(prefix))


def without_text(prefix, state):
    """Hives with something in them that no file of Wine's is made of."""
    own = (state["config"] or {}).get("own", []) + (state["config"] or {}).get("theirs", [])
    path = hive_path(prefix, "SYSTEM")
    return ["SYSTEM"] if "SYSTEM" not in own and os.path.isfile(path) and \
        os.path.getsize(path) else []


def changed_hives(prefix, state):
    """Those that were written since they were made, or since the merge that noted them."""
    return [h for h in hives_there(prefix)
            if h not in state["made"] or state["made"][h] != state_of(prefix, h)]


def save_aside(prefix, hives, folder):
    """Copies of hives with their logs, for the user; where they are is said."""
    for hive in hives:
        for end in LOGS:
            if os.path.exists(hive_path(prefix, hive) + end):
                os.makedirs(folder, mode=0o700, exist_ok=True)
                shutil.copy2(hive_path(prefix, hive) + end, os.path.join(folder, hive + end))
    if hives:
        say(f"  kept in {folder}: {', '.join(hives)}")


# -- how things stand


def problems(prefix, state):
    texts = []
    there = hives_there(prefix)
    texts += [f"the hive {hive} is gone" for hive in state["made"] if hive not in there]
    for hive in there:
        if tool.path() and tool.answer("check", hive_path(prefix, hive)):
            texts.append(f"the hive {hive} is damaged (hive check tells where)")
    if not os.path.isfile(hive_path(prefix, PARTS_FILE)):
        texts.append(f"config/{PARTS_FILE} is gone")
    return texts


def notes(prefix):
    own, ours = hive_path(prefix, PARTS_FILE), os.path.join(HERE, PARTS_FILE)
    if os.path.isfile(own) and read(own) != read(ours):
        return [f"config/{PARTS_FILE} is not the one of this version: what it says holds"]
    return []
