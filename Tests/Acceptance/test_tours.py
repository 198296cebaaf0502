"""manifests/ and samples/ as a newcomer runs them."""

import os
import subprocess

import pytest
from conftest import PROGRAM, ROOT

TOURS = sorted(ROOT.glob("samples/*/run.sh"))


def tour(script, tmp_path):
    done = subprocess.run(
        [str(script)], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "LANG": "C.UTF-8", "ROLLCALL": PROGRAM, "TMPDIR": str(tmp_path), "PORT": "0"})
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.glob("tmp.*")), "the tour left something behind"
    return done.stdout


def test_reference_organisation(rollcall):
    report = rollcall.json("validate", "-f", ROOT / "manifests")
    assert report["diagnostics"] == []
    assert report["documents"] == 63


def test_demo(tmp_path):
    output = tour(ROOT / "samples/demo.sh", tmp_path)
    assert output.count("In sync: nothing to change.") == 1
    assert "User yuki" in output and "User felix" in output
    assert output.rstrip().endswith("In sync: no drift.")


@pytest.mark.parametrize("script", TOURS, ids=lambda script: script.parent.name)
def test_sample(script, tmp_path):
    tour(script, tmp_path)
