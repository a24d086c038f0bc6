# SPDX-License-Identifier: MIT
"""A prefix that a command works on: who may, who is kept out meanwhile, and how steps are said."""
import fcntl
import os
import time

import prefix_files as files
import prefix_hives as hives
import prefix_overrides as overrides
import prefix_server as server
from prefix_disk import Refused, say
from prefix_state import PARTS, State
from prefix_wine import Wine


class Prefix:
    def __init__(self, path, dry_run=False, looking=False, wine=None):
        self.path = os.path.abspath(os.path.expanduser(path))
        self.dry_run, self.looking = dry_run, looking or dry_run
        if not os.path.isfile(os.path.join(self.path, "system.reg")):
            raise Refused(f"{path} is no Wine prefix: it has no system.reg")
        self.held, self.saved_at = [], None
        if not self.looking:
            self.check_owner()
            self.lock()
        self.state = State(self.path)
        self.places = files.places(self.path)
        self.wine = Wine(self.path, wine)
        if not self.looking:
            self.held = server.hold(self.path)
            self.look()
        if self.state.is_nothing and not self.state.leftover and parts_there(self):
            self.state.damaged = f"{self.state.folder} is gone"
        if self.state.damaged:
            reconstruct(self)

    def check_owner(self):
        """What another user puts in would be his, and Wine itself refuses to run for him."""
        owner = os.stat(self.path).st_uid
        if owner != os.getuid():
            raise Refused(f"{self.path} is not owned by you (but by user {owner}); "
                          "run this as its owner")

    def lock(self):
        """Held until this process ends, however it ends."""
        self.folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(self.folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another install or uninstall is at work in {self.path}") from None

    def look(self):
        """Refused if somebody uses the prefix whom the lock does not keep out."""
        if self.looking:
            return
        server.look(self.path, hives.hive_files(self.path))

    def is_at_work(self):
        """For who only looks: another install or uninstall."""
        folder = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(folder)
        return False

    def step(self, text, function, *arguments):
        say(("would " if self.dry_run else "") + text)
        if not self.dry_run:
            return function(*arguments)
        return None

    def saved(self):
        """A folder of the user's for what he may want and what has no place any more."""
        if not self.saved_at:
            above = os.path.join(self.path, "decanter-saved")
            if os.path.islink(above):
                raise Refused(f"{above} is a link; remove it, what has to be kept goes there")
            name, n = time.strftime("%Y%m%d-%H%M%S"), 1
            while os.path.lexists(os.path.join(above, name + (f"-{n}" if n > 1 else ""))):
                n += 1
            self.saved_at = os.path.join(above, name + (f"-{n}" if n > 1 else ""))
        return self.saved_at


# -- a state that cannot be read


def parts_there(prefix):
    """By our DLLs, wherever one is in place."""
    return [part for part in PARTS
            if any(files.is_decanters(place.file(name)) for place in prefix.places
                   for name in files.OURS[part])]


def reconstruct(prefix):
    """Made anew from what is there: our DLLs know themselves, originals have their places."""
    state, found = prefix.state, parts_there(prefix)
    say(f"{state.damaged}: what was done is found out from the files that are there")
    sections = overrides.read_user(prefix.path)
    on = [part for part in found if overrides.is_on(sections, [part])]
    data = state.data
    data["parts"] = on
    for place in prefix.places:
        kept = state.kept(place.name)
        data["kept"][place.name] = sorted(os.listdir(kept)) if os.path.isdir(kept) else []
    own = state.kept("config")
    own = sorted(os.listdir(own)) if os.path.isdir(own) else []
    if hives.hives_there(prefix.path):
        data["config"] = {"was there": bool(own), "own": own}
    data["texts"] = os.path.exists(state.kept("system.reg"))
    data["version"] = next((files.version_of(p.file(n)) for p in prefix.places
                            for part in found for n in files.OURS[part]
                            if files.is_decanters(p.file(n))), None)
    if set(found) != set(on) or not on:
        off = [part for part in (found or PARTS) if part not in on]
        data["doing"] = {"what": "install", "parts": off, "token": ""}
