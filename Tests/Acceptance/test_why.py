"""How somebody comes to have access, and how one decision was made."""

import pytest
from conftest import endpoint, user

ORGANISATION = """apiVersion: rollcall/v1
kind: User
metadata: {name: alice, labels: {team: sre}}
spec: {userName: alice@corp.example, title: Head}
---
apiVersion: rollcall/v1
kind: User
metadata: {name: bob}
spec: {userName: bob@corp.example, active: true}
---
apiVersion: rollcall/v1
kind: Group
metadata: {name: sre}
spec: {displayName: SRE, members: {selector: {matchLabels: {team: sre}}}}
---
apiVersion: rollcall/v1
kind: Group
metadata: {name: admins}
spec:
  displayName: Admins
  members: {refs: [{group: sre, until: 2199-12-31}, {user: bob, from: 2199-01-01}]}
---
apiVersion: rollcall/v1
kind: Role
metadata: {name: auditor}
spec: {displayName: Auditor, members: {refs: [{group: admins}]}}
"""


@pytest.fixture
def organisation(rollcall):
    rollcall.write("manifests/all.yaml", ORGANISATION)
    return rollcall


def test_the_manifests_say_how_access_comes_about(organisation):
    text = organisation("why", "alice").stdout
    assert text.splitlines()[0] == "User/alice  manifests/all.yaml:1"
    assert "User/alice in Group/sre: selected by team=sre" in text
    assert "Group/sre in Group/admins: named, until 2199-12-31" in text and "manifests/all.yaml:16" in text
    assert "✓ Role/auditor" in text
    report = organisation.json("why", "alice", "Auditor")
    assert report["given"] is True and report["target"] == "Role/auditor"
    (way,) = report["ways"]
    assert [step["container"] for step in way["steps"]] == ["Group/sre", "Group/admins", "Role/auditor"]
    assert way["steps"][0] == {
        "member": "User/alice", "container": "Group/sre", "mode": "Exact", "source": "manifests/all.yaml:11",
        "by": "selector", "matchLabels": {"team": "sre"}}
    later = organisation.json("why", "bob@corp.example", "Group/admins")
    assert later["given"] is False and later["ways"][0]["steps"][0]["obstacle"] == "still to come"
    assert "no manifest brings it into Group/sre" in organisation("why", "bob", "sre").stdout


def test_what_is_asked_wrongly_is_told_with_a_way_out(organisation):
    assert "did you mean `alice`?" in organisation("why", "alcie", expect=64).stderr
    assert "did you mean `admins`?" in organisation("why", "alice", "admns", expect=64).stderr
    organisation.write("manifests/twin.yaml", """apiVersion: rollcall/v1
kind: Role
metadata: {name: admins}
spec: {displayName: Administrators, members: {refs: [bob]}}
""")
    assert "Group/admins and of Role/admins" in organisation("why", "alice", "admins", expect=64).stderr
    assert "Kind/name" in organisation("explain", "alice", expect=64).stderr
    assert "in no manifest" in organisation("explain", "User/zed", expect=64).stderr
    assert "there is local" in organisation("why", "alice", "--endpoint", "remote", expect=64).stderr
    organisation.write("manifests/bad.yaml", "kind: User")
    organisation("why", "alice", expect=3)


def test_an_endpoint_says_what_is_there_and_whose_doing_it_is(organisation):
    before = organisation.json("why", "alice", "--endpoint", "local")["endpoints"][0]
    assert before["there"] is False and before["holdings"] == []
    organisation("apply", "--yes")
    (local,) = organisation.json("why", "alice", "--endpoint", "local")["endpoints"]
    assert [(h["member"], h["container"], h["origin"]) for h in local["holdings"]] == [
        ("alice", "Group/sre", "manifests"), ("Group/sre", "Group/admins", "manifests"),
        ("Group/admins", "Role/auditor", "manifests")]
    assert all(h["addedBy"] for h in local["holdings"])
    # Away from the manifests, it is told what an apply would take.
    organisation.write("manifests/all.yaml", ORGANISATION.replace(", labels: {team: sre}", ""). replace(
        "selector: {matchLabels: {team: sre}}", "refs: [bob]"))
    text = organisation("why", "alice", "sre", "--endpoint", "local").stdout
    assert "no manifest brings it into Group/sre" in text and "- apply would take it out of Group/sre" in text


def test_a_membership_that_others_made_is_told_apart(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice"))
    rollcall("apply", "--yes")
    alice = server.users()["alice@corp.example"]["id"]
    server.call("POST", "/Groups", {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Choir", "members": [{"value": alice}]})
    (remote,) = rollcall.json("why", "alice", "Choir", "--endpoint", "remote")["endpoints"]
    assert [(h["container"], h["origin"]) for h in remote["holdings"]] == [("Choir", "foreign")]
    assert "alice in Choir: not by the manifests" in rollcall("why", "alice", "--endpoint", "remote").stdout


def test_a_decision_is_traced(organisation):
    (trace,) = organisation.json("explain", "User/alice")["endpoints"]
    assert trace["situation"] == "missing" and trace["changes"][0]["action"] == "create"
    organisation("apply", "--yes")
    organisation.write("manifests/all.yaml", ORGANISATION.replace("title: Head", "title: Boss"))
    text = organisation("explain", "User/alice").stdout
    assert text.startswith("User/alice at local\n")
    assert "linked by the ledger" in text
    assert 'title: "Head" → "Boss"  (changed in the manifest)' in text
    (trace,) = organisation.json("explain", "User/alice", "--endpoint", "local")["endpoints"]
    assert [t["tie"] for t in trace["tries"]] == ["the ledger", "externalId", "userName"]
    assert trace["ledger"]["origin"] == "created" and trace["objections"] == []
    assert "when its manifest goes: DisableThenDelete\n" in text
    assert "when its manifest goes: Delete, for a Group cannot be disabled there\n" in organisation("explain", "Group/sre").stdout
    # Out of the manifests, it is held back until somebody prunes.
    organisation.write("manifests/all.yaml", ORGANISATION.replace("alice", "carol"))
    (trace,) = organisation.json("explain", "User/alice")["endpoints"]
    assert trace["situation"] == "unmanaged" and trace["withheld"] == ["removed from the manifests; use --prune"]
    (trace,) = organisation.json("explain", "User/alice", "--prune")["endpoints"]
    assert trace["changes"][0]["action"] in ("disable", "delete")
