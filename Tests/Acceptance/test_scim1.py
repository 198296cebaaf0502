"""SCIM 1.1 and names with user stores as WSO2 Identity Server has them, with curl against the built program."""

import json
import shutil
import subprocess

import pytest
from conftest import endpoint

pytestmark = pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")


class Curl:
    """curl with the credentials and the certificate of one server; answers status and JSON."""

    def __init__(self, url, certificate):
        self.url, self.certificate = url, certificate

    def __call__(self, method, path, body=None, *arguments):
        sent = [] if body is None else ["--header", "Content-Type:application/json", "--data", json.dumps(body)]
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--cacert", str(self.certificate), "--user", "admin:s3cret-s3cret",
             "--request", method, "--write-out", "\n%{http_code}", *sent, *arguments, self.url + path],
            capture_output=True, text=True, timeout=60, check=True)
        text, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(text) if text else None


@pytest.fixture
def curl(own_server):
    url, certificate, _ = own_server()
    return Curl(url, certificate)


def test_a_user_is_provisioned_updated_and_removed(curl):
    status, created = curl("POST", "/wso2/scim/Users", {
        "schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "password": "secret1-secret1",
        "name": {"givenName": "Alice", "familyName": "A"}, "emails": [{"type": "home", "value": "a@x.org"}]})
    assert status == 201
    assert created["userName"] == "alice"
    assert created["schemas"] == ["urn:scim:schemas:core:1.0"]

    status, found = curl("GET", "/wso2/scim/Users?filter=userName%20Eq%20PRIMARY/alice")
    assert (status, found["totalResults"]) == (200, 1)
    assert found["Resources"][0]["id"] == created["id"]

    status, updated = curl("PATCH", f"/wso2/scim/Users/{created['id']}", {
        "schemas": ["urn:scim:schemas:core:1.0"], "userName": "PRIMARY/alice", "name": {"givenName": "Al"}})
    assert status == 200
    assert updated["name"] == {"givenName": "Al", "familyName": "A"}

    status, same = curl("GET", f"/scim2/Users/{created['id']}")
    assert (status, same["name"]["givenName"]) == (200, "Al")

    assert curl("DELETE", f"/wso2/scim/Users/{created['id']}", None, "--header", "Accept:application/json") == (200, None)
    status, gone = curl("GET", "/wso2/scim/Users?filter=userName%20Eq%20PRIMARY/alice")
    assert status == 404
    assert gone["Errors"][0]["code"] == "404"


def test_members_come_and_go_by_their_names(curl):
    for name in ("alice", "bob"):
        assert curl("POST", "/wso2/scim/Users", {"schemas": [], "userName": f"PRIMARY/{name}"})[0] == 201
    status, group = curl("POST", "/wso2/scim/Groups", {
        "schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev", "members": [{"display": "PRIMARY/bob"}]})
    assert status == 201
    status, changed = curl("PATCH", f"/wso2/scim/Groups/{group['id']}", {
        "schemas": ["urn:scim:schemas:core:1.0"], "displayName": "PRIMARY/dev",
        "members": [{"display": "PRIMARY/alice"}, {"display": "PRIMARY/bob", "operation": "delete"}]})
    assert status == 200
    assert [member["display"] for member in changed["members"]] == ["alice"]


@pytest.mark.parametrize("switch", ["option", "environment", "file"])
def test_group_names_read_as_wso2_writes_them(rollcall, switch):
    rollcall.env["SERVE_PASSWORD"] = "s3cret-s3cret"
    arguments = ["serve", "--port", "0", "--no-tls", "--admin-password-env", "SERVE_PASSWORD"]
    if switch == "option":
        arguments.append("--wso2-names")
    elif switch == "environment":
        rollcall.env["ROLLCALL_WSO2_NAMES"] = "true"
    else:
        rollcall.write("rollcall.yaml", "wso2-names: true\n")
    process = rollcall.start(*arguments)
    try:
        curl = Curl(process.stdout.readline().split()[1], rollcall.write("no.pem", ""))
        status, group = curl("POST", "/scim2/Groups", {"displayName": "engineers"})
        assert (status, group["displayName"]) == (201, "PRIMARY/engineers")
        assert curl("GET", f"/wso2/scim/Groups/{group['id']}")[1]["displayName"] == "PRIMARY/engineers"
    finally:
        process.terminate()
        process.wait(20)


def test_names_of_other_stores_converge(rollcall, own_server):
    url, certificate, _ = own_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(url + "/scim2", extra=f"  tls: {{caFile: {certificate}}}\n"))
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
    status, found = Curl(url, certificate)("GET", "/scim2/Users?domain=SECONDARY")
    assert [user["userName"] for user in found["Resources"]] == ["SECONDARY/bob"]
