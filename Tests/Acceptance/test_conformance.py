"""Independent checkers of SCIM 2.0, and the commands that introduce inbound provisioning, against `rollcall serve`."""

import base64
import json
import re
import shlex
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


@contextmanager
def serving(rollcall, *arguments):
    """`rollcall serve` with its own certificate, admin with the password admin."""
    # Quiet: nobody reads the log, and a full pipe would hold up the server.
    process = rollcall.start("serve", "--port", "0", "--quiet", *arguments)
    try:
        ready = re.match(r"ready (https://\S+)", process.stdout.readline())
        assert ready, f"serve did not start: {process.stderr.read() if process.poll() is not None else ''}"
        yield ready[1]
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.fixture
def server(rollcall):
    """The server as it is at its first start."""
    with serving(rollcall) as address:
        yield address


def test_scim2_tester(server):
    """Checks that the tester makes up from what the server says of itself; failing ones are listed by name."""
    from httpx2 import Client
    from scim2_client.engines.httpx2 import SyncSCIMClient
    from scim2_tester import Status, check_server

    credential = base64.b64encode(b"admin:admin").decode()
    with Client(
            base_url=f"{server}/scim2/", headers={"Authorization": f"Basic {credential}"}, verify=False, timeout=30,
            trust_env=False) as client:
        results = check_server(SyncSCIMClient(client))
    bad = {Status.ERROR, Status.CRITICAL, Status.DEVIATION, Status.SKIPPED}
    failed = [f"{r.title} [{r.resource_type}] {r.status.name}: {r.reason}" for r in results if r.status in bad]
    assert not failed, "\n".join(failed)

    # A tester that gives up at discovery has nothing to complain of either.
    types = Counter(r.resource_type for r in results)
    assert len(results) >= 135
    assert {"User", "Group", "Role", "IdentityProvider", "ServiceProvider"} <= set(types), types
    assert types["User"] >= 60 and types["Group"] >= 15, types
    titles = {r.title for r in results if r.resource_type == "User"}
    assert {"object_creation", "object_query", "object_replacement", "object_deletion", "check_add_attribute",
            "check_replace_attribute", "check_remove_attribute", "search_with_attributes"} <= titles, titles


def test_scim_sanity(server):
    """The life of a user and a group as the tool's strict mode wants it; failing checks are listed by name."""
    done = subprocess.run(
        [Path(sys.executable).with_name("scim-sanity"), "probe", f"{server}/scim2", "--username", "admin",
         "--password", "admin", "--tls-no-verify", "--i-accept-side-effects", "--json-output"],
        capture_output=True, text=True, timeout=120)
    report = json.loads(done.stdout)
    assert report["mode"] == "strict"
    failed = [
        f"{r['name']} [{r.get('phase')}] {r['status']}: {r.get('message')}" for r in report["results"]
        if r["status"] not in ("pass", "skip")]
    assert not failed, "\n".join(failed)
    summary = report["summary"]
    # What it skips is about resource types that this server does not have.
    assert (summary["passed"], summary["skipped"]) == (28, 3), summary


# The commands as they are told to newcomers; only the port is another one.
CREATE = (
    """curl -v -k --user admin:admin --data '{"schemas":[],"name":{"familyName":"N","givenName":"Rashmini"},"userName":"rashmini","password":"abc123","emails":[{"primary":true,"value":"rash@gmail.com","type":"home"}]}' --header "Content-Type:application/json" https://localhost:9443/scim2/Users"""
)
VIEW = """curl -v -k --user admin:admin 'https://localhost:9443/scim2/Users/<user-id>'"""
UPDATE = (
    """curl -v -k --user admin:admin -X PUT -d '{"schemas":[],"name":{"familyName":"N","givenName":"Rashmini"},"userName":"rashmini","emails":[{"value":"rashmini@gmail.com","type":"home"}]}' --header "Content-Type:application/json" https://localhost:9443/scim2/Users/<user-id>"""
)
DELETE = (
    """curl -v -k --user admin:admin -X DELETE https://localhost:9443/scim2/Users/<user-id> -H "Accept:application/scim+json\""""
)


class Curl:
    """Runs the commands against a server; what a person sees with `-v` is read from where curl shows it."""

    def __init__(self, server):
        self.authority = server.removeprefix("https://")

    def __call__(self, command, user_id=""):
        words = shlex.split(command.replace("localhost:9443", self.authority).replace("<user-id>", user_id))
        done = subprocess.run(words, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        seen = [line[2:] for line in done.stderr.decode().splitlines() if line.startswith("< ")]
        self.status = int(seen[0].split()[1])
        self.headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in seen[1:] if ": " in line)}
        self.body = done.stdout
        return json.loads(self.body) if self.body else None


def test_seed_commands(server):
    curl = Curl(server)

    created = curl(CREATE)
    assert curl.status == 201
    assert curl.headers["content-type"].split(";")[0] == "application/scim+json"
    user_id = created["id"]
    assert isinstance(user_id, str) and user_id
    assert CORE_USER in created["schemas"]
    assert created["userName"] == "rashmini"
    assert created["name"]["givenName"] == "Rashmini" and created["name"]["familyName"] == "N"
    assert created["emails"] == [{"primary": True, "value": "rash@gmail.com", "type": "home"}]
    assert created["meta"]["resourceType"] == "User"
    assert created["meta"]["location"] == curl.headers["location"] == f"{server}/scim2/Users/{user_id}"
    assert created["meta"]["version"] == curl.headers["etag"]
    assert created["meta"]["created"] == created["meta"]["lastModified"]
    assert b"abc123" not in curl.body and "password" not in created

    viewed = curl(VIEW, user_id)
    assert curl.status == 200
    assert viewed == created

    # The password that was set is the user's, and an update that does not mention it leaves it alone.
    assert logs_in(server, "rashmini", "abc123")
    updated = curl(UPDATE, user_id)
    assert curl.status == 200
    assert updated["id"] == user_id
    assert updated["emails"] == [{"value": "rashmini@gmail.com", "type": "home"}]
    assert updated["meta"]["created"] == created["meta"]["created"]
    assert updated["meta"]["version"] != created["meta"]["version"]
    assert curl(VIEW, user_id) == updated
    assert logs_in(server, "rashmini", "abc123")

    curl(CREATE)
    assert curl.status == 409
    assert json.loads(curl.body)["scimType"] == "uniqueness"

    assert curl(DELETE, user_id) is None
    assert curl.status == 204
    gone = curl(VIEW, user_id)
    assert curl.status == 404
    assert gone["schemas"] == [ERROR] and gone["status"] == "404"
    assert not logs_in(server, "rashmini", "abc123")
    curl(DELETE, user_id)
    assert curl.status == 404


def test_cursors_are_good_for_who_shares_the_secret(rollcall):
    rollcall.env.update(CURSORS="shared by some", OTHER="shared by others")
    walk = "/Users?cursor={}&count=1"
    with serving(rollcall, "--cursor-secret-env", "CURSORS") as server:
        call(server, "/Users", {"userName": "ann"})
        _, first = call(server, walk.format(""))
        cursor = first["nextCursor"]
    with serving(rollcall, "--cursor-secret-env", "CURSORS") as server:
        status, second = call(server, walk.format(cursor))
        assert status == 200
        assert [r["userName"] for r in first["Resources"] + second["Resources"]] == ["admin", "ann"]
        assert "nextCursor" not in second
    with serving(rollcall, "--cursor-secret-env", "OTHER") as server:
        status, refusal = call(server, walk.format(cursor))
        assert (status, refusal["scimType"]) == (400, "invalidCursor")


def logs_in(server, user, password):
    """Whether these are the credentials of somebody."""
    status, body = call(server, "/Me", credential=f"{user}:{password}")
    assert status in (200, 401)
    return status == 200 and body["userName"] == user


def call(server, path, body=None, credential="admin:admin"):
    """Asks, or with a body posts; answers status and body."""
    request = urllib.request.Request(
        f"{server}/scim2{path}", data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": "Basic " + base64.b64encode(credential.encode()).decode(),
                 "Content-Type": "application/scim+json"})
    try:
        with urllib.request.urlopen(request, context=ssl._create_unverified_context()) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)
