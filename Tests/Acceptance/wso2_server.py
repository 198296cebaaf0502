"""A strict WSO2 Identity Server 5.11 on the loopback, of the standard library alone: SCIM 2.0, identity providers and applications.

    python wso2_server.py --log FILE [--tenant NAME]

Prints `ready URL`. Every request is written to the log as a line of JSON. What the server holds stands at /test/state.
"""

import argparse
import base64
import http.server
import json
import re
import urllib.parse

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE = "urn:ietf:params:scim:schemas:core:2.0:"
OIDC = base64.urlsafe_b64encode(b"OpenIDConnectAuthenticator").decode().rstrip("=")
MASK = "********"
SCIM1_KEYS = ["scim-" + key for key in (
    "user-ep", "username", "password", "group-ep", "user-store-domain", "enable-pwd-provisioning")]
CONNECTOR = base64.urlsafe_b64encode(b"scim").decode().rstrip("=")
APPLICATION = {
    "authenticationSequence": {"type": "DEFAULT", "subjectStepId": 1, "attributeStepId": 1, "steps": [
        {"id": 1, "options": [{"idp": "LOCAL", "authenticator": "BasicAuthenticator"}]}]},
    "advancedConfigurations": {"saas": False, "discoverableByEndUsers": False, "skipLoginConsent": False},
    "provisioningConfigurations": {"inboundProvisioning": {"proxyMode": False}, "outboundProvisioningIdps": []},
    "claimConfiguration": {"dialect": "LOCAL", "claimMappings": []},
}
CLIENT = {
    "state": "ACTIVE", "publicClient": False, "pkce": {"mandatory": False, "supportPlainTransformAlgorithm": False},
    "accessToken": {"type": "Default", "userAccessTokenExpiryInSeconds": 3600,
                    "applicationAccessTokenExpiryInSeconds": 3600},
    "refreshToken": {"expiryInSeconds": 86400, "renewRefreshToken": True}, "idToken": {"expiryInSeconds": 3600},
}


class Refusal(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


class Server:
    def __init__(self):
        self.tables = {"Users": {}, "Groups": {}, "Roles": {}}
        self.providers = {"local": {"id": "local", "name": "LOCAL", "isEnabled": True}}
        self.applications = {"console": {"id": "console", "name": "Console"}}
        self.clients = {}
        self.resident = {"inboundProvisioning": {"provisioningUserstoreDomain": "PRIMARY"}, "outboundProvisioningIdps": []}
        self.number = 0

    def identify(self):
        self.number += 1
        return f"id-{self.number}"


STATE = Server()


def attribute(name, **more):
    return {"name": name, "type": "string", "multiValued": False, "mutability": "readWrite", **more}


def schemas():
    parts = [attribute("value"), attribute("type"), attribute("primary", type="boolean")]
    core = [attribute(name) for name in ("userName", "externalId", "displayName", "title", "nickName")] + [
        attribute("password", mutability="writeOnly", returned="never"), attribute("active", type="boolean"),
        attribute("name", type="complex", subAttributes=[attribute("givenName"), attribute("familyName")]),
        attribute("emails", type="complex", multiValued=True, subAttributes=parts),
        attribute("roles", type="complex", multiValued=True, subAttributes=parts)]
    extra = [attribute("department"), attribute("accountDisabled", type="boolean")]
    return [{"id": CORE + "User", "name": "User", "attributes": core},
            {"id": ENTERPRISE, "name": "EnterpriseUser", "attributes": extra}]


DISCOVERY = {
    "ServiceProviderConfig": {"patch": {"supported": True}, "filter": {"supported": True, "maxResults": 200}},
    "ResourceTypes": {"Resources": [
        {"name": "User", "endpoint": "/Users", "schema": CORE + "User", "schemaExtensions": [
            {"schema": ENTERPRISE, "required": False}]},
        {"name": "Group", "endpoint": "/Groups", "schema": CORE + "Group"}]},
    "Schemas": schemas(),
}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        self.query = {name: values[0] for name, values in urllib.parse.parse_qs(url.query).items()}
        self.raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = [urllib.parse.unquote(part) for part in url.path.split("/")[1:]]
        self.location = None
        try:
            if parts == ["test", "state"]:
                status, body = 200, {
                    **STATE.tables, "providers": STATE.providers, "applications": STATE.applications,
                    "clients": STATE.clients, "resident": STATE.resident}
            else:
                with open(self.server.log, "a") as log:
                    log.write(json.dumps(
                        {"method": self.command, "path": self.path, "body": self.raw.decode()}) + "\n")
                status, body = self.route(parts)
        except Refusal as refusal:
            status, body = refusal.status, {"detail": refusal.detail, "description": refusal.detail}
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def route(self, parts):
        if self.headers["Authorization"] != "Basic " + base64.b64encode(b"admin:admin-s3cret").decode():
            raise Refusal(401, "who?")
        if self.server.tenant:
            if parts[:2] != ["t", self.server.tenant]:
                raise Refusal(404, "no such tenant")
            parts = parts[2:]
        kind = "application/json" if parts[0] == "api" else "application/scim+json"
        if kind not in self.headers["Accept"] or (self.raw and self.headers["Content-Type"] != kind):
            raise Refusal(406, "media type")
        self.body = json.loads(self.raw) if self.raw else None
        if parts[0] == "scim2":
            return self.scim(parts[1:])
        if parts[:4] == ["api", "server", "v1", "identity-providers"]:
            return self.providers(parts[4:])
        if parts[:4] == ["api", "server", "v1", "applications"]:
            return self.applications(parts[4:])
        raise Refusal(404, "nothing here")

    # SCIM

    def scim(self, parts):
        if len(parts) == 1 and parts[0] in DISCOVERY:
            return 200, DISCOVERY[parts[0]]
        kind, table = parts[0], STATE.tables.get(parts[0])
        if table is None:
            raise Refusal(404, "no such endpoint")
        if len(parts) == 1:
            return self.list(kind, table) if self.command == "GET" else self.make(kind, table)
        if parts[1] not in table:
            raise Refusal(404, "no such resource")
        resource = table[parts[1]]
        if self.command == "GET":
            return 200, self.shown(kind, resource)
        if self.command == "DELETE":
            del table[parts[1]]
            for group in STATE.tables["Groups"].values():
                group["members"] = [m for m in group.get("members", []) if m["value"] != parts[1]]
            return 204, None
        assert self.command == "PATCH", self.command
        for operation in self.body["Operations"]:
            self.patch(kind, resource, operation)
        return 200, self.told(kind, resource)

    def list(self, kind, table):
        found = list(table.values())
        if "filter" in self.query:
            match = re.fullmatch(r'(\w+) eq "([^" ]*)"', self.query["filter"])
            if not match:
                raise Refusal(500, "Unsupported Operation")
            name = "PRIMARY/" if kind == "Groups" and match[1] == "displayName" else ""
            found = [r for r in found if name + r.get(match[1], "") == match[2]]
        start = int(self.query.get("startIndex", 1)) - 1
        page = found[start:start + min(int(self.query.get("count", 100)), 100)]
        answer = {"totalResults": len(page), "itemsPerPage": len(page), "startIndex": start + 1}
        return 200, {**answer, **({"Resources": [self.told(kind, r) for r in page]} if page else {})}

    def make(self, kind, table):
        naming = "userName" if kind == "Users" else "displayName"
        if any(r[naming].lower() == self.body[naming].lower() for r in table.values()):
            raise Refusal(409, "exists")
        self.check_members(kind, self.body.get("members", []))
        made = {name: value for name, value in self.body.items() if name not in ("schemas", "active", "password", "roles")}
        for email in made.get("emails", []):
            email.pop("primary", None)
        made["id"] = STATE.identify()
        table[made["id"]] = made
        return 201, self.told(kind, made)

    def check_members(self, kind, members):
        for member in members if kind == "Groups" else []:
            user = STATE.tables["Users"].get(member["value"])
            if not user or user["userName"] != member.get("display"):
                raise Refusal(500, "a member is not known by id and name")

    def told(self, kind, resource):
        shown = self.shown(kind, resource)
        return {name: shown[name] for name in ("id", "displayName")} if kind == "Roles" else shown

    def shown(self, kind, resource):
        shown = dict(resource)
        if kind == "Groups":
            shown["displayName"] = "PRIMARY/" + shown["displayName"]
        if kind == "Users":
            shown["roles"] = [{"display": "everyone", "value": "r-0"}]
            if "emails" in shown:
                shown["emails"] = [email if "type" in email else email["value"] for email in shown["emails"]]
        return shown

    def patch(self, kind, resource, operation):
        verb, path, value = operation["op"], operation.get("path"), operation.get("value")
        if path is None:
            assert set(value) == {"password"}, value
        elif match := re.fullmatch(r'(members|users|groups)\[value eq "([^" ]+)"\]', path):
            assert verb == "remove"
            resource[match[1]] = [m for m in resource[match[1]] if m["value"] != match[2]]
        elif path == ENTERPRISE + ":accountDisabled":
            resource.setdefault(ENTERPRISE, {})["accountDisabled"] = value
        elif path in ("active", "password", "userName"):
            raise Refusal(400, "not by this path")
        elif path in ("members", "users", "groups") and verb == "add":
            self.check_members(kind, value)
            resource.setdefault(path, []).extend(value)
        elif path == "permissions":
            assert verb == "replace"
            resource[path] = value
        elif verb == "remove":
            if path not in resource:
                raise Refusal(400, "No such attribute")
            del resource[path]
        else:
            resource[path] = value

    # Identity providers

    def providers(self, parts):
        table = STATE.providers
        if not parts:
            if self.command == "POST":
                return self.make_provider(table)
            found = list(table.values())
            page = found[int(self.query["offset"]):][:int(self.query["limit"])]
            return 200, {"totalResults": len(found), "identityProviders": [
                {"id": p["id"], "name": p["name"]} for p in page]}
        if parts[0] not in table:
            raise Refusal(404, "IDP-60002")
        provider = table[parts[0]]
        match self.command, parts[1:]:
            case "GET", []:
                brief = json.loads(json.dumps(provider))
                for one in brief.get("federatedAuthenticators", {}).get("authenticators", []):
                    del one["properties"]
                for one in brief.get("provisioning", {}).get("outboundConnectors", {}).get("connectors", []):
                    for name in ("properties", "blockingEnabled", "rulesEnabled"):
                        del one[name]
                    one["name"] = "scim"
                return 200, brief
            case "DELETE", []:
                if self.is_used(provider["name"]):
                    raise Refusal(409, "an application uses it")
                del table[parts[0]]
                return 204, None
            case "PATCH", []:
                for operation in self.body:
                    assert operation["path"] in ("/description", "/isEnabled") and isinstance(operation["value"], str)
                    value = operation["value"]
                    provider[operation["path"][1:]] = value == "true" if operation["path"] == "/isEnabled" else value
            case "GET", ["federated-authenticators", id] if id == OIDC:
                one = json.loads(json.dumps(provider["federatedAuthenticators"]["authenticators"][0]))
                for entry in one["properties"]:
                    if entry["key"] == "ClientSecret":
                        entry["value"] = MASK
                return 200, one
            case "PUT", ["federated-authenticators", id] if id == OIDC:
                self.put_authenticator(provider["federatedAuthenticators"])
            case "PUT", ["claims" | "roles" as part]:
                assert "mappings" in self.body
                provider[part] = self.body
            case "PUT", ["provisioning", "jit"]:
                provider.setdefault("provisioning", {})["jit"] = self.body
            case "GET", ["provisioning", "outbound-connectors", id] if id == CONNECTOR:
                there = provider["provisioning"]["outboundConnectors"]
                one = json.loads(json.dumps(there["connectors"][0]))
                for entry in one["properties"]:
                    if entry["key"] == "scim-password":
                        entry["value"] = MASK
                return 200, {**one, "isDefault": there["defaultConnectorId"] == id}
            case "PUT", ["provisioning", "outbound-connectors", id] if id == CONNECTOR:
                self.put_connector(provider)
            case _:
                raise Refusal(404, "no such part")
        return 200, self.body

    def make_provider(self, table):
        if any(p["name"] == self.body["name"] for p in table.values()):
            raise Refusal(409, "exists")
        assert "isEnabled" not in self.body
        list = self.body.get("provisioning", {}).get("outboundConnectors")
        if list:
            assert set(list) == {"defaultConnectorId", "connectors"} and list["defaultConnectorId"] == CONNECTOR
            (one,) = list["connectors"]
            self.check_connector(one, set())
            # Only the connector's own address heeds these.
            one["blockingEnabled"] = one["rulesEnabled"] = False
        id = STATE.identify()
        table[id] = {**self.body, "id": id, "isEnabled": True}
        self.location = f"/api/server/v1/identity-providers/{id}"
        return 201, None

    def put_authenticator(self, there):
        body = dict(self.body)
        if not body.pop("isDefault", False):
            there["defaultAuthenticatorId"] = None
        old = {entry["key"]: entry["value"] for entry in there["authenticators"][0]["properties"]}
        for entry in body["properties"]:
            if entry["value"] == MASK:
                entry["value"] = old[entry["key"]]
        there["authenticators"] = [body]

    def check_connector(self, one, more):
        assert set(one) == {"connectorId", "isEnabled", "blockingEnabled", "rulesEnabled", "properties"} | more, one
        assert one["connectorId"] == CONNECTOR
        assert all(isinstance(one[name], bool) for name in set(one) - {"connectorId", "properties"}), one
        values = {entry["key"]: entry["value"] for entry in one["properties"]}
        assert len(values) == len(one["properties"]) and set(SCIM1_KEYS[:3]) <= set(values) <= set(SCIM1_KEYS), values
        assert all(isinstance(value, str) for value in values.values()), values

    def put_connector(self, provider):
        body = dict(self.body)
        self.check_connector(body, {"isDefault"})
        if not body["isEnabled"] and self.is_used(provider["name"], "scim"):
            raise Refusal(500, "IDP-65034")
        there = provider.setdefault("provisioning", {}).setdefault("outboundConnectors", {"connectors": [None]})
        old = {entry["key"]: entry["value"] for entry in (there["connectors"][0] or {}).get("properties", [])}
        for entry in body["properties"]:
            if entry["value"] == MASK:
                entry["value"] = old[entry["key"]]
        there["defaultConnectorId"] = CONNECTOR if body.pop("isDefault") else None
        there["connectors"] = [body]

    # Applications

    def is_used(self, provider, connector=None):
        def provisions(configuration):
            return any(entry["idp"] == provider and connector in (None, entry["connector"])
                       for entry in configuration["outboundProvisioningIdps"])

        applications = [a for a in STATE.applications.values() if "authenticationSequence" in a]
        options = [option for a in applications for step in a["authenticationSequence"]["steps"] for option in step["options"]]
        return (provisions(STATE.resident) or any(provisions(a["provisioningConfigurations"]) for a in applications)
                or (connector is None and any(option["idp"] == provider for option in options)))

    def applications(self, parts):
        table = STATE.applications
        if not parts:
            if self.command == "POST":
                return self.make_application(table)
            page = list(table.values())[int(self.query["offset"]):][:int(self.query["limit"])]
            return 200, {"totalResults": len(table), "startIndex": 1, "count": len(page), "applications": [
                {"id": a["id"], "name": a["name"]} for a in page]}
        if parts == ["resident"]:
            if self.command == "GET":
                return 200, {"provisioningConfigurations": STATE.resident}
            assert self.command == "PUT" and set(self.body) <= {"inboundProvisioning", "outboundProvisioningIdps"}
            self.check_application({"provisioningConfigurations": self.body})
            STATE.resident.update(self.body)
            return 200, None
        if parts[0] not in table:
            raise Refusal(404, "APP-60006")
        id, application = parts[0], table[parts[0]]
        match self.command, parts[1:]:
            case "GET", []:
                protocols = [{"type": "oauth2", "self": f"/applications/{id}/inbound-protocols/oidc"}]
                return 200, {**application, "inboundProtocols": protocols if id in STATE.clients else []}
            case "PATCH", []:
                assert self.body
                self.check_application(self.body)
                application.update(self.body)
                return 200, None
            case "DELETE", []:
                del table[id]
                STATE.clients.pop(id, None)
                return 204, None
            case "GET", ["inbound-protocols", "oidc"]:
                return 200, {**STATE.clients[id], "clientSecret": MASK}
            case "PUT", ["inbound-protocols", "oidc"]:
                body = dict(self.body)
                old = STATE.clients.get(id)
                if old and body.get("clientSecret") == MASK:
                    body["clientSecret"] = old["clientSecret"]
                if old and (body.get("clientId"), body.get("clientSecret")) != (old["clientId"], old["clientSecret"]):
                    raise Refusal(400, "Invalid ClientID or ClientSecret provided for update.")
                STATE.clients[id] = self.checked_client(body, id)
                return 200, None
            case "DELETE", ["inbound-protocols", "oidc"]:
                del STATE.clients[id]
                return 204, None
        raise Refusal(405, "not here")

    def make_application(self, table):
        body = dict(self.body)
        if any(a["name"] == body["name"] for a in table.values()):
            raise Refusal(409, "exists")
        inbound = body.pop("inboundProtocolConfiguration", None)
        name = body.pop("name")
        self.check_application(body)
        id = STATE.identify()
        if inbound:
            assert set(inbound) == {"oidc"}
            STATE.clients[id] = self.checked_client(inbound["oidc"], id)
        table[id] = {**json.loads(json.dumps(APPLICATION)), **body, "name": name, "id": id}
        self.location = f"/api/server/v1/applications/{id}"
        return 201, None

    def check_application(self, body):
        assert set(body) <= {"description", "authenticationSequence", "advancedConfigurations", "provisioningConfigurations"}, body
        providers = {p["name"]: p for p in STATE.providers.values()}
        for entry in body.get("provisioningConfigurations", {}).get("outboundProvisioningIdps", []):
            assert set(entry) == {"idp", "connector", "blocking", "rules", "jit"}, entry
            assert all(isinstance(entry[name], bool) for name in ("blocking", "rules", "jit")), entry
            if "outboundConnectors" not in providers.get(entry["idp"], {}).get("provisioning", {}) or entry["connector"] != "scim":
                raise Refusal(400, "no such connector")
        sequence = body.get("authenticationSequence", {"type": "DEFAULT"})
        if sequence["type"] != "DEFAULT":
            assert sequence["type"] == "USER_DEFINED" and sequence["subjectStepId"] >= 1 and sequence["attributeStepId"] >= 1
            assert sequence["steps"] and [step["id"] for step in sequence["steps"]] == list(range(1, len(sequence["steps"]) + 1))
            for option in (option for step in sequence["steps"] for option in step["options"]):
                if option["idp"] != "LOCAL" and option["idp"] not in providers:
                    raise Refusal(400, "no such identity provider")

    def checked_client(self, body, id):
        assert set(body) <= {"clientId", "clientSecret", "grantTypes", "callbackURLs", "publicClient", "pkce",
                             "accessToken", "refreshToken", "idToken"}, body
        assert body["grantTypes"] and isinstance(body["publicClient"], bool)
        if len(body.get("callbackURLs", [])) > 1:
            raise Refusal(501, "Multiple callbacks for OAuth2 are not supported yet.")
        return {"clientId": f"client-of-{id}", "clientSecret": "made-up", **json.loads(json.dumps(CLIENT)), **body}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--tenant")
    options = parser.parse_args()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.log, server.tenant = options.log, options.tenant
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
