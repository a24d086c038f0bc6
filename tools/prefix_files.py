# SPDX-License-Identifier: MIT
"""The DLL files of a prefix: finding ours and Wine's, keeping, putting in, taking out.

`kept` in the state names, for each folder, the files whose original is in .decanter/original, or
was not there. A file is taken out only if it is ours: what somebody put there since is left.
"""
import os

from prefix_disk import (Refused, digest, move_back, read, remove, remove_aside, replace_by_aside,
                         restore, same, say, write_aside, write_whole)
from prefix_pe import (arch_of, exports_of, is_decanters, is_placeholder, marked_again, unmarked,
                       version_of)
from prefix_wine import OF_WINE

HERE = os.path.dirname(os.path.realpath(__file__))
# Of each part: our DLLs, and Wine's own kept beside them under another name, to which ours pass on
# what is not ours.
OURS = {"msi": ("msi.dll",), "registry": ("winreg.dll", "advapi32.dll")}
BESIDE = {"msi": {"msi_wine.dll": "msi.dll"}, "registry": {"advapi32_wine.dll": "advapi32.dll"}}


def names_of(parts):
    """Every file of the parts, ours and the ones beside."""
    return [name for part in parts for name in (*BESIDE[part], *OURS[part])]


class Place:
    def __init__(self, folder, name, arch):
        self.folder, self.name, self.arch = folder, name, arch

    def file(self, name):
        return os.path.join(self.folder, name)


def places(prefix):
    """system32, and syswow64 where programs run in it, with the architecture of what is in them. A
    64-bit Wine makes a syswow64 with nothing in it."""
    found = []
    for name in ("system32", "syswow64"):
        folder = os.path.join(prefix, "drive_c/windows", name)
        kernel = os.path.join(folder, "kernel32.dll")
        if not os.path.isdir(folder) or (name == "syswow64" and not os.path.isfile(kernel)):
            continue
        arch = arch_of(kernel)
        if arch is None:
            raise Refused(f"{folder} has no kernel32.dll of a known architecture")
        found.append(Place(folder, name, arch))
    if not found or found[0].name != "system32":
        raise Refused(f"{prefix} has no drive_c/windows/system32")
    return found


# -- where ours are


def our_folder(arch):
    """Beside this script in an unpacked release, or in build/ of the tree."""
    for folder in (os.path.join(HERE, "..", arch), os.path.join(HERE, "..", "build", arch)):
        if os.path.isfile(os.path.join(folder, "winreg.dll")):
            return os.path.normpath(folder)
    return None


def sources(found, parts):
    result = {}
    for place in found:
        folder = our_folder(place.arch)
        missing = [d for part in parts for d in OURS[part]
                   if not folder or not os.path.isfile(os.path.join(folder, d))]
        if missing:
            raise Refused(f"the {place.arch} DLLs are not here ({', '.join(missing)}); "
                          "run make first")
        result[place.arch] = folder
    return result


def our_version():
    """Of the DLLs that this tool puts in."""
    for arch in ("x86_64", "i686"):
        folder = our_folder(arch)
        if folder:
            return version_of(os.path.join(folder, "winreg.dll"))
    return None


# -- Wine's own


def real_in_prefix(place, name, state):
    """Wine's own DLL as the prefix has it, kept or in place; None: a placeholder, or gone."""
    for path in (place.file(name), state.kept(place.name, name)):
        if os.path.isfile(path) and not is_placeholder(path) and not is_decanters(path):
            return path
    return None


def wine_dll(place, name, state, wine):
    path = None if wine_was_updated(place, state) else real_in_prefix(place, name, state)
    if path:
        return path
    path = os.path.join(wine.folder(place), name)
    if not os.path.isfile(path):
        raise Refused(f"{path} is missing")
    return path


def wine_was_updated(place, state):
    then = state["wine"].get(place.name)
    return bool(then) and os.path.exists(place.file(OF_WINE)) and \
        digest(place.file(OF_WINE)) != then


def check_compatible(place, folder, state, wine, parts):
    """Ours must have every export that Wine's has, or programs of this Wine would not start."""
    for name in (n for part in parts for n in BESIDE[part].values()):
        theirs = exports_of(wine_dll(place, name, state, wine))
        # what Wine's parts ask of each other is found in the DLL kept beside ours
        missing = sorted(n for n in theirs - exports_of(os.path.join(folder, name))
                         if not n.startswith("__wine_"))
        if missing:
            raise Refused(f"this prefix is of a Wine whose {name} has exports that ours has not: "
                          + ", ".join(missing[:8]) + (" ..." if len(missing) > 8 else ""))


# -- keeping


def keep(place, state, parts):
    """The originals, once: what is kept already is not looked at again, and half a copy is none."""
    os.makedirs(state.kept(place.name), exist_ok=True)
    done = state["kept"].setdefault(place.name, [])
    for name in names_of(parts):
        if name in done:
            continue
        if os.path.lexists(place.file(name)) and not is_decanters(place.file(name)):
            restore(place.file(name), state.kept(place.name, name))
        else:
            remove(state.kept(place.name, name))  # of an uninstall that was cut short at its end
        done.append(name)
    state.save()


def keep_updated(place, state, wine, parts):
    """After an update of Wine, its new DLLs are the originals, if real ones were kept."""
    if not wine_was_updated(place, state):
        return
    for name in (n for part in parts for n in BESIDE[part].values()):
        kept = state.kept(place.name, name)
        if os.path.lexists(kept) and (os.path.islink(kept) or is_placeholder(kept)):
            continue
        restore(wine_dll(place, name, state, wine), kept)


# -- putting in


def unmarked_copy(source, target):
    write_whole(target, unmarked(read(source)))


def new_files(place, folder, state, wine, parts):
    """What goes in: each name with its bytes."""
    for part in parts:
        for name, original in BESIDE[part].items():
            yield name, unmarked(read(wine_dll(place, original, state, wine)))
        for name in OURS[part]:
            yield name, read(os.path.join(folder, name))


def put(place, folder, state, wine, parts):
    """All are made aside first: what can fail has then been done."""
    names = []
    try:
        for name, data in new_files(place, folder, state, wine, parts):
            write_aside(place.file(name), data)
            names.append(name)
    except (OSError, Refused):
        for name in names:
            remove_aside(place.file(name))
        raise
    for name in names:
        replace_by_aside(place.file(name))


def note(found, state, wine, parts):
    """What is in place now, in the state."""
    for place in found:
        for name in names_of(parts):
            state["files"][f"{place.name}/{name}"] = digest(place.file(name))
        if os.path.exists(place.file(OF_WINE)):
            state["wine"][place.name] = digest(place.file(OF_WINE))
    state.set(version=our_version(), wine_is=wine.version(found[0]))


# -- taking out


def is_ours(place, name, state):
    path = place.file(name)
    if os.path.islink(path) or not os.path.isfile(path):
        return False
    return is_decanters(path) or digest(path) == state["files"].get(f"{place.name}/{name}") or \
        any(name in BESIDE[part] for part in BESIDE)


def without_original(place, name):
    """Ours where nothing is kept: Wine's own is the one beside it, without the mark."""
    for part in BESIDE:
        for beside, original in BESIDE[part].items():
            if original == name and os.path.isfile(place.file(beside)):
                write_whole(place.file(name), marked_again(read(place.file(beside))))
                return
    remove(place.file(name))


def is_untouched(place, name, state):
    """Of an install that ended before the file was kept: what is there is whose it was. The token is
    empty where the state was found out, and may not know."""
    doing = state["doing"]
    return doing and doing["what"] == "install" and doing["token"] and \
        name not in state["kept"].get(place.name, [])


def give_back(place, name, kept):
    """One beside ours is not known by what it holds: it stays kept too until the state forgets it, or
    who goes on after a kill would take the user's own for ours that had no original."""
    if any(name in BESIDE[part] for part in BESIDE):
        restore(kept, place.file(name))
    else:
        move_back(kept, place.file(name))


def take_out_one(place, name, state):
    remove_aside(place.file(name))
    if is_untouched(place, name, state):
        return
    kept = state.kept(place.name, name)
    ours = is_ours(place, name, state)
    if os.path.lexists(kept) and (ours or not os.path.lexists(place.file(name))):
        give_back(place, name, kept)
    elif ours and name in state["kept"].get(place.name, []) and not state.damaged:
        remove(place.file(name))
    elif ours:
        without_original(place, name)
    elif os.path.lexists(kept) and not same(kept, place.file(name)) and \
            not os.path.samefile(kept, place.file(name)) and read(kept) != read(place.file(name)):
        say(f"  {place.name}/{name} is not ours any more: left as it is")


def take_out(place, state, parts):
    """May run more than once: what is back already stays. Ours before those beside, which a DLL of
    ours without an original is made of."""
    for name in reversed(names_of(parts)):
        take_out_one(place, name, state)


def forget(found, state, parts):
    """The originals are in place: the state knows nothing more of them, from its next save on."""
    for place in found:
        for name in names_of(parts):
            state["files"].pop(f"{place.name}/{name}", None)
            if name in state["kept"].get(place.name, []):
                state["kept"][place.name].remove(name)


def remove_kept(found, state, parts):
    for place in found:
        for name in names_of(parts):
            remove(state.kept(place.name, name))


# -- how things stand


def problems(found, state, parts):
    texts = []
    by_name = {place.name: place for place in found}
    for key, wanted in sorted(state["files"].items()):
        folder, name = key.split("/", 1)
        path = by_name[folder].file(name) if folder in by_name else None
        if not path or not os.path.exists(path):
            texts.append(f"{key} is gone")
        elif digest(path) != wanted:
            texts.append(f"{key} was changed or replaced")
    for place in found:
        if wine_was_updated(place, state):
            texts.append(f"Wine was updated since, and its DLLs beside ours in {place.name} are the "
                         "old ones: install again")
        if any(f"{place.name}/{name}" not in state["files"] for name in names_of(parts)):
            texts.append(f"{place.name} has programs' DLLs of {place.arch} and not ours: install "
                         "again")
    return texts


def differences(found, state, parts, folders):
    """Names of ours in the prefix that are other than those of this tool."""
    return [f"{place.name}/{name}" for place in found for part in parts for name in OURS[part]
            if place.arch in folders and os.path.isfile(place.file(name)) and
            digest(place.file(name)) != digest(os.path.join(folders[place.arch], name))]


def wine_original(place, name, state, wine):
    """The bytes of Wine's own DLL where none is kept: of its folder, or of the one beside ours."""
    try:
        return read(wine_dll(place, name, state, wine))
    except Refused:
        for part in BESIDE:
            for beside, original in BESIDE[part].items():
                if original == name and os.path.isfile(place.file(beside)):
                    return marked_again(read(place.file(beside)))
        raise
