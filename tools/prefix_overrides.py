# SPDX-License-Identifier: MIT
"""What the tool changes in Wine's own registry files beside the keys that become ours.

user.reg   Software\\Wine\\DllOverrides: our DLLs are loaded instead of Wine's from the moment on in
           which a user.reg with these takes the place of one without. All of an install and of an
           uninstall hangs on that: what comes before can be undone, what comes after be finished.
           Software\\Wine\\Decanter, value Parts: which parts these overrides are for; it is
           there while Decanter is, so that overrides that somebody took out are told from those
           that never were.
each file  Software\\Wine\\Decanter, value Merged: the uninstall that wrote it.
system.reg the file that serves the classes of Windows Installer.
"""
import os
import re

from prefix_disk import Refused, write_whole
from prefix_text import (Key, change_key, data_of, is_under, joined, read_sections, section_in,
                         values_in)

OVERRIDES_KEY = "Software\\Wine\\DllOverrides"
MARK_KEY = "Software\\Wine\\Decanter"
PER_PROGRAM = re.compile(r"software\\wine\\appdefaults\\([^\\]+)\\dlloverrides\Z")
OVERRIDES = {"msi": ("msi", "msi_wine"), "registry": ("advapi32", "advapi32_wine", "winreg")}
WANTED = '"native,builtin"'
CLASSES = "Software\\Classes"
# Wine's own file has the type library of Windows Installer's automation objects.
TYPE_LIBRARY = CLASSES + "\\TypeLib\\{000C1092-0000-0000-C000-000000000046}"


def user_reg(prefix):
    return os.path.join(prefix, "user.reg")


def quoted(name):
    return f'"{name}"'


def names_for(parts):
    return [name for part in parts for name in OVERRIDES[part]]


# -- looking


def marked_parts(sections):
    """The parts that the mark names; None: there is no mark."""
    line = values_in(sections, MARK_KEY).get('"parts"')
    return set(data_of(line).strip('"').split()) if line else None


def mark_of_merge(sections):
    line = values_in(sections, MARK_KEY).get('"merged"')
    return data_of(line).strip('"') if line else None


def missing_overrides(sections, parts):
    values = values_in(sections, OVERRIDES_KEY)
    return [name for name in names_for(parts)
            if not loads_ours(data_of(values.get(quoted(name), '"x"=""')))]


def loads_ours(text):
    """Whether with that override the file in the prefix is looked at first."""
    return text.strip('"').replace(" ", "").lower().split(",")[0] in ("native", "n")


def is_on(sections, parts):
    """Whether programs load these parts. Without a mark, which version 0.1 did not make, the
    overrides tell."""
    marked = marked_parts(sections)
    return set(parts) <= marked if marked is not None else not missing_overrides(sections, parts)


def own_overrides(sections, parts):
    """Programs that have an override of their own by which they load Wine's."""
    found = []
    for key, text in sections:
        match = PER_PROGRAM.match(key.lower()) if key else None
        values = Key(text).values if match else {}
        if any(quoted(n) in values and not loads_ours(data_of(values[quoted(n)]))
               for n in names_for(parts)):
            found.append(match.group(1))
    return found


# -- changing the sections of user.reg


def switch_on(sections, state, parts):
    def change(values):
        for name in names_for(parts):
            old = values.get(quoted(name))
            if old and not loads_ours(data_of(old)) and name not in state["overrides"]:
                state["overrides"][name] = data_of(old)
            elif old and name not in state["overrides"] and name not in names_for(state["parts"]):
                state["overrides"][name] = data_of(old)
            values[quoted(name)] = f'"{name}"={WANTED}'
    change_key(sections, OVERRIDES_KEY, change)
    mark(sections, set(parts) | (marked_parts(sections) or set()))


def switch_off(sections, state, parts):
    """What was there before comes back, unless somebody changed ours since."""
    def change(values):
        for name in names_for(parts):
            now = values.get(quoted(name))
            if now and data_of(now).lower() != WANTED:
                continue
            values.pop(quoted(name), None)
            if name in state["overrides"]:
                values[quoted(name)] = f'"{name}"={state["overrides"][name]}'
    change_key(sections, OVERRIDES_KEY, change)
    drop_if_made(sections, state)
    mark(sections, (marked_parts(sections) or set(state["parts"])) - set(parts))


def drop_if_made(sections, state):
    """A key of overrides that was not there before."""
    index = section_in(sections, OVERRIDES_KEY)
    if index is not None and state["overrides"].get("key") == "made" and \
            not Key(sections[index][1]).values:
        del sections[index]


def note_key(sections, state):
    """Whether the key of overrides is there before the first of ours."""
    if "key" not in state["overrides"]:
        there = section_in(sections, OVERRIDES_KEY) is not None
        state["overrides"]["key"] = "there" if there else "made"


def mark(sections, parts):
    def change(values):
        values['"parts"'] = f'"Parts"="{" ".join(sorted(parts))}"'
    change_key(sections, MARK_KEY, change)


def mark_merge(sections, token):
    def change(values):
        values['"merged"'] = f'"Merged"="{token}"'
    change_key(sections, MARK_KEY, change)


def unmark(sections):
    index = section_in(sections, MARK_KEY)
    if index is None:
        return False
    del sections[index]
    return True


def unmark_merge(sections):
    """The parts stay, if any do."""
    if marked_parts(sections):
        return change_key(sections, MARK_KEY, lambda values: values.pop('"merged"', None))
    return unmark(sections)


def unmark_files(prefix, names):
    """Of what is over."""
    for name in names:
        path = os.path.join(prefix, name)
        sections = read_sections(path) if os.path.exists(path) else []
        if unmark_merge(sections):
            write_whole(path, joined(sections))


# -- which file serves the classes of Windows Installer


def change_paths(prefix, above, old, new):
    """Paths that end in one file's name, in the values at and below a key of system.reg."""
    path = os.path.join(prefix, "system.reg")
    sections = read_sections(path)
    changed = paths_changed(sections, above, old, new)
    if changed != sections:
        write_whole(path, joined(changed))


def paths_changed(sections, above, old, new):
    find = re.compile(r"(\\\\)" + re.escape(old) + '"', re.IGNORECASE)
    return [(key, find.sub(lambda m: m.group(1) + new + '"', text))
            if key and is_under(key, above) else (key, text) for key, text in sections]


def name_type_library(prefix):
    change_paths(prefix, TYPE_LIBRARY, "msi.dll", "msi_wine.dll")


def name_msi_again(prefix):
    """Not the type library alone: Wine's DllRegisterServer notes the file that it runs in."""
    change_paths(prefix, CLASSES, "msi_wine.dll", "msi.dll")


def type_library_is_named(prefix):
    sections = read_sections(os.path.join(prefix, "system.reg"))
    return paths_changed(sections, TYPE_LIBRARY, "msi.dll", "msi_wine.dll") == sections


def read_user(prefix):
    path = user_reg(prefix)
    if not os.path.exists(path):
        raise Refused(f"{path} is missing; start the prefix once with Wine (wineboot)")
    return read_sections(path)
