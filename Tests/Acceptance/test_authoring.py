"""Manifests as they are written: their layout, their JSON Schema."""

import datetime
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, endpoint, user

CHECKER = Path(sys.executable).with_name("check-jsonschema")
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


def check(schema, *files, expect=0):
    done = subprocess.run(
        [CHECKER, "--schemafile", schema, *files], capture_output=True, text=True, timeout=120)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def documents(folder, paths):
    """The documents of these files, each in a file of its own, as the checker wants them."""
    for path in paths:
        for number, text in enumerate(re.split(r"^---.*\n", path.read_text(), flags=re.MULTILINE)):
            if "kind:" in text:
                yield write(folder, f"{path.stem}-{len(os.listdir(folder))}-{number}.yaml", text)


def write(folder, name, text):
    (folder / name).write_text(text)
    return folder / name


@pytest.fixture
def schema(rollcall):
    rollcall("schema", "-f", ROOT / "manifests", "-o", "manifest.schema.json")
    return rollcall.folder / "manifest.schema.json"


def test_the_schema_is_one(schema):
    done = subprocess.run([CHECKER, "--check-metaschema", schema], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_takes_all_manifests(schema, tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    paths = [p for top in ("manifests", "samples") for p in sorted((ROOT / top).rglob("*.yaml")) if "apiVersion: rollcall/v1" in p.read_text()]
    files = list(documents(folder, paths))
    assert len(files) > 60
    check(schema, *files)


GOOD = {
    "user": "kind: User\nmetadata: {name: a}\nspec: {userName: a, title: 007, active: '${ACTIVE}', nickName: null, password: {env: A}}\n",
    "dates": "kind: User\nmetadata: {name: a}\nspec: {userName: a, lifecycle: {endsAt: 2027-01-01, grace: 30d}}\n",
    "group": "kind: Group\nmetadata: {name: g}\nspec: {displayName: g, members: [a, {user: b, until: 2027-01-01}, {group: c}]}\n",
    "endpoint": "kind: Endpoint\nmetadata: {name: e}\nspec: {type: scim2, url: '${URL}', safety: {maxDeletes: 5%, floor: 3}}\n",
}
BAD = {
    "unknown attribute": "kind: User\nmetadata: {name: a}\nspec: {userName: a, usrName: b}\n",
    "unknown field": "kind: Endpoint\nmetadata: {name: a}\nspec: {type: embedded, url: https://a.example}\n",
    "unknown key of the document": "kind: User\nmetadata: {name: a}\nspec: {userName: a}\nstatus: {}\n",
    "unknown kind": "kind: Person\nmetadata: {name: a}\nspec: {}\n",
    "text for a boolean": "kind: User\nmetadata: {name: a}\nspec: {userName: a, active: maybe}\n",
    "text for a list": "kind: User\nmetadata: {name: a}\nspec: {userName: a, emails: a@corp.example}\n",
    "literal password": "kind: User\nmetadata: {name: a}\nspec: {userName: a, password: hunter2}\n",
    "literal password of an endpoint":
        "kind: Endpoint\nmetadata: {name: a}\nspec: {type: scim2, url: https://a.example, auth: {basic: {username: a, password: hunter2}}}\n",
    "two ways to sign in":
        "kind: Endpoint\nmetadata: {name: a}\nspec: {type: scim2, url: https://a.example, auth: {bearer: {token: {env: A}}, basic: {username: a, password: {env: A}}}}\n",
    "no userName": "kind: User\nmetadata: {name: a}\nspec: {displayName: a}\n",
    "name": "kind: User\nmetadata: {name: A_B}\nspec: {userName: a}\n",
    "no choice": "kind: Group\nmetadata: {name: g}\nspec: {displayName: g, members: {mode: Exactly, refs: []}}\n",
    "read-only attribute": "kind: User\nmetadata: {name: a}\nspec: {userName: a, id: '4711'}\n",
    "rule with two sources":
        "kind: Endpoint\nmetadata: {name: a}\nspec: {type: embedded, mapping: [{to: title, from: title, constant: x}]}\n",
}


@pytest.mark.parametrize("case", GOOD)
def test_the_schema_takes(schema, rollcall, tmp_path, case):
    file = write(tmp_path, "case.yaml", "apiVersion: rollcall/v1\n" + GOOD[case])
    check(schema, file)


@pytest.mark.parametrize("case", BAD)
def test_the_schema_and_the_reader_refuse(schema, rollcall, tmp_path, case):
    """What the schema refuses, the program refuses too: an editor never complains of good manifests."""
    file = write(tmp_path, "case.yaml", "apiVersion: rollcall/v1\n" + BAD[case])
    check(schema, file, expect=1)
    rollcall("validate", "-f", file, expect=3)


def test_a_schema_of_one_kind(rollcall, tmp_path):
    rollcall("schema", "Group", "-o", "group.json")
    check(rollcall.folder / "group.json", write(tmp_path, "g.yaml", "apiVersion: rollcall/v1\n" + GOOD["group"]))
    check(rollcall.folder / "group.json", write(tmp_path, "u.yaml", "apiVersion: rollcall/v1\n" + GOOD["user"]), expect=1)
    assert "there is User, Group" in rollcall("schema", "Person", expect=64).stderr


def test_the_schema_knows_the_extensions_of_the_manifests(schema, tmp_path):
    document = "apiVersion: rollcall/v1\nkind: User\nmetadata: {name: a}\nspec:\n  userName: a\n  extensions:\n    urn:example:params:scim:schemas:badge:2.0:User: {%s}\n"
    check(schema, write(tmp_path, "good.yaml", document % "badgeNumber: 4711"))
    check(schema, write(tmp_path, "bad.yaml", document % "badgeNumber: 4711, colour: red"), expect=1)
    assert "What is printed on the badge" in json.dumps(json.loads(schema.read_text()))


# Write-back


PEOPLE = """\
# The people of this test
apiVersion: rollcall/v1
kind: User
metadata: {name: alice}
spec:
  userName: alice
  displayName: Alice  # as she likes it
  title: Engineer
  emails:
    # for everything
    - {value: alice@old.example, type: work, primary: true}
  active: true
---
apiVersion: rollcall/v1
kind: User
metadata: {name: bob}
spec:
  userName: bob
  active: true
---
apiVersion: rollcall/v1
kind: User
metadata: {name: carol}
spec:
  userName: carol
  nickName: "${NICK:=Caro}"
"""
GROUPS = """\
apiVersion: rollcall/v1
kind: Group
metadata: {name: admins}
spec:
  displayName: Admins
  members:
    # on call
    - alice
    - bob  # until June
"""


@pytest.fixture
def drifted(rollcall, scim_server):
    """A server that somebody has changed by hand."""
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall.write("manifests/groups.yaml", GROUPS)
    rollcall("fmt")
    rollcall("apply", "--yes")
    users = server.users()
    alice = {**users["alice"], "title": "Principal Engineer"}
    alice["emails"] = [{"value": "alice@new.example", "type": "work", "primary": True}, {"value": "alice@home.example", "type": "home"}]
    server.call("PUT", f"/Users/{alice['id']}", alice)
    server.call("PUT", f"/Users/{users['bob']['id']}", {**users["bob"], "active": False})
    group = server.groups()["Admins"]
    group["members"] = [{"value": users["alice"]["id"]}, {"value": users["carol"]["id"]}]
    server.call("PUT", f"/Groups/{group['id']}", group)
    server.forget_requests()
    return server


def test_drift_is_written_back(rollcall, drifted):
    before = {f: (rollcall.folder / "manifests" / f).read_text() for f in ("people.yaml", "groups.yaml")}
    refused = rollcall("drift", "--write-back", expect=64)
    assert "-  title: Engineer" in refused.stdout and "+  title: Principal Engineer" in refused.stdout
    assert (rollcall.folder / "manifests/people.yaml").read_text() == before["people.yaml"]

    rollcall("drift", "--write-back", "--yes")
    people = (rollcall.folder / "manifests/people.yaml").read_text()
    groups = (rollcall.folder / "manifests/groups.yaml").read_text()
    assert people == before["people.yaml"].replace("title: Engineer", "title: Principal Engineer").replace(
        "    - {value: alice@old.example, type: work, primary: true}\n",
        "    - {value: alice@new.example, type: work, primary: true}\n    - {value: alice@home.example, type: home}\n",
    ).replace("userName: bob\n  active: true", "userName: bob\n  active: false")
    assert groups == before["groups.yaml"].replace("    - bob  # until June\n", "    - carol\n")
    assert drifted.writes() == []
    assert rollcall.json("plan")["changes"] == []
    rollcall("fmt", "--check")
    rollcall("drift")


def test_what_cannot_be_written_back_is_said(rollcall, drifted):
    users = drifted.users()
    drifted.call("PUT", f"/Users/{users['carol']['id']}", {**users["carol"], "nickName": "Carrie"})
    drifted.call("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "mallory"})
    group = drifted.groups()["Admins"]
    group["members"].append({"value": drifted.users()["mallory"]["id"]})
    drifted.call("PUT", f"/Groups/{group['id']}", group)
    done = rollcall("drift", "--write-back", "--yes", expect=2)
    assert re.search(r"manifests/people.yaml:\d+:\d+: User/carol nickName is not written back: its value has a variable in it", done.stderr)
    assert "mallory is a member there, and no manifest describes that one" in done.stderr
    assert {c["name"] for c in rollcall.json("plan")["changes"]} == {"carol", "admins"}


def test_what_is_acknowledged_is_not_written_back(rollcall, drifted):
    found = {f["name"]: f["fingerprint"] for f in rollcall.json("drift", expect=2)["findings"]}
    until = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    rollcall("drift", "acknowledge", found["alice"], "--until", until, "--reason", "moves on Monday")
    done = rollcall("drift", "--write-back", "--yes")
    assert "active: false" in done.stdout and "Principal" not in done.stdout
    assert "title: Engineer" in (rollcall.folder / "manifests/people.yaml").read_text()


def test_write_back_of_standard_input_and_of_nothing(rollcall, drifted):
    rollcall("drift", "--write-back", "--yes")
    assert "not written" not in rollcall("drift", "--write-back").stderr
    text = "---\n".join((rollcall.folder / "manifests" / f).read_text() for f in ("people.yaml", "groups.yaml", "endpoint.yaml"))
    drifted.call("PUT", f"/Users/{drifted.users()['bob']['id']}", {**drifted.users()["bob"], "active": True})
    assert "standard input" in rollcall("drift", "--write-back", "--yes", "-f", "-", stdin=text, expect=64).stderr
