"""The main job at a WSO2 Identity Server: users, groups and roles by SCIM, identity providers by its management API."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import wso2_server as wso2
from conftest import group, user

ADA = user("ada", title="Countess", active="true", enterprise="{department: Works}",
           emails="[{value: ada@corp.example, type: work, primary: true}, {value: other@x.example}]")
BOB = user("bob", active="false")
ROLE = """---
apiVersion: rollcall/v1
kind: Role
metadata: {name: auditor}
spec:
  displayName: auditor
  permissions: [/permission/admin/login]
  members: {refs: [{user: ada}]}
"""
PARTNER = """---
apiVersion: rollcall/v1
kind: IdentityProvider
metadata: {name: partner}
spec:
  displayName: Partner
  enabled: true
  authenticators:
    - type: openidconnect
      clientId: rollcall-is1
      clientSecret: {env: PARTNER_SECRET}
      authorizationEndpoint: https://p.example/authorize
      tokenEndpoint: https://p.example/token
      callbackURL: https://is.example/commonauth
      scopes: [openid, email]
  claims: {userId: sub, roles: groups, mapping: [{remote: sub, local: userName}]}
  roles: {mapping: [{remote: dev, local: Internal/developer}]}
  justInTimeProvisioning: {enabled: true, userStoreDomain: PRIMARY, prompt: none}
"""
ALL = ADA + BOB + group("crew", ["ada", "bob"]) + ROLE + PARTNER


class Remote:
    def __init__(self, url, log):
        self.url, self.log = url, log

    def state(self):
        with urllib.request.urlopen(f"{self.url}/test/state") as answer:
            return json.load(answer)

    def requests(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def writes(self):
        return [(r["method"], re.sub(r"id-\d+", "ID", r["path"])) for r in self.requests() if r["method"] != "GET"]

    def forget_requests(self):
        self.log.write_text("")

    def provider(self):
        return next(p for p in self.state()["providers"].values() if p["name"] == "partner")

    def properties(self):
        (one,) = self.provider()["federatedAuthenticators"]["authenticators"]
        return {entry["key"]: entry["value"] for entry in one["properties"]}


def endpoint(url, tenant=None):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: is}}
spec:
  type: wso2
  url: {url}
{f"  tenant: {tenant}" if tenant else ""}
  auth: {{basic: {{username: admin, password: {{env: WSO2_PASSWORD}}}}}}
"""


@pytest.fixture
def remote(rollcall, tmp_path):
    started = []

    def start(tenant=None):
        log = tmp_path / "requests.log"
        process = subprocess.Popen(
            [sys.executable, str(Path(wso2.__file__)), "--log", str(log), *(["--tenant", tenant] if tenant else [])],
            stdout=subprocess.PIPE, text=True)
        started.append(process)
        url = re.match(r"ready (\S+)", process.stdout.readline())[1]
        rollcall.env.update(WSO2_PASSWORD="admin-s3cret", PARTNER_SECRET="partner-s3cret")
        rollcall.write("manifests/endpoint.yaml", endpoint(url, tenant))
        return Remote(url, log)

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def converged(rollcall, remote):
    server = remote()
    rollcall.write("manifests/all.yaml", ALL)
    done = rollcall("apply", "--yes")
    assert "s3cret" not in done.stdout + done.stderr
    server.forget_requests()
    return server


def test_apply_converges_and_then_has_nothing_to_do(rollcall, converged):
    state = converged.state()
    users = {u["userName"]: u for u in state["Users"].values()}
    assert users["bob@corp.example"][wso2.ENTERPRISE]["accountDisabled"] is True
    assert users["ada@corp.example"]["title"] == "Countess"
    (crew,) = state["Groups"].values()
    assert sorted(m["display"] for m in crew["members"]) == ["ada@corp.example", "bob@corp.example"]
    (role,) = state["Roles"].values()
    assert role["permissions"] == ["/permission/admin/login"] and len(role["users"]) == 1
    assert converged.properties()["ClientSecret"] == "partner-s3cret"
    assert rollcall.json("plan")["changes"] == []
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []


def test_an_update_takes_the_calls_of_the_parts_that_differ(rollcall, converged):
    changed = ALL.replace("displayName: Partner", "displayName: Friend").replace("prompt: none", "prompt: consent")
    rollcall.write("manifests/all.yaml", changed.replace("Countess", "Programmer"))
    rollcall("apply", "--yes")
    base = "/api/server/v1/identity-providers/ID"
    assert sorted(converged.writes()) == [
        ("PATCH", base), ("PATCH", "/scim2/Users/ID"), ("PUT", base + "/provisioning/jit")]
    assert converged.provider()["description"] == "Friend"
    assert converged.provider()["provisioning"]["jit"]["scheme"] == "PROMPT_CONSENT"
    assert rollcall.json("plan")["changes"] == []


def test_an_authenticator_keeps_the_secret_that_nobody_tells(rollcall, converged):
    rollcall.write("manifests/all.yaml", ALL.replace("clientId: rollcall-is1", "clientId: other"))
    done = rollcall("apply", "--yes")
    assert "s3cret" not in done.stdout + done.stderr
    assert converged.writes() == [
        ("PUT", f"/api/server/v1/identity-providers/ID/federated-authenticators/{wso2.OIDC}")]
    assert converged.properties()["ClientId"] == "other"
    assert converged.properties()["ClientSecret"] == "partner-s3cret"
    assert converged.provider()["federatedAuthenticators"]["defaultAuthenticatorId"] == wso2.OIDC
    assert rollcall.json("plan")["changes"] == []


def test_who_comes_back_is_enabled_and_who_leaves_is_deleted(rollcall, converged):
    rollcall.write("manifests/all.yaml", ALL.replace('active: false', 'active: true'))
    rollcall("apply", "--yes")
    users = {u["userName"]: u for u in converged.state()["Users"].values()}
    assert users["bob@corp.example"][wso2.ENTERPRISE]["accountDisabled"] is False
    rollcall.write("manifests/all.yaml", ADA + group("crew", ["ada"]) + ROLE)
    rollcall("apply", "--yes", "--prune")
    state = converged.state()
    assert [p["name"] for p in state["providers"].values()] == ["LOCAL"]
    assert [m["display"] for m in next(iter(state["Groups"].values()))["members"]] == ["ada@corp.example"]
    assert rollcall.json("plan", "--prune")["changes"] == []


def test_tenants(rollcall, remote):
    server = remote("acme.example")
    rollcall.write("manifests/all.yaml", ALL)
    rollcall("apply", "--yes")
    assert all(r["path"].startswith("/t/acme.example/") for r in server.requests())
    assert rollcall.json("plan")["changes"] == []


def test_what_has_no_place_there_is_said(rollcall, converged):
    rollcall.write("manifests/all.yaml", ALL + "  provisioning: {connectors: [{name: scim, type: scim1, username: a}]}\n")
    assert "IdentityProvider has no attribute provisioning there" in rollcall("plan").stdout
    assert rollcall.json("plan")["changes"] == []
