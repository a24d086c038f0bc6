# SPDX-License-Identifier: MIT
"""PE files: what is asked of a DLL. Offsets are those of the PE format's documentation."""
import re
import struct

from prefix_disk import read

MACHINES = {0x8664: "x86_64", 0x14C: "i686"}
# Wine's loader takes a file with such a mark for a hint to look for its own of that name.
BUILTIN, PLACEHOLDER = b"Wine builtin DLL", b"Wine placeholder DLL"
MARK_AT = 0x40
FIXED_VERSION = struct.pack("<I", 0xFEEF04BD)  # what VS_FIXEDFILEINFO begins with


class PE:
    def __init__(self, data):
        self.data = data
        if data[:2] != b"MZ" or len(data) < 0x100:
            raise ValueError("not a PE file")
        self.header = struct.unpack_from("<I", data, 0x3C)[0]
        if data[self.header:self.header + 4] != b"PE\0\0":
            raise ValueError("not a PE file")
        self.machine, self.sections = struct.unpack_from("<HH", data, self.header + 4)

    def offset(self, rva):
        optional_size = struct.unpack_from("<H", self.data, self.header + 20)[0]
        table = self.header + 24 + optional_size
        for i in range(self.sections):
            size, start, raw_size, raw = struct.unpack_from("<IIII", self.data, table + 40 * i + 8)
            if start <= rva < start + max(size, raw_size):
                return raw + rva - start
        raise ValueError("an address outside of all sections")

    def exports(self):
        magic = struct.unpack_from("<H", self.data, self.header + 24)[0]
        directory = self.header + 24 + (112 if magic == 0x20B else 96)
        rva = struct.unpack_from("<I", self.data, directory)[0]
        if not rva:
            return set()
        count, _, names = struct.unpack_from("<III", self.data, self.offset(rva) + 24)
        table = self.offset(names)
        found = set()
        for i in range(count):
            at = self.offset(struct.unpack_from("<I", self.data, table + 4 * i)[0])
            found.add(self.data[at:self.data.index(b"\0", at)].decode("ascii", "replace"))
        return found


def arch_of(path):
    try:
        return MACHINES.get(PE(read(path)).machine)
    except (ValueError, struct.error, OSError):
        return None


def exports_of(path):
    try:
        return PE(read(path)).exports()
    except (ValueError, struct.error) as error:
        raise OSError(f"{path} is damaged ({error})") from error


def has_mark(data, mark):
    return data[MARK_AT:MARK_AT + len(mark)] == mark


def is_placeholder(path):
    with open(path, "rb") as file:
        return has_mark(file.read(MARK_AT + len(PLACEHOLDER)), PLACEHOLDER)


def unmarked(data):
    """One of Wine's DLLs without the mark: it loads from any folder under any name."""
    for mark in (BUILTIN, PLACEHOLDER):
        if has_mark(data, mark):
            return data[:MARK_AT] + bytes(len(mark)) + data[MARK_AT + len(mark):]
    return data


def marked_again(data):
    """What unmarked() was given, for a DLL that was no placeholder."""
    return data[:MARK_AT] + BUILTIN + data[MARK_AT + len(BUILTIN):]


def text(name):
    return name.encode("utf-16-le")


def is_decanters(path):
    """By the version resource, in which CompanyName is ours."""
    try:
        data = read(path)
    except OSError:
        return False
    pattern = re.escape(text("CompanyName\0")) + rb"(\0\0)*" + re.escape(text("Decanter\0"))
    return re.search(pattern, data) is not None


def version_of(path):
    """"0.1.0", or None where the file has no version."""
    try:
        data = read(path)
        at = data.index(FIXED_VERSION)
        high, low = struct.unpack_from("<II", data, at + 8)
    except (OSError, ValueError, struct.error):
        return None
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}"
