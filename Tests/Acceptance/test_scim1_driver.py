"""The main job over SCIM 1.1, against the identity server at the address that WSO2's connector is given."""

import json

import pytest
from conftest import group, user
from test_scim1 import Curl

# Of the user before it.
NAME = "  name: {givenName: Alice, familyName: Ahead}\n"
CAROL = user("carol", active="false", lifecycle="{onRemoval: Delete}")

PEOPLE = (
    user("alice", title="Engineer", emails="[{value: alice@corp.example, type: work}]", active="true")
    + NAME
    + user("bob", title="'007'", active="true", enterprise="{department: Sales, manager: alice}")
    + CAROL
    + group("engineers", ["alice", "bob"])
)


def legacy(url, certificate, groups=True):
    """An Endpoint manifest of type scim1."""
    group_endpoint = f"  groupEndpoint: {url}/wso2/scim/Groups\n" if groups else ""
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: legacy}}
spec:
  type: scim1
  userEndpoint: {url}/wso2/scim/Users
{group_endpoint}  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
  tls: {{caFile: {certificate}}}
"""


class Peer:
    """The server behind our back."""

    def __init__(self, url, certificate):
        self.url, self.certificate, self.curl = url, certificate, Curl(url, certificate)

    def one(self, kind, name):
        attribute = "userName" if kind == "Users" else "displayName"
        status, found = self.curl("GET", f"/wso2/scim/{kind}?filter={attribute}%20eq%20%22{name}%22")
        return found["Resources"][0] if status == 200 else None

    def versions(self):
        """Of all resources: what nobody wrote stays."""
        return {
            resource["id"]: resource["meta"]["version"] for kind in ("Users", "Groups")
            for resource in self.curl("GET", f"/scim2/{kind}?count=1000")[1].get("Resources", [])}


@pytest.fixture
def peer(rollcall, own_server):
    url, certificate, _ = own_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/endpoint.yaml", legacy(url, certificate))
    return Peer(url, certificate)


@pytest.fixture
def converged(rollcall, peer):
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert report["summary"] == {"create": 4, "update": 0, "disable": 0, "delete": 0, "withheld": 0}
    assert all(change["outcome"] == "applied" for change in report["changes"])
    return peer


def test_apply_converges_and_then_has_nothing_to_do(rollcall, converged):
    bob = converged.one("Users", "bob@corp.example")
    enterprise = bob["urn:scim:schemas:extension:enterprise:1.0"]
    assert enterprise["department"] == "Sales"
    assert enterprise["manager"]["managerId"] == converged.one("Users", "alice@corp.example")["id"]
    members = converged.one("Groups", "Engineers")["members"]
    assert {member["display"] for member in members} == {"alice@corp.example", "bob@corp.example"}
    before = converged.versions()
    assert rollcall.json("plan")["changes"] == []
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.versions() == before


def test_drift_is_told_and_repaired(rollcall, converged):
    alice = converged.one("Users", "alice@corp.example")
    assert converged.curl("PATCH", f"/wso2/scim/Users/{alice['id']}", {
        "title": "Intern", "emails": [{"value": "alice@corp.example", "operation": "delete"}]})[0] == 200
    report = rollcall.json("drift", expect=2)
    (change,) = report["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("User", "alice", "update")
    others = {id: version for id, version in converged.versions().items() if id != alice["id"]}
    rollcall("apply", "--yes")
    repaired = converged.one("Users", "alice@corp.example")
    assert repaired["title"] == "Engineer"
    assert [email["value"] for email in repaired["emails"]] == ["alice@corp.example"]
    assert {id: version for id, version in converged.versions().items() if id != alice["id"]} == others
    rollcall("drift")


def test_attributes_and_members_follow_the_manifests(rollcall, converged):
    rollcall.write("manifests/people.yaml", (
        user("alice", active="true") + NAME
        + user("bob", title="'007'", active="true", enterprise="{manager: alice}")
        + user("carol", active="true")
        + group("engineers", ["bob", "carol"])))
    rollcall("apply", "--yes")
    alice, bob = (converged.one("Users", f"{name}@corp.example") for name in ("alice", "bob"))
    assert "title" not in alice and "emails" not in alice
    assert "department" not in bob["urn:scim:schemas:extension:enterprise:1.0"]
    members = converged.one("Groups", "Engineers")["members"]
    assert {member["display"] for member in members} == {"bob@corp.example", "carol@corp.example"}
    assert rollcall.json("plan")["changes"] == []


def test_who_leaves_the_manifests_is_removed(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace(CAROL, ""))
    rollcall("apply", "--yes", "--prune")
    assert converged.one("Users", "carol@corp.example") is None
    assert rollcall.json("plan")["changes"] == []


def test_names_of_other_stores_converge(rollcall, peer):
    rollcall.write("manifests/people.yaml", """apiVersion: rollcall/v1
kind: User
metadata: {name: bob}
spec: {userName: bob}
---
apiVersion: rollcall/v1
kind: User
metadata: {name: other-bob}
spec: {userName: SECONDARY/bob}
---
apiVersion: rollcall/v1
kind: Group
metadata: {name: staff}
spec: {displayName: SECONDARY/staff, members: [bob, other-bob]}
""")
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 3
    assert rollcall.json("plan")["changes"] == []
    assert peer.one("Users", "SECONDARY/bob")["userName"] == "SECONDARY/bob"


def test_names_as_wso2_writes_them_are_no_difference(rollcall, own_server):
    url, certificate, _ = own_server(arguments=["--wso2-names"])
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/endpoint.yaml", legacy(url, certificate))
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall("apply", "--yes")
    peer = Peer(url, certificate)
    assert peer.one("Groups", "Engineers")["displayName"] == "PRIMARY/Engineers"
    assert rollcall.json("plan")["changes"] == []
    rollcall.write("manifests/people.yaml", PEOPLE.replace("[alice, bob]", "[bob]"))
    rollcall("apply", "--yes")
    assert [member["display"] for member in peer.one("Groups", "Engineers")["members"]] == ["bob@corp.example"]


def test_more_than_one_page_is_read(rollcall, peer):
    rollcall.write("manifests/people.yaml", "".join(user(f"u{number}") for number in range(230)))
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 230
    report = rollcall.json("plan")
    assert report["changes"] == []
    assert '"complete": false' not in json.dumps(report)


def test_without_a_group_endpoint_groups_are_left_out_and_that_is_said_once(rollcall, peer):
    rollcall.write("manifests/endpoint.yaml", legacy(peer.url, peer.certificate, groups=False))
    rollcall.write("manifests/people.yaml", PEOPLE + group("others", ["alice"]))
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 3
    assert rollcall("plan").stdout.count("has no resource type Group") == 1


def test_what_is_there_is_imported(rollcall, converged):
    rollcall("import", "legacy", "--out", "imported")
    text = "".join(file.read_text() for file in sorted((rollcall.folder / "imported").rglob("*.yaml")))
    for part in ("alice@corp.example", "Engineers", "department: Sales"):
        assert part in text
