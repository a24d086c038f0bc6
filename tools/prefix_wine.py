# SPDX-License-Identifier: MIT
"""Which Wine a prefix belongs to, and where that Wine keeps its DLLs.

A prefix made by some Wines has placeholders in its folders, with nothing of the real DLLs in them.
The real ones come from the Wine that last updated the prefix. How it is told: .update-timestamp in
the prefix is the time of that Wine's wine.inf; where the prefix has real DLLs, they are its own.
"""
import glob
import os
import re
import shutil

from prefix_disk import Refused, digest, read
from prefix_pe import is_placeholder

FOLDERS = {"x86_64": "x86_64-windows", "i686": "i386-windows"}
UNIX = {"x86_64": "x86_64-unix", "i686": "i386-unix"}
# Tells one version of Wine from another: every update of a prefix replaces it.
OF_WINE = "kernelbase.dll"
BELOW = ("", "wine", "lib/wine", "lib64/wine", "lib32/wine", "lib/*/wine", "*/wine",
         "files/lib/wine", "files/lib64/wine", "dist/lib/wine", "dist/lib64/wine")
USUAL = ("/usr/lib/*/wine", "/usr/lib/wine", "/usr/lib64/wine", "/usr/local/lib/wine",
         "/usr/local/lib64/wine", "/opt/wine-*/lib/wine", "/opt/wine-*/lib64/wine",
         "/usr/lib/*/wine-development")
VERSION = re.compile(rb"wine-\d+\.\d[^\0\n]{0,60}")


class Wine:
    """Which Wine the user named (--wine), or None."""

    def __init__(self, prefix, named):
        self.prefix, self.named = prefix, os.path.expanduser(named) if named else None

    # -- where to look

    def below(self, bases, arch):
        """Folders of DLLs of that architecture in or below the bases."""
        found = []
        for base in bases:
            if os.path.basename(os.path.normpath(base)) == FOLDERS[arch]:
                found.append(os.path.normpath(base))
            for sub in BELOW:
                found += sorted(glob.glob(os.path.join(glob.escape(base), sub, FOLDERS[arch])))
        unique = dict.fromkeys(os.path.realpath(f) for f in found if os.path.isdir(f))
        return list(unique)

    def of_loader(self, loader, arch):
        """The folders of the installation that a loader, such as /opt/wine/bin/wine, is part of."""
        at = os.path.dirname(os.path.realpath(loader))
        for base in (os.path.dirname(at), at, os.path.dirname(os.path.dirname(at))):
            found = self.below([base], arch) if base != "/" else []
            if found:
                return found
        return []

    def by_user(self, arch):
        """What the user names, as (how, folders), or None."""
        if self.named:
            return f"--wine {self.named}", self.below([self.named], arch)
        path, loader = (os.environ.get(name) for name in ("WINEDLLPATH", "WINELOADER"))
        for how, found in (("WINEDLLPATH", self.below(path.split(":"), arch) if path else []),
                           (f"WINELOADER ({loader})",
                            self.of_loader(loader, arch) if loader else [])):
            # such a path may name other folders of DLLs beside Wine's, or none of Wine's
            found = [f for f in found if os.path.isfile(os.path.join(f, "advapi32.dll"))]
            if found:
                return how, found
        return None

    def usual(self, arch):
        loader = shutil.which("wine") or shutil.which("wine64")
        found = self.of_loader(loader, arch) if loader else []
        for pattern in USUAL:
            found += self.below(sorted(glob.glob(pattern)), arch)
        return list(dict.fromkeys(found))

    # -- whose prefix it is

    def stamp(self):
        try:
            with open(os.path.join(self.prefix, ".update-timestamp"), encoding="ascii") as file:
                return int(file.read(32))
        except (OSError, ValueError):
            return None  # "disable", or a prefix that nobody has started yet

    def belongs(self, folder, place):
        """Whether the prefix is of the Wine with that folder; None: it cannot be told."""
        own, theirs = place.file(OF_WINE), os.path.join(folder, OF_WINE)
        if os.path.isfile(own) and os.path.isfile(theirs) and not is_placeholder(own):
            return digest(own) == digest(theirs)
        stamp, inf = self.stamp(), inf_of(folder)
        if stamp is None or inf is None:
            return None
        return int(os.stat(inf).st_mtime) == stamp

    def folder(self, place):
        """Where the DLLs of the prefix's Wine are. Refused where it is not found for sure."""
        named = self.by_user(place.arch)
        if named:
            return self.named_folder(place, *named)
        found = self.usual(place.arch)
        verdicts = {f: self.belongs(f, place) for f in found}
        for wanted in (True, None):
            for folder in found:
                if verdicts[folder] is wanted:
                    return folder
        if found:
            raise Refused(f"{self.prefix} was last updated by another Wine than the one in "
                          f"{found[0]}; name its Wine (--wine DIR), or start the prefix once with "
                          "this one (wineboot -u)")
        raise Refused(f"{place.folder} holds placeholders, and Wine's own {place.arch} DLLs were "
                      "not found; name its Wine (--wine DIR)")

    def named_folder(self, place, how, found):
        if not found:
            raise Refused(f"{how} names no Wine with {FOLDERS[place.arch]}")
        for folder in found:
            if self.belongs(folder, place) is not False:
                return folder
        raise Refused(f"{self.prefix} was last updated by another Wine than {how} names; start the "
                      "prefix once with that one (wineboot -u), or name another")

    def check_named(self, places):
        """The version check, also where no DLL is asked of it."""
        for place in places if self.named else []:
            self.folder(place)

    def version(self, place):
        """In words, such as "wine-8.0 (Debian 8.0~repack-4)", or None."""
        try:
            folder = self.folder(place)
            library = os.path.join(os.path.dirname(folder), UNIX[place.arch], "ntdll.so")
            return version_in(read(library))
        except (Refused, OSError):
            return None


def version_in(data):
    found = VERSION.search(data)
    return found.group().decode("ascii", "replace") if found else None


def inf_of(folder):
    """wine.inf of the installation with that folder of DLLs."""
    at = folder
    for _ in range(5):
        at = os.path.dirname(at)
        for name in ("share/wine/wine.inf", "share/wine/wine/wine.inf"):
            if os.path.isfile(os.path.join(at, name)):
                return os.path.join(at, name)
    return None
