"""Whole processes: the native msiq against msitools, on packages that are generated here.

Each pair of commands runs in turn, several times; what counts is the least processor time, which
other work on the machine disturbs least, with the least wall time beside it.
"""
import os
import random
import resource
import shutil
import subprocess
import time

ROUNDS = 5


def archive(folder, name, columns, types, keys, rows):
    lines = ["\t".join(columns), "\t".join(types), "\t".join([name] + keys)]
    lines += ["\t".join(row) for row in rows]
    path = os.path.join(folder, name + ".idt")
    with open(path, "w", encoding="ascii", newline="") as f:
        f.write("\r\n".join(lines) + "\r\n")
    return path


def small_package(msiq, folder, rows):
    """A package of so many rows in Registry, with the other tables that one has."""
    name = os.path.join(folder, f"rows{rows}.msi")
    made = [
        archive(folder, "Property", ["Property", "Value"], ["s72", "l0"], ["Property"],
                [[f"Property{i}", f"value {i}"] for i in range(200)]),
        archive(folder, "Component",
                ["Component", "ComponentId", "Directory_", "Attributes", "Condition", "KeyPath"],
                ["s72", "S38", "s72", "i2", "S255", "S72"], ["Component"],
                [[f"C{i}", "", f"D{i % 50}", "0", "", ""] for i in range(rows // 4)]),
        archive(folder, "Directory", ["Directory", "Directory_Parent", "DefaultDir"],
                ["s72", "S72", "l255"], ["Directory"],
                [["TARGETDIR", "", "SourceDir"]] + [[f"D{i}", "TARGETDIR", f"D{i}"] for i in range(50)]),
        archive(folder, "Registry",
                ["Registry", "Root", "Key", "Name", "Value", "Component_"],
                ["s72", "i2", "l255", "L255", "L0", "s72"], ["Registry"],
                [[f"R{i}", "2", f"Software\\Company\\Product\\Key{i // 10}", f"Name{i % 10}",
                  f"[INSTALLDIR]file{i}.dll", f"C{i % (rows // 4)}"] for i in range(rows)]),
    ]
    subprocess.run([msiq, "import", name] + made, check=True)
    return name, made


def large_package(folder, files, size):
    """With one cabinet in it: half of the bytes are like text, a quarter like noise."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 9)))
             for _ in range(3000)]
    source = os.path.join(folder, "source")
    os.makedirs(source)
    parts = []
    for i in range(files):
        text = " ".join(chance.choices(words, k=size // 6)).encode()[:size]
        data = text if i % 2 else os.urandom(size // 2) + text[:size // 2]
        with open(os.path.join(source, f"f{i}.dat"), "wb") as f:
            f.write(data.ljust(size, b"."))
        parts.append(f'<Component Id="C{i}" Guid="{{3F2504E0-4F89-41D3-9A0C-0305E82C{i:04X}}}">'
                     f'<File Id="F{i}" Name="f{i}.dat" Source="source/f{i}.dat" KeyPath="yes"/></Component>')
    with open(os.path.join(folder, "large.wxs"), "w", encoding="ascii") as f:
        f.write('<?xml version="1.0"?><Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">'
                '<Product Id="{3F2504E0-4F89-41D3-9A0C-0305E82C3301}" Name="L" Language="1033" '
                'UpgradeCode="{3F2504E0-4F89-41D3-9A0C-0305E82C3302}" Version="1.0.0" Manufacturer="M">'
                '<Package InstallerVersion="200" Compressed="yes"/>'
                '<Media Id="1" Cabinet="a.cab" EmbedCab="yes"/>'
                '<Directory Id="TARGETDIR" Name="SourceDir"><Directory Id="ProgramFilesFolder">'
                '<Directory Id="D" Name="L">' + "".join(parts) + '</Directory></Directory></Directory>'
                '<Feature Id="F" Level="1">' +
                "".join(f'<ComponentRef Id="C{i}"/>' for i in range(files)) +
                '</Feature></Product></Wix>')
    subprocess.run(["wixl", "-o", "large.msi", "large.wxs"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return os.path.join(folder, "large.msi")


def once(command, folder, fresh):
    work = os.path.join(folder, "work")
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    for path in fresh:
        shutil.copy(path, work)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def compare(what, ours, theirs, folder, fresh=(), rounds=ROUNDS):
    """One line: processor milliseconds of both, their ratio, and that of the wall times."""
    results = [once(command, folder, fresh) for _ in range(rounds) for command in (ours, theirs)]
    (cpu, wall), (cpu_other, wall_other) = [
        tuple(min(run[i] for run in results[side::2]) for i in (0, 1)) for side in (0, 1)]
    print(f"{what:46}{1000 * cpu:10.1f} ms{1000 * cpu_other:12.1f} ms"
          f"{cpu_other / max(cpu, 1e-6):9.1f}x{wall_other / wall:9.1f}x   {os.path.basename(theirs[0])}")


def run(top, folder):
    msiq = os.path.join(top, "build/opt/msiq")
    if not os.path.exists(msiq) or not all(map(shutil.which, ("msiinfo", "msidump", "msibuild"))):
        print("msiq: no native msiq, or no msitools to compare with")
        return
    print(f"\nmsiq: whole processes{'':25}{'ours':>13}{'theirs':>15}{'ratio':>10}{'wall':>10}")
    one = "SELECT `Value` FROM `Property` WHERE `Property` = 'Property100'"
    change = "UPDATE `Property` SET `Value` = 'x' WHERE `Property` = 'Property100'"
    for rows in (1000, 20000):
        package, archives = small_package(msiq, folder, rows)
        name = os.path.basename(package)
        compare(f"{rows} rows: summary information", [msiq, "info", package],
                ["msiinfo", "suminfo", package], folder)
        compare(f"{rows} rows: one property", [msiq, "sql", package, one],
                ["msiinfo", "export", package, "Property"], folder)
        compare(f"{rows} rows: export of all tables", [msiq, "export", package, "--out", "out"],
                ["msidump", "-t", package], folder)
        compare(f"{rows} rows: one property changed", [msiq, "sql", name, change],
                ["msibuild", name, "-q", change], folder, [package])
        compare(f"{rows} rows: import into a new file", [msiq, "import", "new.msi"] + archives,
                ["msibuild", "new.msi", "-i"] + archives, folder)
    if shutil.which("wixl") and shutil.which("msiextract"):
        package = large_package(folder, 50, 2000000)
        compare("100 MB of files: extract", [msiq, "extract", package, "out"],
                ["msiextract", package], folder)
        compare("100 MB of files: the list", [msiq, "extract", package, "--list"],
                ["msiextract", "--list", package], folder)
