"""The main job at a WSO2 Identity Server: users, groups and roles by SCIM, the rest by its management API."""

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
  provisioning:
    connectors:
      - name: scim
        type: scim1
        username: admin
        password: {env: CONNECTOR_SECRET}
        userEndpoint: https://is2.example/wso2/scim/Users
        groupEndpoint: https://is2.example/wso2/scim/Groups
        blocking: true
        passwordProvisioning: true
"""
RESIDENT = """---
apiVersion: rollcall/v1
kind: ServiceProvider
metadata: {name: resident}
spec: {outboundProvisioning: [{identityProvider: partner, connector: scim}]}
"""
PLAYGROUND = """---
apiVersion: rollcall/v1
kind: ServiceProvider
metadata: {name: playground2}
spec:
  displayName: Playground
  inbound:
    openidconnect:
      clientId: playground2
      clientSecret: {env: PLAYGROUND_SECRET}
      redirectURIs: [http://localhost:8080/playground2/oauth2client]
      grantTypes: [authorization_code, refresh_token]
      pkce: required
      accessTokenLifetime: 60m
  authentication: {steps: [{federated: [partner]}]}
  outboundProvisioning: [{identityProvider: partner}]
"""
PROVIDERS = PARTNER + RESIDENT + PLAYGROUND
ALL = ADA + BOB + group("crew", ["ada", "bob"]) + ROLE + PROVIDERS
IDP, APPLICATION = "/api/server/v1/identity-providers/ID", "/api/server/v1/applications/ID"
CONNECTOR = f"{IDP}/provisioning/outbound-connectors/{wso2.CONNECTOR}"


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

    def connector(self):
        (one,) = self.provider()["provisioning"]["outboundConnectors"]["connectors"]
        return {**one, "properties": {entry["key"]: entry["value"] for entry in one["properties"]}}

    def application(self):
        return next(a for a in self.state()["applications"].values() if a["name"] == "playground2")

    def client(self):
        return self.state()["clients"][self.application()["id"]]


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
        rollcall.env.update(
            WSO2_PASSWORD="admin-s3cret", PARTNER_SECRET="partner-s3cret", CONNECTOR_SECRET="connector-s3cret",
            PLAYGROUND_SECRET="playground-s3cret")
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
    connector = converged.connector()
    assert connector["blockingEnabled"] is True and connector["properties"]["scim-password"] == "connector-s3cret"
    assert connector["properties"]["scim-enable-pwd-provisioning"] == "true"
    client = converged.client()
    assert client["clientSecret"] == "playground-s3cret" and client["pkce"]["mandatory"] is True
    assert client["accessToken"]["userAccessTokenExpiryInSeconds"] == 3600
    (step,) = converged.application()["authenticationSequence"]["steps"]
    assert step["options"] == [{"idp": "partner", "authenticator": "OpenIDConnectAuthenticator"}]
    entry = {"idp": "partner", "connector": "scim", "blocking": False, "rules": False, "jit": False}
    assert converged.application()["provisioningConfigurations"]["outboundProvisioningIdps"] == [entry]
    assert state["resident"] == {
        "inboundProvisioning": {"provisioningUserstoreDomain": "PRIMARY"}, "outboundProvisioningIdps": [entry]}
    assert rollcall.json("plan")["changes"] == []
    assert rollcall.json("plan", "--prune")["changes"] == []
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []


def test_an_update_takes_the_calls_of_the_parts_that_differ(rollcall, converged):
    changed = ALL.replace("displayName: Partner", "displayName: Friend").replace("prompt: none", "prompt: consent")
    rollcall.write("manifests/all.yaml", changed.replace("Countess", "Programmer"))
    rollcall("apply", "--yes")
    assert sorted(converged.writes()) == [
        ("PATCH", IDP), ("PATCH", "/scim2/Users/ID"), ("PUT", IDP + "/provisioning/jit")]
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
    rollcall("apply", "--yes", "--prune", "--max-deletes", "100%")
    state = converged.state()
    assert [p["name"] for p in state["providers"].values()] == ["LOCAL"]
    assert [a["name"] for a in state["applications"].values()] == ["Console"]
    assert state["resident"]["outboundProvisioningIdps"] == []
    assert [m["display"] for m in next(iter(state["Groups"].values()))["members"]] == ["ada@corp.example"]
    assert rollcall.json("plan", "--prune")["changes"] == []


def test_tenants(rollcall, remote):
    server = remote("acme.example")
    rollcall.write("manifests/all.yaml", ALL)
    rollcall("apply", "--yes")
    assert all(r["path"].startswith("/t/acme.example/") for r in server.requests())
    assert rollcall.json("plan")["changes"] == []


@pytest.mark.parametrize("before, after, writes", [
    ("playground2/oauth2client]", "other/oauth2client]", [("PUT", APPLICATION + "/inbound-protocols/oidc")]),
    ("playground2/oauth2client]", "a/cb, http://localhost:8080/b/cb]", [("PUT", APPLICATION + "/inbound-protocols/oidc")]),
    ("pkce: required", "pkce: optional", [("PUT", APPLICATION + "/inbound-protocols/oidc")]),
    ("accessTokenLifetime: 60m", "accessTokenLifetime: 1h", []),
    ("{federated: [partner]}", "{federated: [partner], local: [basic]}", [("PATCH", APPLICATION)]),
    ("displayName: Playground", "displayName: Ground", [("PATCH", APPLICATION)]),
    ("blocking: true", "blocking: false", [("PUT", CONNECTOR)]),
    ("is2.example/wso2/scim/Users", "is3.example/wso2/scim/Users", [("PUT", CONNECTOR)]),
    ("spec: {outboundProvisioning: [{identityProvider: partner, connector: scim}]}", "spec: {outboundProvisioning: []}", [
        ("PUT", "/api/server/v1/applications/resident")]),
])
def test_each_part_of_a_provider_is_a_call_and_no_secret_is_lost(rollcall, converged, before, after, writes):
    rollcall.write("manifests/all.yaml", ALL.replace(before, after))
    done = rollcall("apply", "--yes")
    assert "s3cret" not in done.stdout + done.stderr
    assert converged.writes() == writes
    assert converged.connector()["properties"]["scim-password"] == "connector-s3cret"
    assert converged.provider()["provisioning"]["outboundConnectors"]["defaultConnectorId"] == wso2.CONNECTOR
    assert converged.client()["clientSecret"] == "playground-s3cret"
    assert rollcall.json("plan")["changes"] == []


def test_a_connector_is_switched_off_once_nobody_names_it(rollcall, converged):
    unused = ALL.replace("  outboundProvisioning: [{identityProvider: partner}]\n", "").replace(
        "spec: {outboundProvisioning: [{identityProvider: partner, connector: scim}]}", "spec: {outboundProvisioning: []}")
    rollcall.write("manifests/all.yaml", unused.replace("blocking: true", "enabled: false"))
    rollcall("apply", "--yes")
    assert converged.connector()["isEnabled"] is False
    assert converged.writes()[-1] == ("PUT", CONNECTOR)
    assert rollcall.json("plan")["changes"] == []


def test_what_is_there_already_is_adopted_by_its_name(rollcall, converged):
    for state in (rollcall.folder / ".rollcall").glob("state.sqlite*"):
        state.unlink()
    plan = rollcall.json("plan")
    assert plan["changes"] == []
    rollcall("apply", "--yes")
    assert converged.writes() == []


def test_what_has_no_place_there_is_said(rollcall, converged):
    more = ALL.replace("        blocking: true\n", "        blocking: true\n        tls: {insecureSkipVerify: true}\n").replace(
        "      pkce: required", "      pkce: required\n      postLogoutRedirectURIs: [http://localhost:8080/]")
    rollcall.write("manifests/all.yaml", more)
    shown = rollcall("plan").stdout
    assert "IdentityProvider has no attribute provisioning.connectors.tls there" in shown
    assert "ServiceProvider has no attribute inbound.openidconnect.postLogoutRedirectURIs there" in shown
    assert rollcall.json("plan")["changes"] == []


def test_what_the_server_cannot_do_is_refused_in_words(rollcall, converged):
    rollcall.write("manifests/all.yaml", ALL.replace("name: scim\n", "name: mine\n").replace("connector: scim}", "connector: mine}"))
    done = rollcall("apply", "--yes", expect=6)
    assert "called 'scim' there" in done.stdout + done.stderr
    assert "s3cret" not in done.stdout + done.stderr
    assert converged.writes() == []
