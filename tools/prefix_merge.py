# SPDX-License-Identifier: MIT
"""What the hives hold back into Wine's registry text, with what was written there meanwhile.

Both sides began as one text, the base. While Decanter is in, programs write to the hives; but some
write to Wine's own copy of the same keys: through kernel32's Reg functions or ntdll, or with an
override that loads Wine's DLL. So for each value of a key that is a hive's:

    changed in Wine's copy alone     Wine's is taken over
    changed in the hive              the hive's; where Wine's copy was changed otherwise, that is
                                     put into a file for the user

The base of a file is what was kept when Decanter went in or, in a file that an uninstall has
written already (which its mark tells), what that uninstall wrote.
"""
import os

import prefix_hives as hives
import prefix_tool as tool
from prefix_disk import Refused
from prefix_overrides import mark_of_merge
from prefix_text import Key, in_order, is_under, keys_above, printable_path, read_sections, \
    sections_of


class Report:
    """What was taken over from Wine's copy, and what was not, as sections by file."""

    def __init__(self):
        self.taken, self.aside, self.filled = [], {}, 0

    def put_aside(self, file_name, key, text):
        self.aside.setdefault(file_name, []).append((key, text))


class Side:
    """The keys of one side that belong to a hive."""

    def __init__(self, sections):
        self.texts = {key.lower(): (key, text) for key, text in sections}
        self.above = keys_above(self.texts)

    def has(self, name):
        """Wine's text has no section for a key that only leads to others."""
        return name in self.texts or name in self.above

    def key(self, name):
        return Key(self.texts[name][1]) if name in self.texts else Key("[]")


def body(key):
    return key.kind, key.values


class Merge:
    def __init__(self, file_name, base, ours, theirs, report):
        self.file_name, self.report = file_name, report
        self.base, self.ours, self.theirs = Side(base), Side(ours), Side(theirs)
        self.result = dict(self.ours.texts)

    def run(self):
        """The sections as they are to be."""
        if self.base.texts == self.theirs.texts:
            return list(self.result.values())
        for name in sorted({*self.base.texts, *self.theirs.texts}):
            if self.base.texts.get(name) != self.theirs.texts.get(name):
                self.one(name)
        return list(self.result.values())

    def one(self, name):
        base, theirs = self.base.key(name), self.theirs.key(name)
        if self.base.has(name) and not self.theirs.has(name):
            self.deleted_there(name, base)
        elif not self.ours.has(name) and self.theirs.has(name):
            self.missing_here(name, base, theirs)
        elif body(base) != body(theirs):
            self.values(name, base, self.ours.key(name), theirs)

    def deleted_there(self, name, base):
        ours = self.ours.key(name)
        if name in self.result and body(ours) == body(base):
            self.report.taken.append(self.result.pop(name)[0])

    def missing_here(self, name, base, theirs):
        if name not in self.theirs.texts or (self.base.has(name) and body(base) == body(theirs)):
            return
        key, text = self.theirs.texts[name]
        if self.base.has(name):
            self.report.put_aside(self.file_name, key, text)
        else:
            self.result[name] = (key, text)
            self.report.taken.append(key)

    def values(self, name, base, ours, theirs):
        """The key is there on both sides and was changed in Wine's."""
        aside, changed = {}, False
        merged = Key(ours.text() if name in self.ours.texts else theirs.head + "\n")
        for value in [*base.values, *(v for v in theirs.values if v not in base.values)]:
            before, now, here = (side.values.get(value) for side in (base, theirs, ours))
            if same_value(now, before) or same_value(now, here):
                continue
            if not same_value(here, before):
                aside[value] = now or f"; {value} was deleted"
                continue
            changed = True
            if now is None:
                merged.values.pop(value, None)
            else:
                merged.values[value] = now
        if theirs.kind != base.kind and ours.kind == base.kind:
            merged.notes, changed = list(theirs.notes), True
        self.done(name, merged if changed else None, theirs, aside)

    def done(self, name, merged, theirs, aside):
        key = (self.theirs.texts.get(name) or self.ours.texts.get(name) or (name, ""))[0]
        if merged:
            self.result[name] = (key, merged.text())
            self.report.taken.append(key)
        if aside:
            theirs.values = aside
            self.report.put_aside(self.file_name, key, theirs.text())


def same_value(one, other):
    """Names may be in other letters, and long data may be cut into other lines."""
    if one is None or other is None:
        return one is other
    return flat(one) == flat(other)


def flat(line):
    return line.replace("\\\n  ", "").partition("=")[2] or line


# -- one side: the hives


def exported(prefix, hive, path=None):
    """The hive as sections of Wine's text, keys as in Wine's file. Not through a file, so that no
    room is needed. Refused unless all of it could be read."""
    _, root, _ = hives.HIVES[hive]
    try:
        said = tool.run("export", path or hives.hive_path(prefix, hive), "--wine",
                        *(["--prefix", root] if root else []))
    except tool.Incomplete as error:
        raise Refused(f"the hive {hive} cannot be read whole ({error.said}). It is left as it is: "
                      "put a sound one in its place, or take what can be read and fill the rest "
                      "from the registry as it was before the install with uninstall --salvage, or "
                      "leave all changes out with uninstall --drop") from error
    return [s for s in sections_of(said.decode("latin-1")) if s[0] is not None]


def salvaged(prefix, hive, work, base, report):
    """What can be read of a damaged hive, and from the base the keys and values it has not."""
    new = os.path.join(work, hive)
    tool.answer("salvage", hives.hive_path(prefix, hive), new)
    ours = Side(exported(prefix, hive, new) if os.path.exists(new) else [])
    for name, (key, text) in Side(base).texts.items():
        if name not in ours.texts:
            ours.texts[name] = (key, text)
            report.filled += 1
            continue
        mine, before = ours.key(name), Key(text)
        lacking = {v: line for v, line in before.values.items() if v not in mine.values}
        if lacking:
            mine.values.update(lacking)
            ours.texts[name] = (ours.texts[name][0], mine.text())
            report.filled += 1
    return list(ours.texts.values())


def is_machinery(hive, section):
    """The link from the user's hive to the hive of his classes, which Wine has as one."""
    return hive == "NTUSER.DAT" and is_under(section[0], "Software\\Classes")


def has_nothing_of_its_own(text):
    return all(line.startswith("#time=") for line in text.splitlines()[1:] if line)


# -- a file of Wine's


def base_of(state, file_name, sections):
    """Where both sides began, as sections without the head."""
    path = state.merged(os.path.basename(mark_of_merge(sections) or "none"), file_name)
    if not os.path.exists(path):
        path = state.kept(file_name)
    return read_sections(path)[1:] if os.path.exists(path) else None


def merged_hive(prefix, state, hive, sections, report, salvage):
    owns = hives.owner(prefix, hive)
    file_name = hives.HIVES[hive][0]
    theirs = [s for s in sections[1:] if owns(s[0])]
    base = base_of(state, file_name, sections)
    base = theirs if base is None else [s for s in base if owns(s[0])]
    if salvage and tool.answer("check", hives.hive_path(prefix, hive)):
        ours = salvaged(prefix, hive, state.work(), base, report)
    else:
        ours = exported(prefix, hive)
    ours = [s for s in ours if owns(s[0]) and not is_machinery(hive, s)]
    return Merge(file_name, base, ours, theirs, report).run()


def merged_file(prefix, state, file_name, report, salvage):
    """Wine's file with what the hives hold: keys that stay Wine's as they stand, the rest merged."""
    path = os.path.join(prefix, file_name)
    ours = [h for h in hives.hives_there(prefix) if hives.HIVES[h][0] == file_name]
    if not ours or not os.path.exists(path):
        return None
    sections = read_sections(path)
    owners = [hives.owner(prefix, hive) for hive in ours]
    rest = [s for s in sections[1:] if not any(owns(s[0]) for owns in owners)]
    above = keys_above(key for key, _ in rest)
    for hive in ours:
        rest += [s for s in merged_hive(prefix, state, hive, sections, report, salvage)
                 if not (s[0].lower() in above and has_nothing_of_its_own(s[1]))]
    return [sections[0]] + [(k, t.strip("\n") + "\n\n") for k, t in in_order(rest)]


def merge(prefix, state, salvage):
    """New sections by file name, and the report."""
    report = Report()
    merged = {}
    for file_name in hives.TEXT_FILES:
        sections = merged_file(prefix, state, file_name, report, salvage)
        if sections:
            merged[file_name] = sections
    state.end_work()
    return merged, report


def written_meanwhile(prefix, state):
    """Keys of ours that were changed in Wine's own copy, by name."""
    found = []
    for hive in hives.hives_there(prefix):
        file_name = hives.HIVES[hive][0]
        path = os.path.join(prefix, file_name)
        sections = read_sections(path) if os.path.exists(path) else []
        base = base_of(state, file_name, sections) if sections else None
        if base is None:
            continue
        owns = hives.owner(prefix, hive)
        now, then = (Side([s for s in side if owns(s[0])]) for side in (sections[1:], base))
        names = {*now.texts, *then.texts}
        found += [(now.texts.get(n) or then.texts[n])[0] for n in sorted(names)
                  if now.texts.get(n) != then.texts.get(n) and
                  (now.has(n) != then.has(n) or body(now.key(n)) != body(then.key(n)))]
    return found


def write_aside(report, folder, prefix_text):
    """What was written to Wine's copy and lost to the hive's, as Wine's text."""
    for file_name, sections in report.aside.items():
        os.makedirs(folder, mode=0o700, exist_ok=True)
        with open(os.path.join(folder, "wines-" + file_name), "wb") as file:
            file.write(prefix_text(sections))


def names(keys):
    shown = ", ".join(printable_path(key) for key in keys[:3])
    return shown + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
