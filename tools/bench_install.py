"""Whole installations: Decanter's msiexec runs against those of Wine's own DLLs, in one run.

A package has so many small files, each a component with a registry value. What counts is processor
time, that of the process and that of the prefix's wineserver, which other work on the machine
disturbs least; wall time stands beside it. Four times the files should take about four times as
long: the sizes come one after the other.

BENCH_FILES names the sizes, apart by commas: 1000,4000 without it. Wine takes a minute and more
for 16000.
"""
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
        """Processor and wall seconds."""
        before, start = os.times(), time.perf_counter()
        server = cpu_of(self.server)
        code = self.wine("wine", "msiexec.exe", switch, "Z:" + package.replace("/", "\\"), "/qn")
        wall, after = time.perf_counter() - start, os.times()
        if code:
            raise RuntimeError(f"{self.prefix}: msiexec {switch} ended with {code}")
        cpu = (after.children_user - before.children_user +
               after.children_system - before.children_system)
        return cpu + cpu_of(self.server) - server, wall

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
    for what, (cpu, wall), (cpu_other, wall_other) in zip(("installed", "removed"), ours, theirs):
        print(f"{f'{count} files and values {what}':40}{cpu:9.2f} s{cpu_other:10.2f} s"
              f"{cpu_other / max(cpu, 0.01):8.1f}x{wall:9.2f} s{wall_other:9.2f} s"
              f"{wall_other / wall:8.1f}x", flush=True)


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
    sides = [Side(env, ours), Side(env, wine)]
    print(f"\ninstall: whole processes{'':16}{'ours':>11}{'Wine':>12}{'ratio':>9}"
          f"{'wall':>11}{'Wine':>11}{'ratio':>9}")
    try:
        for count in map(int, os.environ.get("BENCH_FILES", "1000,4000").split(",")):
            compare(sides, msiq, folder, count)
    finally:
        subprocess.run(["wineserver", "-k"], env=sides[0].env, check=False)
        shutil.rmtree(ours, ignore_errors=True)
