# SPDX-License-Identifier: MIT
"""Installing, taking a new version, and undoing or finishing what was cut short.

Up to the moment in which user.reg gets the overrides, programs load Wine's DLLs and write to Wine's
files: until then an install is undone by taking out what it put in, and Wine's files keep what was
written. From then on they load ours and write to the hives: an install is finished.
"""
import os
import shutil

import prefix_companions as companions
import prefix_files as files
import prefix_hives as hives
import prefix_overrides as overrides
import prefix_tool as tool
from prefix_disk import Refused, copy_as_is, remove_asides, say, write_whole
from prefix_state import PARTS
from prefix_text import joined


def install(prefix, only):
    state = prefix.state
    finished = resume(prefix)
    wanted = [only] if only else list(PARTS)
    new = [part for part in wanted if part not in state["parts"]]
    folders = check(prefix, sorted({*new, *state["parts"]}))
    reasons = why_update(prefix, folders) if state["parts"] else []
    if not new and not reasons and finished:
        return  # all that was asked for, begun by a former run
    if not new and not reasons:
        raise Refused(f"Decanter {state['version']} is installed there already"
                      f"{with_parts(state['parts'])}; see prefix status")
    if reasons:
        update(prefix, folders, reasons)
    if new:
        add(prefix, new, folders)


def with_parts(parts):
    return f" ({' and '.join(sorted(parts))})" if set(parts) != set(PARTS) else ""


def check(prefix, parts):
    """All that can be refused before anything is changed."""
    folders = files.sources(prefix.places, parts)
    prefix.wine.check_named(prefix.places)
    for place in prefix.places:
        files.check_compatible(place, folders[place.arch], prefix.state, prefix.wine, parts)
    overrides.read_user(prefix.path)
    if "registry" in parts:
        tool.require()
        hives.check_config(prefix.path)
    return folders


# -- an install


def add(prefix, parts, folders):
    try:
        put_in(prefix, parts, folders)
    except (Refused, OSError):
        give_up(prefix, parts)
        raise
    look_again(prefix)
    prefix.step("note the end", prefix.state.settle, {*prefix.state["parts"], *parts})


def look_again(prefix):
    try:
        prefix.look()
    except Refused as error:
        raise Refused(f"{error}. It was started while the install ran, and may or may not know of "
                      "it: end it, then run install again, which finishes or undoes this one") \
            from error


def put_in(prefix, parts, folders):
    state = prefix.state
    prefix.step("note the start in .decanter", state.begin, "install", parts)
    for place in prefix.places:
        prefix.step(f"keep Wine's own DLLs of {place.name}", files.keep, place, state, parts)
    if "registry" in parts:
        prefix.step("keep Wine's registry files", keep_texts, prefix)
        prefix.step("keep what is in the place of the hives", hives.keep_own, prefix.path, state)
        prefix.step("turn the registry into hives in system32/config", hives.convert, prefix.path,
                    state)
    for place in prefix.places:
        prefix.step(f"put the {place.arch} DLLs into {place.name}", files.put, place,
                    folders[place.arch], state, prefix.wine, parts)
    if not prefix.dry_run:
        files.note(prefix.places, state, prefix.wine, parts)
    if "msi" in parts:
        prefix.step("tell Wine where the installer's type library is",
                    overrides.name_type_library, prefix.path)
    prefix.step("tell Wine to load them", tell_wine, prefix, parts)


def keep_texts(prefix):
    """What the hives are made of, and what a later merge compares with."""
    state = prefix.state
    os.makedirs(state.kept(), exist_ok=True)
    for name in hives.TEXT_FILES:
        path = os.path.join(prefix.path, name)
        if os.path.exists(path):
            copy_as_is(os.path.realpath(path), state.kept(name))
    state.set(texts=True)


def tell_wine(prefix, parts):
    """The step that all hangs on."""
    sections = overrides.read_user(prefix.path)
    overrides.note_key(sections, prefix.state)
    overrides.switch_on(sections, prefix.state, parts)
    prefix.state.save()
    prefix.look()
    write_whole(overrides.user_reg(prefix.path), joined(sections))


# -- undoing it


def give_up(prefix, parts):
    try:
        prefix.step("undo what was done so far", roll_back, prefix, parts)
    except OSError as error:
        say(f"not undone ({error}): the next install or uninstall does that")


def roll_back(prefix, parts):
    """Takes out what the install put in. Wine's files keep what was written to them since."""
    state = prefix.state
    undo_texts(prefix, parts)
    for place in prefix.places:
        files.take_out(place, state, parts)
    if "registry" in parts:
        known = state["made"] or state.damaged
        written = hives.changed_hives(prefix.path, state) if known else []
        hives.save_aside(prefix.path, written, prefix.saved())
        hives.remove_hives(prefix.path, state)
        state.data.update(made={}, config=None, texts=False)
    end(prefix, parts)


def undo_texts(prefix, parts):
    """Byte for byte where nobody wrote since; else our changes alone are taken back."""
    if "msi" in parts:
        overrides.name_msi_again(prefix.path)
    sections = overrides.read_user(prefix.path)
    before = joined(sections)
    overrides.switch_off(sections, prefix.state, parts)
    if not overrides.marked_parts(sections):
        overrides.unmark(sections)
    if joined(sections) != before:
        write_whole(overrides.user_reg(prefix.path), joined(sections))


def end(prefix, parts):
    """The parts are gone; the last one takes .decanter with it."""
    state = prefix.state
    left = [part for part in state["parts"] if part not in parts]
    last_look(prefix)
    overrides.unmark_files(prefix.path, hives.TEXT_FILES)
    last_look(prefix)
    remove_asides(prefix.path)
    if left:
        files.forget(prefix.places, state, parts)
        state.settle(left)  # both at once: what is forgotten while the parts are there counts as ours
        files.remove_kept(prefix.places, state, parts)
        shutil.rmtree(state.merged(), ignore_errors=True)
    else:
        state.remove()


def last_look(prefix):
    """A server that has read the files with our mark would save it again."""
    try:
        prefix.look()
    except Refused as error:
        raise Refused(f"{error}. It was started meanwhile: Wine's DLLs and registry are back, and "
                      "only .decanter is left; run uninstall again when it has ended") from error


# -- what was cut short


def resume(prefix):
    """Undoes or finishes what a former run began. Returns whether an install is whole by that."""
    state = prefix.state
    if state.leftover:
        prefix.step("remove .decanter", state.remove)
    doing = state["doing"]
    if not doing:
        return False
    if doing["what"] == "uninstall":
        raise Refused("an uninstall was cut short there; finish it first (prefix uninstall)")
    if doing["what"] == "install":
        return resume_install(prefix, doing["parts"])
    say("an update was cut short: it is done again")
    return False


def resume_install(prefix, parts):
    """Returns whether it was finished; else it is undone."""
    if overrides.is_on(overrides.read_user(prefix.path), parts):
        prefix.step("finish an install that was cut short", prefix.state.settle,
                    {*prefix.state["parts"], *parts})
        return True
    prefix.step("undo an install that was cut short", roll_back, prefix, parts)
    return False


# -- over one that is there: another version, an updated Wine, what was damaged


def why_update(prefix, folders):
    state, parts = prefix.state, prefix.state["parts"]
    sections = overrides.read_user(prefix.path)
    reasons = files.problems(prefix.places, state, parts)
    reasons += [f"{name} is of another build" for name in
                files.differences(prefix.places, state, parts, folders)]
    if state["doing"] or state.damaged:
        reasons.append("what is noted is not whole")
    if overrides.missing_overrides(sections, parts) or \
            not set(parts) <= (overrides.marked_parts(sections) or set()):
        reasons.append("overrides are missing")
    if "msi" in parts and not overrides.type_library_is_named(prefix.path):
        reasons.append("the type library is not named")
    if "registry" in parts:
        reasons += [f"the hive {h} is gone" for h in missing_hives(state, prefix.path)]
        reasons += [f"{hives.PARTS_FILE} is gone"] if not os.path.exists(
            hives.hive_path(prefix.path, hives.PARTS_FILE)) else []
    return reasons


def missing_hives(state, path):
    return [h for h in state["made"] if h not in hives.hives_there(path)]


def update(prefix, folders, reasons):
    state, parts = prefix.state, list(prefix.state["parts"])
    for reason in reasons:
        say(f"  {reason}")
    if "registry" in parts:
        prefix.step("look at the hives' companions", companions.check, prefix.path)
    prefix.step("note the start in .decanter", state.begin, "update", parts)
    if "registry" in parts:
        prefix.step("write the logs into the hives", companions.settle, prefix.path)
    for place in prefix.places:
        prefix.step(f"keep Wine's own DLLs of {place.name}", keep_again, prefix, place, parts)
    for place in prefix.places:
        prefix.step(f"put the {place.arch} DLLs into {place.name}", files.put, place,
                    folders[place.arch], state, prefix.wine, parts)
    prefix.step("note what is there", files.note, prefix.places, state, prefix.wine, parts)
    if "registry" in parts:
        prefix.step("make what is missing of the hives", make_missing, prefix)
    if "msi" in parts:
        prefix.step("tell Wine where the installer's type library is",
                    overrides.name_type_library, prefix.path)
    prefix.step("tell Wine to load them", tell_wine, prefix, parts)
    look_again(prefix)
    prefix.step("note the end", state.settle, parts)


def keep_again(prefix, place, parts):
    state = prefix.state
    files.keep_updated(place, state, prefix.wine, parts)
    done = state["kept"].setdefault(place.name, [])
    done += [name for part in parts for name in files.BESIDE[part]
             if name not in done]  # these are ours, and have no original
    for name in [n for part in parts for n in files.BESIDE[part].values()]:
        kept = state.kept(place.name, name)
        if files.is_decanters(place.file(name)) and not os.path.lexists(kept):
            os.makedirs(os.path.dirname(kept), exist_ok=True)
            write_whole(kept, files.wine_original(place, name, state, prefix.wine))
    files.keep(place, state, parts)


def make_missing(prefix):
    hives.put_parts_file(prefix.path)
    for hive in missing_hives(prefix.state, prefix.path):
        say(f"  the hive {hive} is gone: made again from what Wine's own files have")
        hives.convert(prefix.path, prefix.state, (hive,))


