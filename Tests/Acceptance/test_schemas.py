"""`kind: Schema`: checked, planned, kept in the store, enforced and advertised by whoever serves it."""

import json
import re
import signal
import ssl
import urllib.error
import urllib.request

import pytest
from conftest import endpoint, user

URN = "urn:example:params:scim:schemas:badge:2.0:User"

SCHEMA = f"""apiVersion: rollcall/v1
kind: Schema
metadata: {{name: badge}}
spec:
  id: "{URN}"
  name: Badge
  extends: User
  attributes:
    - {{name: badgeNumber, type: integer, uniqueness: server}}
    - {{name: colour, canonicalValues: [red, green]}}
    - {{name: code, type: string, caseExact: true}}
    - {{name: pin, mutability: writeOnly}}
"""

ANN = user("ann", extensions=f'{{"{URN}": {{badgeNumber: 7, colour: red, code: "1e3", pin: {{env: PIN}}}}}}')


class Client:
    """SCIM over HTTPS as admin."""

    def __init__(self, url, certificate):
        self.url = url + "/scim2"
        self.context = ssl.create_default_context(cafile=certificate)

    def __call__(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/scim+json", "Authorization": "Basic YWRtaW46czNjcmV0LXMzY3JldA=="})
        try:
            with urllib.request.urlopen(request, context=self.context) as answer:
                text = answer.read()
                return answer.status, json.loads(text) if text else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def urns(self):
        return [schema["id"] for schema in self("GET", "/Schemas")[1]["Resources"]]


@pytest.fixture
def serve(rollcall):
    """Starts `rollcall serve` on the store of the embedded endpoint, with more arguments; stops it when asked again."""
    running = []

    def stop():
        while running:
            process = running.pop()
            process.send_signal(signal.SIGTERM)
            process.wait(20)

    def start(*arguments):
        stop()
        rollcall.env["SERVE_PASSWORD"] = "s3cret-s3cret"
        process = rollcall.start("serve", "--port", "0", "--admin-password-env", "SERVE_PASSWORD", *arguments)
        running.append(process)
        line = process.stdout.readline()
        url = re.match(r"ready (https://\S+)", line)
        assert url, f"serve did not start: {line}"
        return Client(url[1], rollcall.folder / ".rollcall/tls-certificate.pem")

    yield start
    stop()


def changes(report):
    return report["changes"]


def test_applied_schemas_are_kept_and_served(rollcall, serve):
    rollcall.env["PIN"] = "4711"
    rollcall.write("manifests/people.yaml", ANN.removeprefix("---\n"))
    rollcall.write("manifests/schemas.yaml", SCHEMA)
    assert len(changes(rollcall.json("plan"))) == 1
    assert URN not in serve().urns(), "plan must not write"
    rollcall("apply", "--yes")
    assert changes(rollcall.json("plan")) == []

    scim = serve()
    assert URN in scim.urns()
    extensions = scim("GET", "/ResourceTypes/User")[1]["schemaExtensions"]
    assert {"schema": URN, "required": False} in extensions
    ann = scim("GET", '/Users?filter=userName%20eq%20%22ann@corp.example%22')[1]["Resources"][0]
    assert ann[URN] == {"badgeNumber": 7, "colour": "red", "code": "1e3"}
    status, error = scim("POST", "/Users", {"userName": "bob", URN: {"badgeNumber": 7}})
    assert (status, error["scimType"]) == (409, "uniqueness")
    status, error = scim("POST", "/Users", {"userName": "bob", URN: {"badgeNumber": "seven"}})
    assert (status, error["scimType"]) == (400, "invalidValue")

    # Somebody else changes the badge: drift names it, apply repairs it.
    operation = {"op": "replace", "path": f"{URN}:colour", "value": "green"}
    assert scim("PATCH", f"/Users/{ann['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [operation]})[0] == 200
    drift = rollcall("drift", expect=2)
    assert f"{URN}:colour" in drift.stdout
    rollcall("apply", "--yes")
    assert changes(rollcall.json("plan")) == []
    assert "4711" not in drift.stdout + drift.stderr


def test_serve_reads_schemas_from_manifests(rollcall, serve):
    rollcall.write("schemas/badge.yaml", SCHEMA)
    scim = serve("-f", "schemas")
    assert URN in scim.urns()
    assert scim("POST", "/Users", {"userName": "bob", URN: {"badgeNumber": 1}})[0] == 201
    # The store has kept it.
    assert URN in serve().urns()
    # A changed schema takes the place of the old one.
    rollcall.write("schemas/badge.yaml", SCHEMA.replace("{name: code,", "{name: doorCode,"))
    names = [a["name"] for a in serve("-f", "schemas/badge.yaml")("GET", f"/Schemas/{URN}")[1]["attributes"]]
    assert names == ["badgeNumber", "colour", "doorCode", "pin"]


def test_serve_refuses_faulty_manifests(rollcall):
    rollcall.write("schemas/badge.yaml", SCHEMA.replace("type: integer", "type: number"))
    done = rollcall("serve", "--port", "0", "-f", "schemas", expect=3)
    assert "M018" in done.stdout and "badge.yaml:9:33" in done.stdout
    assert not (rollcall.folder / ".rollcall").exists()


def test_a_required_extension_leaves_the_administrator_alone(rollcall, serve):
    rollcall.write("schemas/badge.yaml", SCHEMA.replace("extends: User", "extends: User\n  required: true"))
    scim = serve("-f", "schemas")
    status, error = scim("POST", "/Users", {"userName": "bob"})
    assert status == 400 and URN in error["detail"]
    assert {"schema": URN, "required": True} in scim("GET", "/ResourceTypes/User")[1]["schemaExtensions"]


def test_pruning_forgets_what_nobody_uses(rollcall, serve):
    rollcall.env["PIN"] = "4711"
    rollcall.write("manifests/people.yaml", ANN.removeprefix("---\n"))
    rollcall.write("manifests/schemas.yaml", SCHEMA)
    rollcall("apply", "--yes")
    (rollcall.folder / "manifests/schemas.yaml").unlink()
    rollcall.write("manifests/people.yaml", ANN.removeprefix("---\n").replace(", pin: {env: PIN}", ""))
    done = rollcall("apply", "--yes", "--prune")
    assert f"the schema {URN} is in no manifest, and stays while resources use it" in done.stderr
    assert URN in serve().urns()


def test_our_own_server_as_a_remote_endpoint(rollcall, own_server):
    """Planned by what the server advertises; imported, it plans to nothing."""
    rollcall.write("remote/schemas/badge.yaml", SCHEMA)
    rollcall.env |= {"PIN": "4711", "REMOTE_PASSWORD": "s3cret-s3cret"}
    url, certificate, _ = own_server("remote", arguments=["-f", "remote/schemas"])
    remote = endpoint(url + "/scim2", extra=f"  tls: {{caFile: {certificate}}}\n")
    rollcall.write("m/schema.yaml", SCHEMA)
    rollcall.write("m/all.yaml", remote + ANN)
    assert len(changes(rollcall.json("plan", "-f", "m"))) == 1
    rollcall("apply", "-f", "m", "--yes")
    assert changes(rollcall.json("plan", "-f", "m")) == []

    # With and without the Schema document at hand, what is imported plans to nothing.
    rollcall("import", "remote", "-f", "m", "--out", "imported")
    text = (rollcall.folder / "imported/users.yaml").read_text()
    assert URN in text and "4711" not in text
    rollcall.write("imported/endpoint.yaml", remote)
    assert changes(rollcall.json("plan", "-f", "imported", "--state", "other.sqlite")) == []
    rollcall.write("imported/schema.yaml", SCHEMA)
    assert changes(rollcall.json("plan", "-f", "imported", "--state", "other.sqlite")) == []
