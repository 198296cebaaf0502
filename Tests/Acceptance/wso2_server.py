"""A strict WSO2 Identity Server 5.11 on the loopback, of the standard library alone: SCIM 2.0 and identity providers.

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


class Refusal(Exception):
    def __init__(self, status, detail):
        super().__init__(detail)
        self.status, self.detail = status, detail


class Server:
    def __init__(self):
        self.tables = {"Users": {}, "Groups": {}, "Roles": {}}
        self.providers = {"local": {"id": "local", "name": "LOCAL", "isEnabled": True}}
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
                status, body = 200, {**STATE.tables, "providers": STATE.providers}
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
                return 200, brief
            case "DELETE", []:
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
                provider["provisioning"] = {"jit": self.body}
            case _:
                raise Refusal(404, "no such part")
        return 200, self.body

    def make_provider(self, table):
        if any(p["name"] == self.body["name"] for p in table.values()):
            raise Refusal(409, "exists")
        assert "isEnabled" not in self.body
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
