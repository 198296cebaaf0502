"""Outbound provisioning from our server to one that is not ours."""

import json
import time

import pytest
from test_scim1 import Curl

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def configuration(url, **connector):
    """An identity provider with a connector, and the resident service provider that names it."""
    more = "".join(f"        {key}: {value}\n" for key, value in connector.items())
    return f"""apiVersion: rollcall/v1
kind: IdentityProvider
metadata: {{name: partner}}
spec:
  provisioning:
    connectors:
      - name: scim
        type: scim2
        username: admin
        password: {{env: REMOTE_PASSWORD}}
        userEndpoint: {url}/Users
        groupEndpoint: {url}/Groups
{more}---
apiVersion: rollcall/v1
kind: ServiceProvider
metadata: {{name: resident}}
spec: {{outboundProvisioning: [{{identityProvider: partner, connector: scim}}]}}
---
apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: local}}
spec: {{type: embedded, store: here/directory.sqlite}}
"""


def eventually(condition, what):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture
def here(rollcall, own_server):
    """Our server, provisioning to `far`; the configuration comes from the command line, beside the running server."""
    def start(far, **connector):
        url, certificate, process = own_server("here")
        rollcall.env["REMOTE_PASSWORD"] = "s3cret"
        rollcall.write("manifests/provisioning.yaml", configuration(far.url, **connector))
        rollcall("apply", "--yes")
        return Curl(url, certificate), process
    return start


def queue(rollcall):
    return rollcall.json("serve", "queue", "list", "--store", "here/directory.sqlite")


def test_users_and_groups_follow(rollcall, scim_server, here):
    far = scim_server()
    curl, _ = here(far)
    _, alice = curl("POST", "/scim2/Users", {"userName": "alice", "name": {"familyName": "A"}, "active": True})
    eventually(lambda: "alice" in far.users(), "alice appears")
    _, crew = curl("POST", "/scim2/Groups", {"displayName": "crew", "members": [{"value": alice["id"]}]})
    eventually(lambda: "crew" in far.groups(), "the group appears")
    assert [m["value"] for m in far.groups()["crew"]["members"]] == [far.users()["alice"]["id"]]
    far.forget_requests()
    curl("PATCH", f"/scim2/Users/{alice['id']}", {"schemas": [PATCH], "Operations": [
        {"op": "replace", "path": "active", "value": False}, {"op": "replace", "path": "title", "value": "Head"}]})
    eventually(lambda: far.users()["alice"].get("title") == "Head", "the update follows")
    assert far.users()["alice"]["active"] is False
    assert [w["method"] for w in far.writes()] == ["PATCH"]
    curl("DELETE", f"/scim2/Users/{alice['id']}")
    eventually(lambda: "alice" not in far.users(), "the delete follows")
    assert far.groups()["crew"].get("members", []) == []


def test_a_killed_server_delivers_what_it_had_acknowledged(rollcall, scim_server, here, own_server):
    far = scim_server()
    curl, process = here(far)
    for number in range(20):
        assert curl("POST", "/scim2/Users", {"userName": f"user{number}"})[0] == 201
    process.kill()
    process.wait()
    own_server("here")
    eventually(lambda: len(far.users()) == 20, "all appear")
    assert len([w for w in far.writes() if w["method"] == "POST"]) == 20


def test_faults_of_the_far_side_are_survived(rollcall, scim_server, here):
    far = scim_server(fault="503:5,429:7")
    curl, _ = here(far)
    for number in range(10):
        curl("POST", "/scim2/Users", {"userName": f"user{number}"})
    eventually(lambda: len(far.users()) == 10, "all appear")


def test_dead_letters_are_shown_and_dropped(rollcall, scim_server, here):
    far = scim_server()
    curl, _ = here(far)
    secret = rollcall.env["REMOTE_PASSWORD"]
    assert secret not in json.dumps(curl("GET", "/scim2/IdentityProviders")[1])
    for file in (rollcall.folder / "here").glob("directory.sqlite*"):
        assert secret.encode() not in file.read_bytes()
    curl("POST", "/scim2/Users", {"userName": "nobody", "password": "a-secret-of-nobody"})
    as_nobody = ("--user", "nobody:a-secret-of-nobody")
    assert curl("GET", "/api/rollcall/v1/provisioning/connectors", None, *as_nobody)[0] == 403
    eventually(lambda: queue(rollcall)["connectors"], "the connector works")
    status, connectors = curl("GET", "/api/rollcall/v1/provisioning/connectors")
    assert status == 200
    assert [c["name"] for c in connectors["connectors"]] == ["partner/scim"]
    curl("POST", "/scim2/Users", {"userName": "alice"})
    eventually(lambda: queue(rollcall)["connectors"][0]["eventsBehind"] == 0, "everything is delivered")
    assert queue(rollcall)["deliveries"] == []
    rollcall("serve", "queue", "retry", "partner/scim", "--store", "here/directory.sqlite")
    rollcall("serve", "queue", "drop", "partner/scim", "--store", "here/directory.sqlite")
    rollcall("serve", "queue", "drop", "nobody/scim", "--store", "here/directory.sqlite", expect=64)


@pytest.fixture
def stuck(rollcall, scim_server, here, tmp_path):
    """A server that cannot deliver alice and bob, who are refused there while they stand in a file."""
    refused = tmp_path / "refused"
    refused.write_text("alice bob")
    far = scim_server(refused=refused)
    curl, _ = here(far)
    ids = {name: curl("POST", "/scim2/Users", {"userName": name})[1]["id"] for name in ("alice", "bob", "carol")}
    eventually(lambda: len(queue(rollcall)["deliveries"]) == 2, "alice and bob are refused")
    return far, curl, ids, refused


def test_letters_are_retried_and_dropped_over_http(stuck):
    far, curl, ids, refused = stuck
    base = "/api/rollcall/v1/provisioning"
    status, shown = curl("GET", f"{base}/queue?connector=partner/scim")
    assert status == 200 and {letter["id"] for letter in shown["deliveries"]} == {ids["alice"], ids["bob"]}
    assert {(letter["connector"], letter["resourceType"]) for letter in shown["deliveries"]} == {("partner/scim", "User")}
    assert curl("GET", f"{base}/queue?connector=other/scim") == (200, {"deliveries": []})
    again = {"connector": "partner/scim", "id": ids["alice"]}
    assert curl("POST", f"{base}/queue/retry", again) == (200, {"count": 1})
    refused.write_text("bob")
    assert curl("POST", f"{base}/queue/retry", again)[0] == 200
    eventually(lambda: "alice" in far.users(), "alice appears")
    eventually(lambda: len(curl("GET", f"{base}/queue")[1]["deliveries"]) == 1, "alice is dealt with")
    assert curl("POST", f"{base}/queue/drop", {"connector": "partner/scim"}) == (200, {"count": 1})
    assert curl("GET", f"{base}/queue") == (200, {"deliveries": []})
    assert curl("POST", f"{base}/queue/drop", {"connector": "partner/scim"}) == (200, {"count": 0})
    assert "bob" not in far.users()


def test_the_queue_over_http_is_for_administrators_and_exact(stuck):
    _, curl, ids, _ = stuck
    base = "/api/rollcall/v1/provisioning"
    curl("POST", "/scim2/Users", {"userName": "nobody", "password": "a-secret-of-nobody"})
    for verb in ("retry", "drop"):
        everything = {"connector": "partner/scim"}
        assert curl("POST", f"{base}/queue/{verb}", everything, "--user", "nobody:a-secret-of-nobody")[0] == 403
        assert curl("POST", f"{base}/queue/{verb}", everything, "--user", "nobody:wrong")[0] == 401
        assert curl("POST", f"{base}/queue/{verb}", {"id": ids["alice"]})[0] == 400
        assert curl("GET", f"{base}/queue/{verb}")[0] == 405
    assert curl("POST", f"{base}/queue", {})[0] == 405
    assert curl("GET", f"{base}/nothing")[0] == 404
    assert {letter["id"] for letter in curl("GET", f"{base}/queue")[1]["deliveries"]} == {ids["alice"], ids["bob"]}


def test_letters_are_retried_and_dropped_by_the_command(rollcall, stuck):
    far, _, ids, refused = stuck
    store = ("--store", "here/directory.sqlite")
    again = ("serve", "queue", "retry", "partner/scim", "--id", ids["alice"], *store)
    assert "1 to be tried again" in rollcall(*again).stderr
    refused.write_text("bob")
    rollcall(*again)
    eventually(lambda: "alice" in far.users(), "alice appears")
    eventually(lambda: [d["id"] for d in queue(rollcall)["deliveries"]] == [ids["bob"]], "bob alone is left")
    assert "1 given up" in rollcall("serve", "queue", "drop", "partner/scim", *store).stderr
    assert queue(rollcall)["deliveries"] == []


def test_a_full_pass_repairs_what_happened_there(rollcall, scim_server, own_server):
    far = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    url, certificate, _ = own_server("here", arguments=("--provisioning-interval", "1s"))
    rollcall.write("manifests/provisioning.yaml", configuration(far.url))
    rollcall("apply", "--yes")
    curl = Curl(url, certificate)
    curl("POST", "/scim2/Users", {"userName": "alice", "title": "Head"})
    eventually(lambda: "alice" in far.users(), "alice appears")
    far.call("DELETE", f"/Users/{far.users()['alice']['id']}")
    eventually(lambda: far.users().get("alice", {}).get("title") == "Head", "alice is back")
