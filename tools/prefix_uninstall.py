# SPDX-License-Identifier: MIT
"""Uninstalling: what the hives hold goes into Wine's registry files, and everything is put back.

The moment that counts is the one in which user.reg without our overrides takes the place of the one
with them. Before, programs write to the hives: an uninstall that was cut short begins anew and
merges anew. After it they write to Wine's files: it is finished. Hives are removed only if nobody
wrote to them since they were merged.
"""
import os

import prefix_files as files
import prefix_hives as hives
import prefix_install as installing
import prefix_merge as merging
import prefix_overrides as overrides
import prefix_tool as tool
from prefix_disk import Refused, read, remove, say, write_whole
from prefix_text import joined, read_sections

# What our engine keeps beside Wine's registry files until they have it; behind the name, what a write of
# that left which was cut short, and what was set aside for its size, which nobody reads again.
LEDGER = ".decanter-installs"
LEDGER_ENDINGS = ("", "~", "!")


def uninstall(prefix, only, drop, salvage):
    state = prefix.state
    if state.is_nothing and not state.leftover:
        raise Refused("Decanter is not installed there")
    if state.leftover:
        prefix.step("remove .decanter", state.remove)
        return
    doing = state["doing"]
    if doing and doing["what"] == "install":
        installing.resume_install(prefix, doing["parts"])
    parts = parts_to_go(state, only)
    if not parts:
        return
    if "msi" in parts and not doing and not drop:
        check_told(prefix)
    if "registry" in parts and not is_merged(prefix):
        leave_registry(prefix, parts, drop, salvage)
    elif overrides.marked_parts(overrides.read_user(prefix.path)) != \
            set(state["parts"]) - set(parts):
        leave(prefix, parts)
    put_back(prefix, parts)


def parts_to_go(state, only):
    doing = state["doing"]
    begun = doing["parts"] if doing and doing["what"] == "uninstall" else []
    if begun:
        say(f"the uninstall of {' and '.join(sorted(begun))} that was cut short is finished")
    if only and state["parts"] and only not in state["parts"]:
        raise Refused(f"the part {only} is not installed there")
    wanted = [only] if only and state["parts"] else state["parts"]
    return sorted({*wanted, *begun})


def check_told(prefix):
    """A server that ended in order wrote both files of its registry behind the last that was kept."""
    ledger, *registry = (os.path.join(prefix.path, name)
                         for name in (LEDGER, "system.reg", "user.reg"))
    if os.path.exists(ledger) and any(
            os.path.exists(file) and os.stat(ledger).st_mtime_ns > os.stat(file).st_mtime_ns
            for file in registry):
        raise Refused("Wine's registry has forgotten the end of an installation, for its server was "
                      "killed: start a program there once that asks for installed products "
                      "(wine msiexec /x {00000000-0000-0000-0000-000000000000} /qn), or leave it out "
                      "with --drop")


def is_merged(prefix):
    """Whether an uninstall that was cut short has let go of the hives, and nobody wrote since."""
    state = prefix.state
    if not state["doing"] or state["doing"]["what"] != "uninstall":
        return False
    if not state["config"] and not state["made"]:
        return True  # they are gone
    marked = overrides.marked_parts(overrides.read_user(prefix.path))
    return marked is not None and "registry" not in marked and \
        not hives.changed_hives(prefix.path, state)


# -- up to the moment that counts


def leave(prefix, parts):
    prefix.step("note the start", prefix.state.begin, "uninstall", parts)
    sections = overrides.read_user(prefix.path)
    try:
        prefix.step("tell Wine to load its own", switch, prefix, parts, {"user.reg": sections})
    except (Refused, OSError):
        call_off(prefix)
        raise


def leave_registry(prefix, parts, drop, salvage):
    state = prefix.state
    tool.require()
    damaged = [h for h in hives.hives_there(prefix.path) if (drop or salvage) and
               tool.answer("check", hives.hive_path(prefix.path, h))]
    as_read = {h: hives.state_of(prefix.path, h) for h in hives.hives_there(prefix.path)}
    report = merging.Report()
    merged = {name: read_sections(os.path.join(prefix.path, name)) for name in hives.TEXT_FILES
              if os.path.exists(os.path.join(prefix.path, name))}
    if not drop:
        check_all_there(prefix, salvage)
        result = prefix.step("read the hives back into Wine's form", merging.merge, prefix.path,
                             state, salvage)
        if result:
            merged.update(result[0])
            report = result[1]
    prefix.step("write Wine's registry files, and tell Wine to load its own DLLs", write_back,
                prefix, parts, merged, report, damaged, as_read)


def write_back(prefix, parts, merged, report, damaged, as_read):
    try:
        begin(prefix, parts, merged, as_read)
        tell(prefix, report, damaged)
        switch(prefix, parts, merged)
    except (Refused, OSError):
        call_off(prefix)
        raise


def check_all_there(prefix, salvage):
    gone = installing.missing_hives(prefix.state, prefix.path)
    if gone and not salvage:
        raise Refused(f"the hive {gone[0]} is gone, with what was written to it. Put it back, or "
                      "uninstall --salvage to take what Wine's files have of it")


def begin(prefix, parts, merged, as_read):
    """What is merged, in .decanter, with the token that goes into each file; and as what each hive
    was read."""
    state = prefix.state
    state.data["made"] = as_read
    state.begin("uninstall", parts)
    token = state["doing"]["token"]
    os.makedirs(state.merged(token), exist_ok=True)
    for name, sections in merged.items():
        overrides.mark_merge(sections, token)
        write_whole(state.merged(token, name), joined(sections))


def call_off(prefix):
    """Refused before the moment that counts: as if the uninstall had never begun. Where that cannot
    be noted, the next one finds out by itself."""
    sections = overrides.read_user(prefix.path)
    if prefix.state["doing"] and overrides.is_on(sections, prefix.state["doing"]["parts"]):
        try:
            prefix.state.settle(prefix.state["parts"])
        except OSError:
            pass


def tell(prefix, report, damaged):
    """What is not simply as the hives have it; copies of what would have no place any more."""
    if report.taken:
        say(f"  taken over, because it was written to Wine's own copy: "
            f"{merging.names(report.taken)}")
    if report.filled:
        say(f"  filled in from the registry before the install: {report.filled} keys")
    if report.aside:
        keys = [key for sections in report.aside.values() for key, _ in sections]
        merging.write_aside(report, prefix.saved(), joined)
        say(f"  written to Wine's own copy and otherwise to the hives, which hold: "
            f"{merging.names(keys)}; what Wine's had is in {prefix.saved()}")
    hives.save_aside(prefix.path, damaged, prefix.saved())


def switch(prefix, parts, merged):
    """The other files first: while the overrides are in, nobody reads ours there."""
    state = prefix.state
    user = merged["user.reg"]
    overrides.switch_off(user, state, parts)
    if "msi" in parts and "system.reg" in merged:
        merged["system.reg"] = overrides.paths_changed(merged["system.reg"], overrides.CLASSES,
                                                       "msi_wine.dll", "msi.dll")
    prefix.look()
    names = sorted(merged, key=lambda name: name == "user.reg")
    before = read(os.path.realpath(overrides.user_reg(prefix.path)))
    for name in names:
        write_whole(os.path.join(prefix.path, name), joined(merged[name]))
    try:
        prefix.look()
    except Refused:
        # it may have read the file with the overrides, and would write to the hives
        write_whole(overrides.user_reg(prefix.path), before)
        raise


# -- from then on


def put_back(prefix, parts):
    state = prefix.state
    if "msi" in parts:
        prefix.step("name msi.dll again in its classes", overrides.name_msi_again, prefix.path)
    for place in prefix.places:
        prefix.step(f"put Wine's own DLLs of {place.name} back", files.take_out, place, state, parts)
    for ending in LEDGER_ENDINGS if "msi" in parts else ():
        if os.path.lexists(os.path.join(prefix.path, LEDGER + ending)):
            prefix.step("remove what Wine's registry has by now", remove,
                        os.path.join(prefix.path, LEDGER + ending))
    if "registry" in parts:
        prefix.step("remove the hives", remove_hives, prefix)
    prefix.step("remove .decanter" if set(parts) >= set(state["parts"]) else "note the end",
                installing.end, prefix, parts)


def remove_hives(prefix):
    state = prefix.state
    hives.save_aside(prefix.path, hives.without_text(prefix.path, state), prefix.saved())
    hives.remove_hives(prefix.path, state)
    state.set(made={}, config=None, texts=False)
