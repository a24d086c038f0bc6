# SPDX-License-Identifier: MIT
"""The hive tool, as the prefix tool uses it: what it leaves out is a failure."""
import os
import subprocess

from prefix_disk import Refused

HERE = os.path.dirname(os.path.realpath(__file__))


def path():
    for name in (os.path.join(HERE, "hive"), os.path.join(HERE, "../bin/hive"),
                 os.path.join(HERE, "../build/opt/hive")):
        if os.access(name, os.X_OK) and os.path.isfile(name):
            return name
    return None


def require():
    if not path():
        raise Refused("the hive tool is not here; run make first")


class Incomplete(Refused):
    """The tool did a part of it, or nothing: `said` has its words."""

    def __init__(self, command, said):
        self.said = said.strip() or "no reason was given"
        super().__init__(f"hive {command}: {self.said}")


def run(*arguments):
    """What the command printed, as bytes. Incomplete unless all of it was done."""
    result = subprocess.run([path(), "--quiet", *arguments], stdin=subprocess.DEVNULL,
                            capture_output=True)
    if result.returncode:
        raise Incomplete(arguments[0], result.stderr.decode("utf-8", "replace"))
    return result.stdout


def answer(*arguments):
    """The exit code alone."""
    return subprocess.run([path(), "--quiet", *arguments], stdin=subprocess.DEVNULL,
                          capture_output=True).returncode
