# SPDX-License-Identifier: MIT
"""What stands beside the hives, between one version of Decanter and the next.

    X.LOG1, X.LOG2   Windows' own form (HvLE, DIRT): `hive recover` writes what they hold into X
    X.image          offset 0: "DIMG", 4: version. Made anew by whoever opens the hive first, and
                     believed by nobody later: it is removed
    X.volatile       the same
    LOADED           offset 0: "load", 4: version, 1
    COMMITTED        512 numbers of 8 bytes; 0 is a free place
    *.side           of no version that is known

A form that is not one of these is refused, with the file's name.
"""
import os
import struct

import prefix_hives as hives
import prefix_tool as tool
from prefix_disk import Refused, read

IMAGE, LOADED = (b"DIMG", (1, 2)), (b"load", (1,))
COMMITTED_SIZE = 4096
LOG_BASE = b"regf"
ENTRIES = (b"HvLE", b"DIRT")


def check_head(path, magic, versions):
    head = read(path)[:8]
    if not head.strip(b"\0"):
        return  # not yet in use
    if len(head) < 8 or head[:4] != magic or struct.unpack("<I", head[4:])[0] not in versions:
        raise other_form(path)


def other_form(path):
    return Refused(f"{path} is of a form that this version does not know; use the tool of the "
                   "version that made it, or uninstall with that one first")


def check_log(path):
    data = read(path)
    if not data.strip(b"\0"):
        return
    if data[:4] != LOG_BASE or not (data[512:516] in ENTRIES or not data[512:].strip(b"\0")):
        raise other_form(path)


def check(prefix):
    """Refused where a companion is of another form than this version writes or can convert."""
    for name in hives.names_in_config(prefix):
        path = hives.hive_path(prefix, name)
        upper = name.upper()
        if not hives.is_ours(name) or not os.path.isfile(path):
            continue
        if upper.endswith((".LOG1", ".LOG2")):
            check_log(path)
        elif upper.endswith(".IMAGE"):
            check_head(path, *IMAGE)
        elif upper == "LOADED":
            check_head(path, *LOADED)
        elif upper == "COMMITTED" and os.path.getsize(path) not in (0, COMMITTED_SIZE):
            raise other_form(path)


def settle(prefix):
    """The hives alone have everything then. Nobody has them open."""
    for hive in hives.hives_there(prefix):
        try:
            tool.run("recover", hives.hive_path(prefix, hive))
        except tool.Incomplete as error:
            raise Refused(f"the logs of the hive {hive} cannot be written into it ({error.said}); "
                          "nothing was changed in it") from error
        for end in (".image", ".volatile"):
            if os.path.exists(hives.hive_path(prefix, hive) + end):
                os.remove(hives.hive_path(prefix, hive) + end)
