"""Whole installations: Decanter's msiexec runs against those of Wine's own DLLs, in one run.

A package has so many small files, each a component with a registry value. What counts is processor
time, that of the processes and that of the prefix's wineserver, which other work on the machine
disturbs least; wall time stands beside it, and how often the wineserver was waited for. Four times the files should take about four times as
long: the sizes come one after the other.

BENCH_FILES names the sizes, apart by commas: 1000,4000 without it. Wine takes a minute and more
for 16000.
"""
import ctypes
import os
import shutil
import subprocess
import time
import uuid

import bench_msiq

CODE = "{{3F2504E0-4F89-41D3-9A0C-0305{n:08X}}}"
SPACE = uuid.UUID("3f2504e0-4f89-41d3-9a0c-0305e82c3303")
# In the order in which Windows' own packages have them; each a hundred after the one before.
STEPS = ["CostInitialize", "FileCost", "CostFinalize", "InstallValidate", "InstallInitialize",
         "ProcessComponents", "UnpublishFeatures", "RemoveRegistryValues", "RemoveFiles",
         "InstallFiles", "WriteRegistryValues", "RegisterProduct", "PublishFeatures",
         "PublishProduct", "InstallFinalize"]
SUMMARY = [("1", "1252"), ("2", "Many"), ("3", "Many"), ("4", "Decanter"), ("7", "Intel;1033"),
           ("9", "{3F2504E0-4F89-41D3-9A0C-0305E82C3304}"), ("14", "200"), ("15", "0"), ("19", "2")]


def content(i):
    return f"file {i}\n".encode() * 20


def tables(count):
    """Name, columns, types, keys and rows of each."""
    code = CODE.format(n=count)
    many = range(count)
    yield "Property", ["Property", "Value"], ["s72", "l0"], ["Property"], [
        ["ProductCode", code], ["ProductName", f"Many {count}"], ["ProductVersion", "1.0.0"],
        ["ProductLanguage", "1033"], ["Manufacturer", "Decanter"], ["ALLUSERS", "1"]]
    yield "Directory", ["Directory", "Directory_Parent", "DefaultDir"], ["s72", "S72", "l255"], [
        "Directory"], [["TARGETDIR", "", "SourceDir"],
                       ["ProgramFilesFolder", "TARGETDIR", "."],
                       ["D", "ProgramFilesFolder", f"Many{count}:files"]]
    yield "Component", ["Component", "ComponentId", "Directory_", "Attributes", "Condition",
                        "KeyPath"], ["s72", "S38", "s72", "i2", "S255", "S72"], ["Component"], [
        [f"C{i}", "{" + str(uuid.uuid5(SPACE, f"{count}/{i}")).upper() + "}", "D", "0", "", f"F{i}"]
        for i in many]
    yield "Feature", ["Feature", "Feature_Parent", "Title", "Description", "Display", "Level",
                      "Directory_", "Attributes"], ["s38", "S38", "L64", "L255", "I2", "i2", "S72",
                                                    "i2"], ["Feature"], [
        ["A", "", "", "", "", "1", "", "0"]]
    yield "FeatureComponents", ["Feature_", "Component_"], ["s38", "s72"], [
        "Feature_", "Component_"], [["A", f"C{i}"] for i in many]
    yield "File", ["File", "Component_", "FileName", "FileSize", "Version", "Language",
                   "Attributes", "Sequence"], ["s72", "s72", "l255", "i4", "S72", "S20", "I2",
                                               "i4"], ["File"], [
        [f"F{i}", f"C{i}", f"f{i}.txt", str(len(content(i))), "", "", "0", str(i + 1)]
        for i in many]
    yield "Media", ["DiskId", "LastSequence", "DiskPrompt", "Cabinet", "VolumeLabel", "Source"], [
        "i2", "i4", "L64", "S255", "S32", "S72"], ["DiskId"], [["1", str(count), "", "", "", ""]]
    yield "Registry", ["Registry", "Root", "Key", "Name", "Value", "Component_"], [
        "s72", "i2", "l255", "L255", "L0", "s72"], ["Registry"], [
        [f"R{i}", "2", f"Software\\Many{count}", f"v{i}", f"value {i}", f"C{i}"] for i in many]
    yield "InstallExecuteSequence", ["Action", "Condition", "Sequence"], ["s72", "S255", "I2"], [
        "Action"], [[step, "", str(800 + 100 * i)] for i, step in enumerate(STEPS)]
    yield "_SummaryInformation", ["PropertyId", "Value"], ["i2", "l255"], ["PropertyId"], [
        list(row) for row in SUMMARY]


def make_package(msiq, folder, count):
    """With its files beside it: a cabinet would measure how fast it is unpacked."""
    source = os.path.join(folder, f"many{count}")
    os.makedirs(os.path.join(source, "files"))
    for i in range(count):
        with open(os.path.join(source, "files", f"f{i}.txt"), "wb") as f:
            f.write(content(i))
    made = [bench_msiq.archive(source, *table) for table in tables(count)]
    name = os.path.join(source, "many.msi")
    subprocess.run([msiq, "import", name] + made, check=True)
    return name


def server_of(prefix):
    """The process of the prefix's wineserver."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/comm", encoding="ascii", errors="replace") as f:
                if not f.read().startswith("wineserver"):
                    continue
            with open(f"/proc/{pid}/environ", "rb") as f:
                if b"WINEPREFIX=" + os.fsencode(prefix) in f.read().split(b"\0"):
                    return int(pid)
        except OSError:
            continue
    raise RuntimeError("the prefix has no wineserver")


def cpu_of(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def waits_of(pid):
    """How often it had nothing to do, and was woken by a question."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt"))


def adopt():
    """Wine's start.exe ends at once, and what it started is nobody's child: it becomes ours."""
    pr_set_child_subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(pr_set_child_subreaper, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def spent_until(pid):
    """Its code, when it ended, and processor seconds of it and of all that ended until shortly
    after it."""
    spent, code, end = 0.0, None, None
    while end is None or time.perf_counter() < end + 1:
        try:
            ended, status, usage = os.wait4(-1, 0 if end is None else os.WNOHANG)
        except ChildProcessError:
            break
        if not ended:
            time.sleep(0.02)
            continue
        spent += usage.ru_utime + usage.ru_stime
        if ended == pid:
            code, end = os.waitstatus_to_exitcode(status), time.perf_counter()
    return code, end, spent


class Side:
    """A prefix with its server."""

    def __init__(self, env, prefix):
        self.env = dict(env, WINEPREFIX=prefix)
        self.prefix = prefix
        self.wine("wineserver", "-p")
        self.wine("wine", "reg.exe", "query", "HKLM\\Software")
        self.server = server_of(prefix)

    def wine(self, *command):
        return subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              check=False).returncode

    def timed(self, switch, package):
        """Processor seconds, wall seconds, and how often the server was waited for."""
        server, waits, start = cpu_of(self.server), waits_of(self.server), time.perf_counter()
        process = subprocess.Popen(["wine", "msiexec.exe", switch,
                                    "Z:" + package.replace("/", "\\"), "/qn"],
                                   env=self.env, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        code, end, spent = spent_until(process.pid)
        process.returncode = code
        if code:
            raise RuntimeError(f"{self.prefix}: msiexec {switch} ended with {code}")
        return spent + cpu_of(self.server) - server, end - start, waits_of(self.server) - waits

    def files(self, count):
        """How many are installed."""
        return sum(len(names) for top, _, names in os.walk(os.path.join(self.prefix, "drive_c"))
                   if os.path.basename(top) == f"Many{count}")

    def measure(self, package, count):
        results = []
        for switch, left in (("/i", count), ("/x", 0)):
            results.append(self.timed(switch, package))
            if self.files(count) != left:
                raise RuntimeError(f"{self.prefix}: msiexec {switch} left {self.files(count)} files")
        return results


def compare(sides, msiq, folder, count):
    package = make_package(msiq, folder, count)
    ours, theirs = [side.measure(package, count) for side in sides]
    for what, mine, other in zip(("installed", "removed"), ours, theirs):
        cpu, wall, waits = (b / max(a, 0.01) for a, b in zip(mine, other))
        print(f"{f'{count} files and values {what}':36}{mine[0]:8.2f} s{other[0]:9.2f} s{cpu:7.1f}x"
              f"{mine[1]:9.2f} s{other[1]:9.2f} s{wall:7.1f}x"
              f"{mine[2]:9}{other[2]:10}{waits:7.1f}x", flush=True)


def run(top, env, folder):
    """env: of a prefix without Decanter, made already, with no program in it but its server."""
    msiq = os.path.join(top, "build/opt/msiq")
    if not os.path.exists(msiq):
        print("install: no native msiq to make packages with")
        return
    subprocess.run(["wineserver", "-k"], env=env, check=False)
    subprocess.run(["wineserver", "-w"], env=env, check=False)
    wine, ours = env["WINEPREFIX"], os.path.join(folder, "ours")
    shutil.copytree(wine, ours, symlinks=True)
    subprocess.run([os.path.join(top, "tools/prefix"), "install", ours], check=True,
                   stdout=subprocess.DEVNULL)
    adopt()
    sides = [Side(env, ours), Side(env, wine)]
    print(f"\ninstall: whole processes{'':12}{'ours':>10}{'Wine':>11}{'ratio':>8}"
          f"{'wall':>11}{'Wine':>11}{'ratio':>8}{'waits':>9}{'Wine':>10}{'ratio':>8}")
    try:
        for count in map(int, os.environ.get("BENCH_FILES", "1000,4000").split(",")):
            compare(sides, msiq, folder, count)
    finally:
        subprocess.run(["wineserver", "-k"], env=sides[0].env, check=False)
        shutil.rmtree(ours, ignore_errors=True)
