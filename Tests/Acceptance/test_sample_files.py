"""The files in samples/, read by the tools that they are for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

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
