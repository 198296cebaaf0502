"""The main job at Salesforce, by its REST API and by its SCIM service, with both grants."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import salesforce_server as salesforce
from conftest import group, user

ADA = user("ada", title="Countess", active="true",
           emails="[{value: home@x.example, type: home}, {value: ada@corp.example, type: work, primary: true}]",
           phoneNumbers='[{value: "+47 1", type: work}]', locale="en-GB", displayName="Ada L") + (
    "  name: {givenName: Ada, familyName: Lovelace}\n")
BOB = user("bob", enterprise="{department: Works, manager: ada}", active="true") + "  name: {familyName: Builder}\n"
EVE = user("eve", active="true", lifecycle="{onRemoval: Delete}")
PEOPLE = ADA + BOB + EVE + group("engineers", ["ada", "bob"])


def endpoint(url, mode="sobject", grant="client_credentials", key=None):
    proof = f"      clientSecret: {{env: SF_SECRET}}\n" if key is None else (
        f"      privateKey: {{file: {key}}}\n      username: admin@corp.example\n")
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: crm}}
spec:
  type: salesforce
  url: {url}
  auth:
    oauth2:
      grant: {grant}
      tokenURL: {url}/services/oauth2/token
      clientId: {salesforce.CLIENT}
{proof}  salesforce:
    mode: {mode}
    defaults: {{ProfileName: Standard User, TimeZoneSidKey: Europe/Oslo}}
"""


class Organisation:
    """The server, seen from behind."""

    def __init__(self, url, log):
        self.url, self.log = url, log

    def call(self, method, name, body=None):
        request = urllib.request.Request(
            f"{self.url}/test/{name}", method=method, data=json.dumps(body).encode() if body else None,
            headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def users(self):
        return {record["Username"].split("@")[0]: record for record in self.call("GET", "User")}

    def members(self):
        names = {record["Id"]: name for name, record in self.users().items()}
        return sorted(names[row["UserOrGroupId"]] for row in self.call("GET", "GroupMember"))

    def requests(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def writes(self):
        return [r for r in self.requests() if r["method"] != "GET" and not r["path"].endswith("/token")]

    def forget_requests(self):
        self.log.write_text("")


@pytest.fixture
def organisation(rollcall, tmp_path):
    started = []

    def start(*arguments):
        log = tmp_path / "requests.log"
        process = subprocess.Popen(
            [sys.executable, str(Path(salesforce.__file__)), "--log", str(log), *map(str, arguments)],
            stdout=subprocess.PIPE, text=True)
        started.append(process)
        url = re.match(r"ready (\S+)", process.stdout.readline())
        rollcall.env["SF_SECRET"] = salesforce.SECRET
        return Organisation(url[1], log)

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def converged(rollcall, organisation):
    server = organisation()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert report["summary"] == {"create": 4, "update": 0, "disable": 0, "delete": 0, "withheld": 0}
    assert all(change["outcome"] == "applied" for change in report["changes"]), report
    return server


def test_apply_converges_and_then_has_nothing_to_do(rollcall, converged):
    users = converged.users()
    ada = users["ada"]
    assert (ada["Email"], ada["Phone"], ada["LocaleSidKey"]) == ("ada@corp.example", "+47 1", "en_GB")
    assert (ada["Alias"], ada["TimeZoneSidKey"], ada["FederationIdentifier"]) == ("alovelac", "Europe/Oslo", "E-ada")
    assert users["bob"]["ManagerId"] == ada["Id"] and users["bob"]["Department"] == "Works"
    assert users["eve"]["LastName"] == "eve" and users["eve"]["IsActive"] is True
    assert converged.members() == ["ada", "bob"]
    converged.forget_requests()
    assert rollcall.json("plan")["changes"] == []
    reads = [r["path"] for r in converged.requests() if r["method"] == "GET"]
    assert len(reads) == 5, reads  # The fields, users, profiles, groups and members.
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []


def test_what_does_not_fit_is_said_once(rollcall, converged):
    told = rollcall("plan").stdout
    assert told.count("User.emails: there is no room for all of them there") == 1
    assert told.count("User has no attribute displayName there") == 1


def test_an_update_is_one_call_with_what_differs(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace("Countess", "Programmer"))
    converged.forget_requests()
    rollcall("apply", "--yes")
    (write,) = converged.writes()
    assert (write["method"], json.loads(write["body"])) == ("PATCH", {"Title": "Programmer"})
    assert rollcall.json("plan")["changes"] == []


def test_drift_is_told_and_repaired(rollcall, converged):
    ada = converged.users()["ada"]
    converged.call("PATCH", "User", {"Id": ada["Id"], "Title": "Intern", "Phone": None, "Email": "x@y.example"})
    (change,) = rollcall.json("drift", expect=2)["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("User", "ada", "update")
    converged.forget_requests()
    rollcall("apply", "--yes")
    (write,) = converged.writes()
    body = json.loads(write["body"])
    assert (body["Title"], body["Phone"], body["Email"]) == ("Countess", "+47 1", "ada@corp.example")
    assert "Username" not in body
    rollcall("drift")


def test_members_follow_the_manifests(rollcall, converged):
    rollcall.write("manifests/people.yaml", ADA + BOB + EVE + group("engineers", ["bob", "eve"]))
    converged.forget_requests()
    rollcall("apply", "--yes")
    assert converged.members() == ["bob", "eve"]
    assert sorted(w["method"] for w in converged.writes()) == ["DELETE", "POST"]
    assert rollcall.json("plan")["changes"] == []


def test_who_leaves_is_deactivated_and_comes_back(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace(EVE, ""))
    converged.forget_requests()
    report = rollcall.json("apply", "--yes", "--prune")
    assert report["summary"]["disable"] == 1 and report["summary"]["delete"] == 0
    (write,) = converged.writes()
    assert (write["method"], json.loads(write["body"])) == ("PATCH", {"IsActive": False})
    assert rollcall.json("plan", "--prune")["changes"] == []
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall("apply", "--yes")
    assert converged.users()["eve"]["IsActive"] is True


def test_groups_are_deleted(rollcall, converged):
    rollcall.write("manifests/people.yaml", ADA + BOB + EVE)
    rollcall("apply", "--yes", "--prune")
    assert converged.call("GET", "Group") == []


def test_a_name_that_is_taken_is_adopted_by_the_next_run(rollcall, organisation):
    server = organisation()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    profile = server.call("GET", "Profile")[0]["Id"]
    server.call("POST", "User", {
        "Username": "eve@corp.example", "LastName": "E", "ProfileId": profile, "IsActive": True})
    rollcall.write("manifests/people.yaml", EVE)
    report = rollcall.json("apply", "--yes")
    assert [change["action"] for change in report["changes"]] == ["update"]
    assert len(server.users()) == 1 and server.users()["eve"]["FederationIdentifier"] == "E-eve"
    assert rollcall.json("plan")["changes"] == []


def test_passwords_and_roles(rollcall, organisation):
    server = organisation()
    rollcall.env["EVE_PASSWORD"] = "hunter22-hunter22"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("eve", password="{env: EVE_PASSWORD}") + """---
apiVersion: rollcall/v1
kind: Role
metadata: {name: orders}
spec:
  displayName: Order entry
  members: {refs: [{user: eve}]}
""")
    done = rollcall("apply", "--yes")
    assert list(server.call("GET", "passwords").values()) == ["hunter22-hunter22"]
    assert "hunter22" not in done.stdout + done.stderr
    assert [record["Label"] for record in server.call("GET", "PermissionSet")] == ["Order entry"]
    assert len(server.call("GET", "PermissionSetAssignment")) == 1
    assert rollcall.json("plan")["changes"] == []


def test_many_people_and_a_session_that_ends(rollcall, organisation):
    server = organisation()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    names = [f"u{number}" for number in range(430)]
    rollcall.write("manifests/people.yaml", "".join(user(name) for name in names) + group("everybody", names))
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 431
    calls = [w for w in server.writes() if w["path"].endswith("/composite/sobjects")]
    assert len(calls) == 3  # Two hundred members a call.
    server.call("POST", "tokens")
    assert rollcall.json("plan")["changes"] == []


def test_a_signed_assertion_is_a_grant_too(rollcall, organisation, tmp_path):
    key, public = tmp_path / "sf.pem", tmp_path / "sf.pub"
    subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    subprocess.run(["openssl", "rsa", "-in", key, "-pubout", "-out", public], check=True, capture_output=True)
    server = organisation("--certificate", public)
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url, grant="jwt-bearer", key=key))
    rollcall.write("manifests/people.yaml", PEOPLE)
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 4
    assert rollcall.json("plan")["changes"] == []


def test_a_wrong_secret_is_one_clear_error(rollcall, organisation):
    server = organisation()
    rollcall.env["SF_SECRET"] = "not-the-secret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", EVE)
    done = rollcall("plan", expect=7)
    assert "invalid client credentials" in done.stdout + done.stderr
    assert "not-the-secret" not in done.stdout + done.stderr


def test_what_is_there_is_imported(rollcall, converged):
    rollcall("import", "crm", "--out", "imported")
    text = "".join(file.read_text() for file in sorted((rollcall.folder / "imported").rglob("*.yaml")))
    for part in ("ada@corp.example", "Engineers", "department: Works", "profile: Standard User"):
        assert part in text


def test_the_scim_service_converges_too(rollcall, organisation):
    server = organisation()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url, mode="scim"))
    rollcall.write("manifests/people.yaml", PEOPLE)
    assert rollcall.json("apply", "--yes")["summary"]["create"] == 4
    users = {record["scim"]["userName"]: record["scim"] for record in server.call("GET", "User")}
    assert users["eve@corp.example"]["timezone"] == "Europe/Oslo"
    assert [email["value"] for email in users["ada@corp.example"]["emails"]] == ["ada@corp.example"]
    server.forget_requests()
    assert rollcall.json("plan")["changes"] == []
    assert any(r["path"].endswith("/ServiceProviderConfigs") for r in server.requests())
    rollcall.write("manifests/people.yaml", ADA + BOB + group("engineers", ["bob"]))
    server.forget_requests()
    rollcall("apply", "--yes", "--prune")
    assert sorted(w["method"] for w in server.writes()) == ["PATCH", "PATCH"]
    eve = next(r["scim"] for r in server.call("GET", "User") if r["scim"]["userName"].startswith("eve"))
    assert eve["active"] is False
    assert rollcall.json("plan", "--prune")["changes"] == []
