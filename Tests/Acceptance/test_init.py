"""A new repository, from its first minute."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROGRAM, ROOT

SAMPLES = ROOT / "samples/ci"
CHECKER = Path(sys.executable).with_name("check-jsonschema")


def files(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())


def test_the_first_five_minutes(rollcall):
    rollcall("init", "people")
    people = rollcall.folder / "people"
    script = "set -eu; rollcall validate; rollcall fmt --check; rollcall plan; rollcall apply --yes; rollcall drift; rollcall plan --detailed-exitcode"
    env = {**rollcall.env, "PATH": f"{rollcall.folder / 'bin'}:{os.environ['PATH']}"}
    (rollcall.folder / "bin").mkdir()
    (rollcall.folder / "bin/rollcall").symlink_to(PROGRAM)
    done = subprocess.run(["bash", "-c", script], cwd=people, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "User alice" in done.stdout and "Administrators" in done.stdout
    for command in ("validate", "plan", "apply", "drift"):
        assert f"$ rollcall {command}" in (people / "README.md").read_text()

    git = lambda *words: subprocess.run(["git", *words], cwd=people, check=True, capture_output=True, text=True).stdout
    git("init", "-q")
    git("add", ".")
    assert [f for f in git("ls-files").splitlines() if "sqlite" in f or f.startswith(".rollcall")] == []
    for file in (people / "manifests").glob("*.yaml"):
        assert file.read_text().startswith("# yaml-language-server: $schema=../manifest.schema.json\n")
    checked = subprocess.run(
        [CHECKER, "--schemafile", "manifest.schema.json", "manifests/people.yaml"], cwd=people, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout


def test_nothing_is_overwritten(rollcall):
    rollcall.write("people/README.md", "mine\n")
    done = rollcall("init", "people", expect=64)
    assert "people/README.md exists already" in done.stderr
    assert files(rollcall.folder / "people") == ["README.md"]
    rollcall("init", "others")
    assert "more of what would be made" in rollcall("init", "others", expect=64).stderr
    assert "'github', 'gitlab' or 'none'" in rollcall("init", "third", "--ci", "jenkins", expect=64).stderr


def test_in_the_working_folder(rollcall):
    assert "README.md" in rollcall("init", "--ci", "none").stdout.splitlines()
    assert not (rollcall.folder / "ci").exists() and not (rollcall.folder / ".github").exists()
    rollcall("validate")


SCRIPTS = {f"ci/{name}.sh": f"scripts/{name}.sh" for name in ("lib", "plan", "apply", "drift")}


@pytest.mark.parametrize("forge, sources", [
    ("github", {**SCRIPTS, "ci/github.sh": "scripts/github.sh", **{
        f".github/workflows/{f.name}": f"github/.github/workflows/{f.name}" for f in (SAMPLES / "github/.github/workflows").glob("*.yml")}}),
    ("gitlab", {**SCRIPTS, "ci/gitlab.sh": "scripts/gitlab.sh", ".gitlab-ci.yml": "gitlab/.gitlab-ci.yml"}),
    ("none", {}),
])
def test_its_ci_is_that_of_the_samples(rollcall, forge, sources):
    """When this fails, the samples have changed: .ci/scaffold brings the program up to date."""
    sources = {**sources, ".pre-commit-config.yaml": "pre-commit/.pre-commit-config.yaml"}
    rollcall("init", "--ci", forge)
    for path, sample in sources.items():
        assert (rollcall.folder / path).read_text() == (SAMPLES / sample).read_text(), path
    own = {"README.md", "rollcall.yaml", ".gitignore", "manifest.schema.json"} | {f"manifests/{n}.yaml" for n in ("people", "groups", "endpoints")}
    assert set(files(rollcall.folder)) == own | set(sources)
