"""The main job against a SCIM 2.0 server that is not ours."""

import pytest
from conftest import endpoint, group, user

PEOPLE = (
    user("alice", title="Engineer", emails="[{value: alice@corp.example, type: work, primary: true}]", active="true")
    + user("bob", title="'007'", active="true", enterprise="{department: Sales, manager: alice}")
    + user("carol", displayName="Carol C", active="false")
    + group("engineers", ["alice", "bob"])
)


@pytest.fixture
def converged(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert report["summary"] == {"create": 4, "update": 0, "disable": 0, "delete": 0, "withheld": 0}
    assert all(change["outcome"] == "applied" for change in report["changes"])
    return server


def test_apply_creates_each_resource_with_one_write(rollcall, converged):
    assert [w["method"] for w in converged.writes()] == ["POST"] * 4
    users = converged.users()
    assert users["bob@corp.example"]["title"] == "007"
    enterprise = users["bob@corp.example"]["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"]
    assert enterprise["manager"]["value"] == users["alice@corp.example"]["id"]
    members = {m["value"] for m in converged.groups()["Engineers"]["members"]}
    assert members == {users["alice@corp.example"]["id"], users["bob@corp.example"]["id"]}


def test_second_apply_writes_nothing(rollcall, converged):
    converged.forget_requests()
    report = rollcall.json("apply", "--yes")
    assert report["changes"] == []
    assert converged.writes() == []


def test_plan_and_drift_only_read(rollcall, converged):
    rollcall.write("manifests/more.yaml", user("dave"))
    alice = converged.users()["alice@corp.example"]
    converged.call("DELETE", f"/Users/{alice['id']}")
    converged.forget_requests()
    rollcall("plan")
    rollcall("drift", expect=2)
    assert {r["method"] for r in converged.requests()} == {"GET"}


def test_plan_reads_each_page_once_and_discovery_at_most_three_times(rollcall, converged):
    converged.forget_requests()
    rollcall("plan")
    paths = [r["path"] for r in converged.requests()]
    assert sorted(p for p in paths if p.endswith(("Users", "Groups"))) == ["/v2/Groups", "/v2/Users"]
    assert len(paths) <= 5


def test_drift_names_the_change_and_apply_repairs_it(rollcall, converged):
    alice = converged.users()["alice@corp.example"]
    converged.call("PATCH", f"/Users/{alice['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    report = rollcall.json("drift", expect=2)
    (change,) = report["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("User", "alice", "update")
    (attribute,) = change["attributes"]
    assert attribute == {"path": "title", "before": "Intern", "after": "Engineer", "cause": "endpoint"}
    converged.forget_requests()
    rollcall("apply", "--yes")
    assert len(converged.writes()) == 1
    assert converged.users()["alice@corp.example"]["title"] == "Engineer"
    rollcall("drift")


def test_a_deleted_person_comes_back_with_the_memberships(rollcall, converged):
    converged.call("DELETE", f"/Users/{converged.users()['bob@corp.example']['id']}")
    report = rollcall.json("apply", "--yes")
    assert report["summary"]["create"] == 1
    bob = converged.users()["bob@corp.example"]
    assert bob["id"] in {m["value"] for m in converged.groups()["Engineers"]["members"]}
    assert rollcall.json("plan")["changes"] == []


def test_rename_keeps_the_id(rollcall, converged):
    before = converged.users()["carol@corp.example"]["id"]
    text = PEOPLE.replace("userName: carol@corp.example", "userName: caroline@corp.example")
    rollcall.write("manifests/people.yaml", text)
    rollcall("apply", "--yes")
    assert converged.users()["caroline@corp.example"]["id"] == before


def test_lost_state_is_rebuilt_by_matching(rollcall, converged):
    for file in (rollcall.folder / ".rollcall").glob("state.sqlite*"):
        file.unlink()
    converged.forget_requests()
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []


def test_prune_disables_before_it_deletes(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace(user("carol", displayName="Carol C", active="false"), "")
                   .replace(user("bob", title="'007'", active="true", enterprise="{department: Sales, manager: alice}"), "")
                   .replace("[alice, bob]", "[alice]"))
    assert rollcall.json("plan")["summary"]["disable"] == 0
    report = rollcall.json("apply", "--yes", "--prune")
    assert report["summary"]["delete"] == 0
    assert converged.users()["bob@corp.example"]["active"] is False


def test_import_then_plan_is_empty(rollcall, converged):
    converged.call("POST", "/Users", {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "No", "displayName": "null: #1", "title": "1e3"})
    rollcall("import", "remote", "--out", "imported")
    rollcall.write("imported/endpoint.yaml", endpoint(converged.url))
    converged.forget_requests()
    report = rollcall.json("plan", "-f", "imported", "--state", "fresh.sqlite")
    assert report["changes"] == []
    assert report["documents"] == 6
    assert converged.writes() == []


def test_pages_smaller_than_asked_for(rollcall, scim_server):
    server = scim_server(max_results=7)
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}") for i in range(40)))
    rollcall("apply", "--yes")
    server.forget_requests()
    assert rollcall.json("plan")["changes"] == []
    assert len([r for r in server.requests() if r["path"].endswith("/Users")]) == 6


def test_without_patch_and_entity_tags(rollcall, scim_server):
    server = scim_server(without="patch,etag")
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall("apply", "--yes")
    rollcall.write("manifests/people.yaml", PEOPLE.replace("Engineer", "Staff Engineer", 1))
    server.forget_requests()
    rollcall("apply", "--yes")
    assert [w["method"] for w in server.writes()] == ["PUT"]
    assert rollcall.json("plan")["changes"] == []


def test_converges_through_faults(rollcall, scim_server):
    server = scim_server(fault="503:5,429:7")
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}") for i in range(20)))
    rollcall("apply", "--yes")
    assert len(server.users()) == 20
    assert rollcall.json("plan")["changes"] == []
