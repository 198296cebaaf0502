"""The files in samples/, read by the tools that they are for."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROGRAM, ROOT, user

SAMPLES = ROOT / "samples"
# Checkers from requirements.txt stand beside the interpreter.
BIN = Path(sys.executable).parent


def check(*command, **options):
    """Runs a checker, which has to be content."""
    env = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}"}
    done = subprocess.run(
        [str(word) for word in command], capture_output=True, text=True, timeout=120, env=env, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_folder_says_what_it_is():
    for map in (SAMPLES, SAMPLES / "ci"):
        told = (map / "README.md").read_text()
        for folder in (f for f in map.iterdir() if f.is_dir()):
            assert f"({folder.name})" in told, folder
            assert (folder / "README.md").exists() or folder.name == "scripts", folder


def test_scripts():
    check("shellcheck", "-x", "-P", "SCRIPTDIR", "-P", ".", *sorted(SAMPLES.rglob("*.sh")), cwd=ROOT)


GITHUB = sorted((SAMPLES / "ci/github/.github/workflows").glob("*.yml"))


def test_github_workflows(tmp_path):
    check("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *GITHUB)
    check("check-jsonschema", "--builtin-schema", "custom.github-workflows-require-timeout", *GITHUB)
    check("actionlint", *GITHUB)
    # Actions may be named by their major version, for readers; everything else that zizmor finds counts.
    config = tmp_path / "zizmor.yml"
    config.write_text('rules: {unpinned-uses: {config: {policies: {"*": ref-pin}}}}\n')
    check("zizmor", "--offline", "--config", config, *GITHUB)


def test_gitlab_pipeline():
    pipeline = SAMPLES / "ci/gitlab/.gitlab-ci.yml"
    check("check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", pipeline)


UNITS = sorted(f for f in (SAMPLES / "systemd").iterdir() if f.suffix in (".service", ".timer"))
SERVICES = [f for f in UNITS if f.suffix == ".service"]


def test_units(tmp_path):
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text().replace("/usr/bin/rollcall", PROGRAM))
    told = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / u.name for u in UNITS)], capture_output=True, text=True, timeout=120)
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
    # In tenths: 100 is a service that may do everything.
    check("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=15", *(tmp_path / u.name for u in SERVICES))


def command_of(unit, setting, folder):
    """A command of a unit as systemd would call it, with its folders below one of ours."""
    text = (SAMPLES / "systemd" / unit).read_text().replace("\\\n", "")
    line = re.search(rf"^{setting}=\+?(.*)$", text, re.M)[1]
    for theirs, ours in [("%S", folder / "lib"), ("%t", folder / "run"), ("/etc", folder / "etc"), ("/usr/bin/rollcall", PROGRAM),
                         ("/var/lib/prometheus/node-exporter", folder), ("--host 0.0.0.0 --port 9443", "--port 0"), ("$$", "$")]:
        line = line.replace(theirs, str(ours))
    for place in ("lib/rollcall", "run/rollcall", "etc/rollcall/credentials"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    return shlex.split(line)


def test_the_drift_unit_runs(rollcall):
    command = command_of("rollcall-drift.service", "ExecStart", rollcall.folder)
    rollcall.write("etc/rollcall/manifests/all.yaml", user("alice", password='{file: "${CREDENTIALS_DIRECTORY}/password"}'))
    rollcall.write("etc/rollcall/credentials/password", "correct horse battery")
    rollcall.env["CREDENTIALS_DIRECTORY"] = str(rollcall.folder / "etc/rollcall/credentials")
    done = rollcall(*command[1:], expect=2)
    assert "User alice" in done.stdout
    check(*command_of("rollcall-drift.service", "ExecStopPost", rollcall.folder))
    assert 'rollcall_exit_status{verb="drift"} 2' in (rollcall.folder / "rollcall.prom").read_text()


def test_the_server_unit_runs(rollcall):
    command = command_of("rollcall-serve.service", "ExecStart", rollcall.folder)
    rollcall.write("etc/rollcall/credentials/admin-password", "correct horse battery")
    env = {**rollcall.env, "CREDENTIALS_DIRECTORY": str(rollcall.folder / "etc/rollcall/credentials")}
    process = subprocess.Popen(command, cwd=rollcall.folder, env=env, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline().startswith("ready https://")
    process.terminate()
    assert process.wait(60) == 0


CONTAINERFILE = SAMPLES / "container/Containerfile"


def test_containerfile():
    check("hadolint", CONTAINERFILE)


def test_the_image_has_what_the_program_is_linked_with():
    """Debian's packages of the libraries; what every image of Debian has is not named, and Swift's are in the program."""
    libraries = re.findall(r"^\s+NEEDED\s+(lib(?!swift|Foundation|dispatch|Blocks)\S+)", check("objdump", "-p", PROGRAM), re.M)
    packages = {check("dpkg", "--search", f"*/{name}").split(":")[0] for name in libraries} - {
        "libc6", "libgcc-s1", "libstdc++6", "zlib1g"}
    assert "libpq5" in packages and packages <= set(CONTAINERFILE.read_text().split())


def test_links_of_the_readmes():
    for page in SAMPLES.rglob("README.md"):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (page.parent / link).exists(), f"{page}: {link}"
