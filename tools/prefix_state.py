# SPDX-License-Identifier: MIT
"""What was done to a prefix: PREFIX/.decanter/state.json.

    form       2; what has another is converted (1) or refused
    version    of Decanter, as its DLLs have it
    parts      what is installed, of "msi" and "registry"
    doing      null, or what was begun: {"what": "install" | "update" | "uninstall",
               "parts": [...], "token": a word for this run}
    kept       per folder of DLLs, the names whose originals are kept, or were not there
    files      "system32/msi.dll": its digest, for everything that was put in
    wine       per folder, the digest of the DLL that tells one Wine from another
    wine is    the version of that Wine in words
    overrides  those that were there before, by name
    made       per hive, the digest of it as it was made
    texts      whether original/ has Wine's registry files
    config     null, or {"was there": bool, "own": [names kept in original/config]}

Beside it: original/ what was there before, merged/ what uninstalls wrote, work/ for the moment.
"""
import errno
import json
import os
import secrets
import shutil

from prefix_disk import Refused, read, write_whole

FOLDER = ".decanter"
GONE = ".decanter.gone"  # the folder on its way out: what is in it counts no more
FORM = 2
PARTS = ("msi", "registry")
KINDS = {"form": int, "version": (str, type(None)), "parts": list, "doing": (dict, type(None)),
         "kept": dict, "files": dict, "wine": dict, "wine is": (str, type(None)),
         "overrides": dict, "made": dict, "texts": bool, "config": (dict, type(None))}


def empty():
    return {"form": FORM, "version": None, "parts": [], "doing": None, "kept": {}, "files": {},
            "wine": {}, "wine is": None, "overrides": {}, "made": {}, "texts": False,
            "config": None}


def of_form_1(old):
    """What version 0.1 wrote, which had the two parts as one."""
    new = empty()
    places = [name for name in ("system32", "syswow64") if old.get(f"kept {name}")]
    names = ["msi.dll", "winreg.dll", "advapi32.dll", "msi_wine.dll", "advapi32_wine.dll"]
    new["kept"] = {place: list(names) for place in places}
    new["files"] = old.get("files", {})
    new["wine"] = {p: old[f"wine {p}"] for p in places if f"wine {p}" in old}
    new["overrides"] = old.get("overrides before", {})
    new["texts"] = bool(old.get("kept registry"))
    if new["texts"]:
        new["config"] = {"was there": bool(old.get("config was there")), "own": [],
                         "theirs": old.get("config files", [])}
    what = {"installing": "install", "uninstalling": "uninstall"}.get(old.get("stage"))
    if what:
        new["doing"] = {"what": what, "parts": list(PARTS), "token": ""}
    if what != "install":
        new["parts"] = list(PARTS)
    return new


def is_sound(data):
    """Whether what the file holds can be believed: every field there, and of its kind."""
    if not isinstance(data, dict) or any(not isinstance(data.get(k), v) for k, v in KINDS.items()):
        return False
    doing, config = data["doing"], data["config"]
    if doing is not None and not (doing.get("what") in ("install", "update", "uninstall") and
                                  isinstance(doing.get("token"), str) and
                                  isinstance(doing.get("parts"), list) and
                                  set(doing["parts"]) <= set(PARTS)):
        return False
    if config is not None and not (isinstance(config.get("was there"), bool) and
                                   isinstance(config.get("own"), list)):
        return False
    texts = [data["files"], data["wine"], data["overrides"], data["made"]]
    return set(data["parts"]) <= set(PARTS) and \
        all(isinstance(v, list) for v in data["kept"].values()) and \
        all(isinstance(v, str) for table in texts for v in table.values()) and \
        all("/" not in name for name in (config or {}).get("own", []) if isinstance(name, str))


class State:
    def __init__(self, prefix):
        self.prefix = prefix
        self.folder = os.path.join(prefix, FOLDER)
        self.gone = os.path.join(prefix, GONE)
        self.path = os.path.join(self.folder, "state.json")
        self.damaged = None  # what is wrong with the file, if anything
        self.data = empty()
        self.check_links()
        self.load()

    def check_links(self):
        for path in (self.folder, self.path, self.kept()):
            if os.path.islink(path):
                raise Refused(f"{path} is a link, which this tool never makes: what it leads to is "
                              "left alone. Remove the link (rm), or put what it leads to in its "
                              "place")
        if os.path.lexists(self.folder) and not os.path.isdir(self.folder):
            raise Refused(f"{self.folder} is no folder; move it out of the way")

    def load(self):
        try:
            data = json.loads(read(self.path))
        except FileNotFoundError:
            if os.path.isdir(self.kept()):
                self.damaged = "state.json is gone"
            return
        except (ValueError, RecursionError) as error:
            self.damaged = f"state.json cannot be read ({error})"
            return
        self.take(data)

    def take(self, data):
        if isinstance(data, dict) and "form" not in data and data.get("version") == 1:
            try:
                data = of_form_1(data)
            except (TypeError, AttributeError):
                data = None
        if isinstance(data, dict) and isinstance(data.get("form"), int) and data["form"] > FORM:
            raise Refused(f"{self.path} is of a newer Decanter (form {data['form']}); use the tool "
                          "of that version")
        if is_sound(data):
            self.data = data
        else:
            self.damaged = "state.json holds what no state does"

    def __getitem__(self, name):
        return self.data[name]

    def set(self, **fields):
        for name, value in fields.items():
            self.data[name.replace("_", " ")] = value
        self.save()

    def save(self):
        os.makedirs(self.folder, mode=0o700, exist_ok=True)  # it has copies of what may be private
        write_whole(self.path, json.dumps(self.data, indent=1, sort_keys=True).encode())

    # -- what is being done

    @property
    def is_nothing(self):
        return not self["parts"] and not self["doing"] and not self.damaged

    @property
    def leftover(self):
        """Of a removal that was cut short, or of an install that had not begun."""
        return self.is_nothing and (os.path.lexists(self.gone) or os.path.isdir(self.folder))

    def begin(self, what, parts):
        self.set(doing={"what": what, "parts": sorted(parts), "token": secrets.token_hex(8)})

    def settle(self, parts):
        """The end of what was begun: these parts are installed."""
        self.set(parts=sorted(parts), doing=None)

    # -- folders

    def kept(self, *parts):
        """Where the original of something is kept."""
        return os.path.join(self.folder, "original", *parts)

    def merged(self, *parts):
        """What uninstalls wrote, a folder each, named by the token that is in the files."""
        return os.path.join(self.folder, "merged", *parts)

    def work(self):
        """An empty folder, for the moment."""
        path = os.path.join(self.folder, "work")
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def end_work(self):
        shutil.rmtree(os.path.join(self.folder, "work"), ignore_errors=True)

    def remove_in_place(self):
        """Where a folder cannot be renamed: of an image's lower layer, on an overlay. The state
        says first that nothing is kept, and goes last."""
        self.data = empty()
        self.save()
        for name in os.listdir(self.folder):
            path = os.path.join(self.folder, name)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            elif path != self.path:
                os.remove(path)
        os.remove(self.path)
        os.rmdir(self.folder)

    def remove(self):
        """At once, and without needing room: half of the originals, with a state that says they
        are kept, would have Wine's own DLLs taken for ours."""
        if os.path.islink(self.gone):
            os.remove(self.gone)
        elif os.path.isdir(self.gone):
            shutil.rmtree(self.gone)
        if os.path.isdir(self.folder):
            try:
                os.rename(self.folder, self.gone)
                shutil.rmtree(self.gone)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self.remove_in_place()
        self.data = empty()
        self.damaged = None
