"""Manifests as they are written."""

import re
import stat

from conftest import user

UNTIDY = """\
kind: User   # a person
apiVersion: rollcall/v1
metadata:
    name: alice
spec:
    # how she signs in
    userName: alice
    emails: [ {value: a@corp.example} ]
"""
TIDY = """\
apiVersion: rollcall/v1
kind: User   # a person
metadata:
  name: alice
spec:
  # how she signs in
  userName: alice
  emails: [{value: a@corp.example}]
"""


def test_fmt_tidies_files_in_place(rollcall):
    file = rollcall.write("manifests/alice.yaml", UNTIDY)
    file.chmod(0o640)
    link = rollcall.folder / "manifests/link.yaml"
    tidy = rollcall.write("manifests/bob.yaml", user("bob"))
    rollcall("fmt", "-f", tidy)
    before = tidy.stat()
    real = rollcall.write("elsewhere/carol.yaml", UNTIDY.replace("alice", "carol"))
    link.symlink_to(real)

    done = rollcall("fmt", "--check", expect=2)
    assert "manifests/alice.yaml\n--- manifests/alice.yaml\n" in done.stdout and "+  name: alice" in done.stdout
    assert "bob" not in done.stdout
    assert file.read_text() == UNTIDY

    done = rollcall("fmt")
    assert done.stdout.splitlines() == ["manifests/alice.yaml", "manifests/link.yaml"]
    assert file.read_text() == TIDY
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert link.is_symlink() and real.read_text() == TIDY.replace("alice", "carol")
    assert (tidy.stat().st_mtime_ns, tidy.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert [f.name for f in (rollcall.folder / "manifests").iterdir() if f.name.startswith(".")] == []
    assert rollcall("fmt", "--check").stdout == "" and rollcall("fmt").stdout == ""


def test_fmt_of_standard_input(rollcall):
    assert rollcall("fmt", "-f", "-", stdin=UNTIDY).stdout == TIDY
    assert rollcall("fmt", "-f", "-", "--check", stdin=TIDY).stdout == ""
    assert "+  name: alice" in rollcall("fmt", "-f", "-", "--check", stdin=UNTIDY, expect=2).stdout


def test_fmt_leaves_a_faulty_file_as_it_is(rollcall):
    faulty = rollcall.write("manifests/a.yaml", "a:   1\nb: [\n")
    secret = rollcall.write("manifests/b.yaml", "password: hunter2\npassword: hunter3\n")
    good = rollcall.write("manifests/c.yaml", UNTIDY)
    done = rollcall("fmt", expect=3)
    assert re.search(r"manifests/a.yaml:3:1: error\[M\d+\]", done.stderr)
    assert re.search(r"manifests/b.yaml:2:1: error\[M\d+\]", done.stderr)
    assert "hunter" not in done.stdout + done.stderr
    assert faulty.read_text() == "a:   1\nb: [\n" and "hunter2" in secret.read_text()
    assert good.read_text() == TIDY
    assert "nowhere" in rollcall("fmt", "-f", "nowhere", expect=3).stderr
