# SPDX-License-Identifier: MIT
"""Wine's registry files as text: sections, a key each, and the values in them.

    WINE REGISTRY Version 2
    ;; All keys relative to REGISTRY\\\\Machine

    [Software\\\\Wine] 1700000000
    #time=1d9...
    "name"="text"
    "bytes"=hex:01,02,\\
      03

A section is a pair of the key's path, unescaped (None: the head of the file), and its text.
"""
import os
import re

from prefix_disk import Refused, behind_links, write_whole

HEAD = "WINE REGISTRY Version 2"
ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{1,4}|[0-7]{1,3}|.)")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
NAME = re.compile(r'^(@|"(?:[^"\\]|\\.)*")=(.*)$', re.DOTALL)


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


def sections_of(text):
    sections = [(None, [])]
    for line in LINE.findall(text):
        if line.startswith("["):
            sections.append((section_path(line), []))
        sections[-1][1].append(line)
    return [(key, "".join(lines)) for key, lines in sections]


def read_sections(path):
    with open(path, "rb") as file:
        data = file.read()
    if data and not data.startswith(HEAD.encode()):
        raise Refused(f"{path} is no registry file of Wine's (its first line is another)")
    return sections_of(data.decode("latin-1"))


def joined(sections):
    text = "".join(text for _, text in sections).rstrip("\n") + "\n"
    return text.encode("latin-1")


def write_sections(path, sections):
    write_whole(path, joined(sections))


def is_under(key, above):
    key, above = key.lower(), above.lower()
    return not above or key == above or key.startswith(above + "\\")


def keys_above(keys):
    """All that lead to these keys, in lower case."""
    found = set()
    for key in keys:
        above = key.lower().rpartition("\\")[0]
        while above and above not in found:
            found.add(above)
            above = above.rpartition("\\")[0]
    return found


def in_order(sections):
    return sorted(sections, key=lambda s: [part.lower() for part in s[0].split("\\")])


def escaped(path):
    """A path of ASCII letters as it stands in the file."""
    return path.replace("\\", "\\\\")


class Key:
    """A section taken apart: its first line, its # lines, its values by name in lower case."""

    def __init__(self, text):
        lines = text.strip("\n").split("\n")
        self.head, self.notes, self.values = lines[0], [], {}
        lines = iter(lines[1:])
        for line in lines:
            while line.endswith(",\\"):
                line += "\n" + next(lines, "")
            match = NAME.match(line)
            if match:
                self.values[match.group(1).lower()] = line
            elif line:
                self.notes.append(line)

    @property
    def kind(self):
        """What it is besides its values: its class, and whether it is a link."""
        return [note for note in self.notes if not note.startswith("#time=")]

    def text(self):
        return "\n".join([self.head, *self.notes, *self.values.values()]) + "\n\n"


def data_of(line):
    """What stands behind the name."""
    match = NAME.match(line)
    return match.group(2) if match else None


def section_in(sections, path):
    """The index of a key, or None."""
    return next((i for i, (key, _) in enumerate(sections)
                 if key is not None and key.lower() == path.lower()), None)


def change_key(sections, path, change):
    """Calls change(values), a dict from names in lower case with quotes to lines; a key that is not
    there is made where its place is. Whether anything changed."""
    index = section_in(sections, path)
    key = Key(sections[index][1] if index is not None else f"[{escaped(path)}] 0\n")
    before = dict(key.values)
    change(key.values)
    if key.values == before:
        return False
    if index is not None:
        sections[index] = (sections[index][0], key.text())
        return True
    order = [part.lower() for part in path.split("\\")]
    at = next((i for i, (other, _) in enumerate(sections) if other is not None and
               [part.lower() for part in other.split("\\")] > order), len(sections))
    if at == len(sections):
        sections[-1] = (sections[-1][0], sections[-1][1].rstrip("\n") + "\n\n")
    sections.insert(at, (path, key.text()))
    return True


def values_in(sections, path):
    index = section_in(sections, path)
    return Key(sections[index][1]).values if index is not None else {}


def mode_behind(path):
    return os.stat(behind_links(path)).st_mode & 0o777


def printable_path(key):
    """For a message: of a bearable length, and without what a terminal would take for orders."""
    text = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in key)
    return text if len(text) <= 400 else f"{text[:200]}...{text[-100:]} ({len(text)} characters)"
