# SPDX-License-Identifier: MIT
"""How things stand in a prefix. Nothing is changed and nobody is kept out: it may be in use."""
import prefix_files as files
import prefix_hives as hives
import prefix_merge as merging
import prefix_overrides as overrides
import prefix_server as server
from prefix_disk import Refused, say
from prefix_state import PARTS

CUT_SHORT = {"install": "an install was cut short: run install or uninstall",
             "update": "an update was cut short: run install",
             "uninstall": "an uninstall was cut short: run uninstall"}


def status(prefix):
    """The exit code: 0 installed and whole, 1 not whole, 3 not installed."""
    state = prefix.state
    if prefix.is_at_work():
        say("an install or uninstall is at work there now")
        return 1
    if state.is_nothing and not state.leftover:
        say("not installed")
        return 3
    if state.leftover:
        say("an uninstall was cut short: run uninstall")
        return 1
    say(CUT_SHORT[state["doing"]["what"]] if state["doing"] else "installed")
    describe(prefix)
    found = problems(prefix)
    for problem in found:
        say("  problem: " + problem)
    for note in notes(prefix):
        say("  note: " + note)
    whole = not state["doing"] and not found
    say("whole" if whole else "NOT whole")
    return 0 if whole else 1


def describe(prefix):
    state = prefix.state
    for part in PARTS:
        say(f"  {part}: {'in' if part in state['parts'] else 'not in'}")
    for place in prefix.places:
        say(f"  {place.name}: {place.arch} DLLs")
    say(f"  version: {state['version'] or 'not known'} in the prefix, "
        f"{files.our_version() or 'not known'} of this tool")
    if state["wine is"]:
        say(f"  Wine: {state['wine is']}")
    if "registry" in state["parts"]:
        say("  hives: " + ", ".join(hives.hives_there(prefix.path)))


def problems(prefix):
    state, parts = prefix.state, prefix.state["parts"]
    found = [state.damaged] if state.damaged else []
    found += files.problems(prefix.places, state, parts)
    found += of_overrides(prefix, parts)
    if "registry" in parts:
        found += hives.problems(prefix.path, state)
    return found


def of_overrides(prefix, parts):
    try:
        sections = overrides.read_user(prefix.path)
    except Refused as error:
        return [str(error)]
    missing = overrides.missing_overrides(sections, parts)
    if missing:
        return [f"Wine is not told to load {', '.join(missing)} from the prefix (somebody took the "
                "overrides out): programs use Wine's own. install puts them back"]
    return []


def notes(prefix):
    state, parts = prefix.state, prefix.state["parts"]
    texts = []
    if server.is_running(prefix.path):
        texts.append("programs are running there")
    try:
        sections = overrides.read_user(prefix.path)
    except Refused:
        sections = []
    for program in overrides.own_overrides(sections, parts):
        texts.append(f"{program} has an override of its own and loads Wine's DLLs")
    if "registry" in parts:
        texts += hives.notes(prefix.path) + of_copies(prefix)
    return texts + of_versions(prefix, parts)


def of_copies(prefix):
    keys = merging.written_meanwhile(prefix.path, prefix.state)
    return [f"written to Wine's own copy meanwhile: {merging.names(keys)}; uninstall takes it over "
            "or says where it is kept"] if keys else []


def of_versions(prefix, parts):
    folders = {p.arch: files.our_folder(p.arch) for p in prefix.places if files.our_folder(p.arch)}
    other = files.differences(prefix.places, prefix.state, parts, folders)
    return [f"other than those of this tool: {', '.join(other)}; install replaces them"] \
        if other else []
