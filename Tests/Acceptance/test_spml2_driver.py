"""The main job over SPML 2.0, against a provider with a grammar of its own."""

import pytest
from conftest import group, user
from spml_server import Provider, serve

CAROL = user("carol", active="false", lifecycle="{onRemoval: Delete}")
PEOPLE = (
    user(
        "alice", title="Engineer", emails="[{value: alice@corp.example}]", active="true",
        phoneNumbers="[{value: '1', type: work}, {value: '2', type: mobile}]", password="{env: ALICE_PASSWORD}")
    + "  name: {givenName: Alice, familyName: Ahead}\n"
    + user("bob", title="'007'", active="true", enterprise="{department: R&D, manager: alice}")
    + CAROL
    + group("engineers", ["alice", "bob"])
)


@pytest.fixture
def provider(rollcall):
    provider = Provider()
    server = serve(provider)
    rollcall.env |= {"SPML_PASSWORD": "s3cret", "ALICE_PASSWORD": "<hunter22>"}
    rollcall.write("manifests/endpoint.yaml", f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: hr}}
spec:
  type: spml2
  url: http://127.0.0.1:{server.server_port}/spml2
  auth: {{basic: {{username: admin, password: {{env: SPML_PASSWORD}}}}}}
  spml2: {{target: hr, profile: dsml, userClass: person, groupClass: team}}
""")
    yield provider
    server.shutdown()
    server.server_close()


@pytest.fixture
def converged(rollcall, provider):
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert all(change["outcome"] == "applied" for change in report["changes"]), report["changes"]
    assert report["summary"] == {"create": 4, "update": 0, "disable": 0, "delete": 0, "withheld": 0}
    return provider


def test_apply_converges_and_then_has_nothing_to_do(rollcall, converged):
    alice, bob, carol = (converged.one(f"{name}@corp.example") for name in ("alice", "bob", "carol"))
    ids = {name: id for id, o in converged.objects.items() for name in o["uid"]}
    assert (alice["givenName"], alice["sn"], alice["mail"]) == (["Alice"], ["Ahead"], ["alice@corp.example"])
    assert (alice["telephoneNumber"], alice["mobile"], alice["password"]) == (["1"], ["2"], "<hunter22>")
    assert (bob["departmentNumber"], bob["manager"]) == (["R&D"], [ids["alice@corp.example"]])
    assert (alice["active"], carol["active"]) == (True, False)
    assert set(converged.one("Engineers")["member"]) == {ids["alice@corp.example"], ids["bob@corp.example"]}
    assert sorted(converged.writes()) == ["add"] * 4 + ["setPassword", "suspend"]
    converged.calls.clear()
    assert rollcall.json("plan")["changes"] == []
    assert converged.calls.count("listTargets") == 1
    assert converged.calls.count("active") == 3
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []


def test_a_difference_takes_one_call(rollcall, converged):
    converged.calls.clear()
    rollcall.write("manifests/people.yaml", PEOPLE.replace("Engineer\n", "Chief\n").replace("[alice, bob]", "[bob]"))
    rollcall("apply", "--yes")
    assert converged.one("alice@corp.example")["title"] == ["Chief"]
    assert converged.one("Engineers")["member"] == [
        id for id, o in converged.objects.items() if o["uid"] == ["bob@corp.example"]]
    assert converged.writes() == ["modify", "modify"]
    assert "lookup" not in converged.calls
    assert rollcall.json("plan")["changes"] == []


def test_drift_is_told_and_repaired(rollcall, converged):
    alice = converged.one("alice@corp.example")
    alice.update(title=["Intern"], mail=[], active=False)
    report = rollcall.json("drift", expect=2)
    (change,) = report["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("User", "alice", "update")
    converged.calls.clear()
    rollcall("apply", "--yes")
    assert (alice["title"], alice["mail"], alice["active"]) == (["Engineer"], ["alice@corp.example"], True)
    assert converged.writes() == ["modify", "resume"]
    rollcall("drift")


def test_who_is_disabled_is_suspended(rollcall, converged):
    converged.calls.clear()
    rollcall.write("manifests/people.yaml", PEOPLE.replace("'007'\n  active: true", "'007'\n  active: false"))
    report = rollcall.json("apply", "--yes")
    assert report["summary"]["disable"] == 1
    assert converged.one("bob@corp.example")["active"] is False
    assert converged.writes() == ["suspend"]


def test_who_leaves_the_manifests_is_removed(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace(CAROL, ""))
    rollcall("apply", "--yes", "--prune")
    assert converged.one("carol@corp.example") is None
    assert rollcall.json("plan")["changes"] == []


def test_attributes_that_are_dropped_are_deleted(rollcall, converged):
    rollcall.write(
        "manifests/people.yaml", PEOPLE.replace("  title: Engineer\n", "").replace(", {value: '2', type: mobile}", ""))
    rollcall("apply", "--yes")
    alice = converged.one("alice@corp.example")
    assert (alice["title"], alice["telephoneNumber"], alice["mobile"]) == ([], ["1"], [])
    assert rollcall.json("plan")["changes"] == []


def test_identifiers_that_are_made_of_names_are_followed(rollcall, provider):
    provider.is_named = True
    for name in ("ann", "anna", "annabel"):
        # Nothing but the ledger ties the names to each other.
        rollcall.write("manifests/people.yaml", f"""apiVersion: rollcall/v1
kind: User
metadata: {{name: ann}}
spec: {{userName: {name}, active: true}}
""")
        rollcall("apply", "--yes")
    assert list(provider.objects) == ["name=annabel"]
    assert provider.writes() == ["add", "modify", "modify"]


def test_faults_pass(rollcall, provider):
    # Refused; carried out, and the answer lost; and the rest of a search lost.
    provider.faults = [("listTargets", False), ("add", False), ("add", True), ("iterate", True)]
    rollcall.write("manifests/people.yaml", "".join(user(f"u{number}", active="true") for number in range(8)))
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 8
    assert len(provider.objects) == 8
    report = rollcall.json("plan")
    assert provider.faults == []
    assert report["changes"] == []
    assert provider.iterators == {}


def test_passwords_appear_nowhere(rollcall, provider):
    rollcall.write("manifests/people.yaml", PEOPLE)
    for arguments in (["plan"], ["apply", "--yes", "-o", "json"]):
        done = rollcall(*arguments)
        assert "hunter22" not in done.stdout + done.stderr


def test_what_is_there_is_imported(rollcall, converged):
    rollcall("import", "hr", "--out", "imported")
    text = "".join(file.read_text() for file in sorted((rollcall.folder / "imported").rglob("*.yaml")))
    for part in ("alice@corp.example", "Engineers", "R&D", "mobile"):
        assert part in text
    rollcall.write("imported/endpoint.yaml", (rollcall.folder / "manifests/endpoint.yaml").read_text())
    assert rollcall.json("plan", "-f", "imported", "--state", "fresh.sqlite")["changes"] == []


def test_what_the_target_has_no_room_for_is_said(rollcall, provider):
    rollcall.write("manifests/people.yaml", user("alice", nickName="Al", active="true"))
    assert "nickName" in rollcall("plan").stdout
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 1
    assert rollcall.json("plan")["changes"] == []


def test_a_wrong_target_is_told_with_a_way_out(rollcall, provider):
    text = (rollcall.folder / "manifests/endpoint.yaml").read_text()
    rollcall.write("manifests/endpoint.yaml", text.replace("target: hr", "target: payroll"))
    rollcall.write("manifests/people.yaml", PEOPLE)
    done = rollcall("plan", expect=7)
    assert "no target 'payroll'; it has 'hr'" in done.stdout + done.stderr
