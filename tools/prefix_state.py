"""What an install has done so far, kept in PREFIX/.decanter/state.json."""
import filecmp
import json
import os
import shutil

FOLDER = ".decanter"
GONE = ".decanter.gone"  # the folder on its way out: what is in it counts no more
ASIDE = ".new"


class Refused(Exception):
    """A sentence for the user; nothing was changed."""


def say(text):
    print(text, flush=True)


def write_whole(path, data):
    """The old content or the new one, whatever happens."""
    aside = path + ASIDE
    try:
        with open(aside, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            shutil.copymode(path, aside)
        os.replace(aside, path)
    except OSError:
        remove_aside(path)
        raise


def remove_aside(path):
    """What a write of the file left that was cut short."""
    if os.path.exists(path + ASIDE):
        os.remove(path + ASIDE)


def restore(kept, path):
    """The file as it was kept, with its time; one that is so already stays, and needs no room."""
    if os.path.exists(path) and filecmp.cmp(kept, path, shallow=False):
        return
    aside = path + ASIDE
    shutil.copy2(kept, aside)
    os.replace(aside, path)


class State:
    def __init__(self, prefix):
        self.folder = os.path.join(prefix, FOLDER)
        self.gone = os.path.join(prefix, GONE)
        self.path = os.path.join(self.folder, "state.json")
        self.data = {}
        if os.path.exists(self.path):
            try:
                with open(self.path, encoding="utf-8") as file:
                    self.data = json.load(file)
            except ValueError as error:
                raise Refused(f"{self.path} cannot be read ({error})") from error

    @property
    def stage(self):
        """"removing" is a folder without a state: what was cut short at its first or last step."""
        left = os.path.isdir(self.gone) or os.path.isdir(self.folder)
        return self.data.get("stage") or ("removing" if left else None)

    def get(self, name, default=None):
        return self.data.get(name, default)

    def set(self, name, value):
        self.data[name] = value
        self.save()

    def save(self):
        write_whole(self.path, json.dumps(self.data, indent=1, sort_keys=True).encode())

    def begin(self, stage):
        os.makedirs(self.folder, exist_ok=True)
        self.data = {"stage": stage, "version": 1}
        self.save()

    def set_stage(self, stage):
        self.set("stage", stage)

    def kept(self, *parts):
        """Where the original of something is kept."""
        return os.path.join(self.folder, "original", *parts)

    def remove(self):
        """At once, and without needing room: half of the originals, with a state that says they
        are kept, would have Wine's own DLLs taken for ours."""
        if os.path.isdir(self.gone):
            shutil.rmtree(self.gone)
        if os.path.isdir(self.folder):
            os.rename(self.folder, self.gone)
            shutil.rmtree(self.gone)
        self.data = {}
