"""A Directory API on the loopback that takes only what Google's own discovery document allows: methods, paths, parameters,
bodies and scopes are checked against it, and access tokens are given for signed assertions alone."""

import json
import re
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

DOCUMENT = json.loads(
    resources.files("googleapiclient").joinpath("discovery_cache/documents/admin.directory_v1.json").read_text())
SCHEMAS = DOCUMENT["schemas"]
# What the document calls `any`, with the schema of its elements.
LISTS = {"emails": "UserEmail", "phones": "UserPhone", "addresses": "UserAddress", "organizations": "UserOrganization",
         "externalIds": "UserExternalId", "relations": "UserRelation", "languages": "UserLanguage"}
REQUIRED = {"directory.users.insert": ("primaryEmail", "name", "password"), "directory.groups.insert": ("email",),
            "directory.roles.insert": ("roleName", "rolePrivileges")}
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
ROBOT, ADMIN = "robot@project.example", "admin@corp.example"


def methods(node=DOCUMENT):
    for method in node.get("methods", {}).values():
        yield method
    for child in node.get("resources", {}).values():
        yield from methods(child)


METHODS = [(re.compile("/" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", m["flatPath"]) + "$"), m) for m in methods()]


class Refusal(Exception):
    def __init__(self, status, reason, message):
        super().__init__(message)
        self.status = status
        self.body = {"error": {"code": status, "message": message, "errors": [
            {"domain": "global", "reason": reason, "message": message}]}}


def invalid(what):
    return Refusal(400, "invalid", f"Invalid Input: {what}")


def check_value(value, schema, path):
    """That a value is as its schema says; null clears anything."""
    if value is None:
        return
    if "$ref" in schema:
        return check_object(value, SCHEMAS[schema["$ref"]], path)
    kinds = {"string": str, "boolean": bool, "integer": int, "array": list, "object": dict}
    kind = schema.get("type", "any")
    if kind != "any" and not isinstance(value, kinds[kind]):
        raise invalid(f"{path} is no {kind}")
    if "enum" in schema and value not in schema["enum"]:
        raise invalid(f"{path} is none of {schema['enum']}")
    if kind == "array":
        for element in value:
            check_value(element, schema["items"], path)
    elif kind == "object" and "properties" in schema:
        check_object(value, schema, path)


def check_object(value, schema, path):
    if not isinstance(value, dict):
        raise invalid(f"{path} is no object")
    for name, part in value.items():
        where = f"{path}.{name}"
        if name not in schema["properties"]:
            raise invalid(f"unknown field {where}")
        definition = schema["properties"][name]
        if definition.get("readOnly") or definition.get("description", "").startswith("Read-only"):
            raise invalid(f"{where} is read-only")
        if definition.get("type") == "any" and name in LISTS and part is not None:
            definition = {"type": "array", "items": {"$ref": LISTS[name]}}
        check_value(part, definition, where)


def check_query(query, method):
    for name, value in query.items():
        definition = method["parameters"].get(name)
        if definition is None or definition["location"] != "query":
            raise invalid(f"unknown parameter {name}")
        if definition["type"] == "integer":
            most = definition.get("maximum") or re.search(r"value is (\d+)", definition.get("description", "200"))
            most = int(most) if isinstance(most, str) else int(most[1]) if most else 200
            if not int(definition.get("minimum", 1)) <= int(value) <= most:
                raise invalid(f"{name} is out of its range")
        if "enum" in definition and value not in definition["enum"]:
            raise invalid(f"{name} is none of {definition['enum']}")


class Google:
    """The account: users, groups, members, roles and what was asked of it."""

    def __init__(self, page=500):
        self.page, self.next, self.lock = page, 100, threading.RLock()
        self.users, self.deleted, self.groups, self.members, self.roles, self.assignments = {}, {}, {}, {}, {}, {}
        self.tokens, self.requests, self.faults = {}, [], []
        self.delegated = {f"https://www.googleapis.com/auth/admin.directory.{name}" for name in (
            "user", "group", "group.member", "rolemanagement")}
        account = self
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (Handler,), {"account": account}))
        self.server, self.url = server, f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def key_file(self):
        pem = KEY.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        return json.dumps({
            "type": "service_account", "client_email": ROBOT, "private_key_id": "k1", "private_key": pem.decode(),
            "token_uri": f"{self.url}/token"})

    def token(self, form):
        """RFC 7523, as Google has it."""
        if form.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return 400, {"error": "unsupported_grant_type"}
        try:
            header = jwt.get_unverified_header(form["assertion"])
            claims = jwt.decode(
                form["assertion"], KEY.public_key(), algorithms=["RS256"], audience=f"{self.url}/token",
                issuer=ROBOT, options={"require": ["exp", "iat", "aud", "iss", "sub", "scope"]})
        except Exception as error:
            return 400, {"error": "invalid_grant", "error_description": str(error)}
        if claims["sub"] != ADMIN or header["kid"] != "k1" or claims["exp"] - claims["iat"] > 3600:
            return 400, {"error": "invalid_grant", "error_description": "who?"}
        scopes = set(claims["scope"].split())
        if not scopes <= self.delegated:
            return 401, {"error": "unauthorized_client", "error_description": "Client is unauthorized"}
        token = f"ya29.{len(self.tokens)}"
        self.tokens[token] = scopes
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}

    def writes(self):
        return [f"{method} {path}" for method, path, _ in self.requests if method != "GET"]

    def call(self, verb, path, query, body, token):
        self.requests.append((verb, path, query))
        for fault in self.faults:
            if re.search(fault[0], f"{verb} {path}"):
                self.faults.remove(fault)
                raise Refusal(*fault[1:])
        for pattern, method in METHODS:
            match = pattern.match(path)
            if match and method["httpMethod"] == verb:
                break
        else:
            raise Refusal(404, "notFound", f"no method {verb} {path}")
        if token not in self.tokens:
            raise Refusal(401, "authError", "Invalid Credentials")
        if not self.tokens[token] & set(method["scopes"]):
            raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")
        check_query(query, method)
        if (body is not None) != ("request" in method):
            raise invalid("a body where there is none, or none where there is one")
        if body is not None:
            check_object(body, SCHEMAS[method["request"]["$ref"]], method["request"]["$ref"])
            for name in REQUIRED.get(method["id"], ()):
                if not body.get(name):
                    raise invalid(f"{name} is required")
        keys = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
        handler = getattr(self, method["id"].removeprefix("directory.").replace(".", "_"))
        return handler(query=query, body=body, **keys)

    # Users

    def listed(self, kind, items, query):
        size = min(int(query.get("maxResults", 100)), self.page)
        start = int(query["pageToken"].removeprefix("t/")) if "pageToken" in query else 0
        answer = {"kind": f"admin#directory#{kind}"}
        if items[start:start + size]:
            answer[kind] = items[start:start + size]
        if start + size < len(items):
            answer["nextPageToken"] = f"t/{start + size}"
        return answer

    def user(self, key):
        for user in self.users.values():
            names = [user["primaryEmail"], *user.get("aliases", [])]
            if key == user["id"] or key.lower() in [name.lower() for name in names]:
                return user
        raise Refusal(404, "notFound", "Resource Not Found: userKey")

    def shown(self, user):
        shown = {k: v for k, v in user.items() if k != "password"}
        name = user["name"]
        shown["name"] = {**name, "fullName": f"{name['givenName']} {name['familyName']}"}
        own = [e for e in user.get("emails", []) if e["address"].lower() != user["primaryEmail"].lower()]
        shown["emails"] = [{"address": user["primaryEmail"], "primary": True}] + own + [
            {"address": alias} for alias in user.get("aliases", [])]
        return {**shown, "etag": '"e"', "isAdmin": False, "customerId": "C0"}

    def taken(self, address):
        names = [n for u in self.users.values() for n in (u["primaryEmail"], *u.get("aliases", []))]
        names += [g["email"] for g in self.groups.values()] + [u["primaryEmail"] for u in self.deleted.values()]
        if address.lower() in [name.lower() for name in names]:
            raise Refusal(409, "duplicate", "Entity already exists.")

    def users_list(self, query, body):
        if ("customer" in query) == ("domain" in query):
            raise invalid("customer or domain")
        items = list(self.deleted.values() if query.get("showDeleted") == "true" else self.users.values())
        wanted = query.get("query", "")
        if wanted.startswith("externalId="):
            value = wanted.removeprefix("externalId=").strip("'")
            items = [u for u in items if value in [e.get("value") for e in u.get("externalIds", [])]]
        elif wanted.startswith("email:"):
            items = [u for u in items if u["primaryEmail"].startswith(wanted.removeprefix("email:"))]
        elif wanted:
            raise invalid("query")
        items.sort(key=lambda u: u["primaryEmail"])
        return self.listed("users", [self.shown(u) for u in items], query)

    def users_get(self, userKey, query, body):
        return self.shown(self.user(userKey))

    def users_insert(self, query, body):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", body["primaryEmail"]):
            raise invalid("primary_user_email")
        if not body["name"].get("givenName") or not body["name"].get("familyName") or len(body["password"]) < 8:
            raise invalid("name or password")
        self.taken(body["primaryEmail"])
        self.next += 1
        user = {"suspended": False, "orgUnitPath": "/", **body, "id": str(self.next)}
        self.users[user["id"]] = user
        return self.shown(user)

    def users_update(self, userKey, query, body, clears=True):
        user = self.user(userKey)
        if "primaryEmail" in body and body["primaryEmail"].lower() != user["primaryEmail"].lower():
            self.taken(body["primaryEmail"])
            user.setdefault("aliases", []).append(user["primaryEmail"])
        for name, value in body.items():
            if name == "name":
                user["name"] = {k: v for k, v in {**user["name"], **value}.items() if v is not None}
            elif value is not None:
                user[name] = value
            elif clears or name not in LISTS:
                user.pop(name, None)
        return self.shown(user)

    def users_patch(self, userKey, query, body):
        # "This method is unable to clear fields that contain repeated objects."
        return self.users_update(userKey, query, body, clears=False)

    def users_delete(self, userKey, query, body):
        user = self.user(userKey)
        self.deleted[user["id"]] = self.users.pop(user["id"])
        for members in self.members.values():
            members.pop(user["id"], None)

    def users_aliases_insert(self, userKey, query, body):
        self.taken(body["alias"])
        self.user(userKey).setdefault("aliases", []).append(body["alias"])
        return {"alias": body["alias"]}

    def users_aliases_delete(self, userKey, alias, query, body):
        self.user(userKey)["aliases"].remove(alias)

    # Groups

    def group(self, key):
        for group in self.groups.values():
            if key in (group["id"], group["email"]):
                return group
        raise Refusal(404, "notFound", "Resource Not Found: groupKey")

    def groups_list(self, query, body):
        return self.listed("groups", sorted(self.groups.values(), key=lambda g: g["email"]), query)

    def groups_get(self, groupKey, query, body):
        return self.group(groupKey)

    def groups_insert(self, query, body):
        self.taken(body["email"])
        self.next += 1
        group = {**body, "id": f"g{self.next}", "directMembersCount": "0"}
        self.groups[group["id"]], self.members[group["id"]] = group, {}
        return group

    def groups_patch(self, groupKey, query, body):
        group = self.group(groupKey)
        group.update(body)
        return group

    def groups_delete(self, groupKey, query, body):
        del self.groups[self.group(groupKey)["id"]]

    def members_list(self, groupKey, query, body):
        return self.listed("members", list(self.members[self.group(groupKey)["id"]].values()), query)

    def members_insert(self, groupKey, query, body):
        group, key = self.group(groupKey), body.get("email") or body["id"]
        try:
            member, kind = self.user(key), "USER"
        except Refusal:
            member, kind = self.group(key), "GROUP"
        if member["id"] in self.members[group["id"]]:
            raise Refusal(409, "duplicate", "Member already exists.")
        entry = {"id": member["id"], "role": body["role"], "type": kind}
        self.members[group["id"]][member["id"]] = entry
        return entry

    def members_delete(self, groupKey, memberKey, query, body):
        if self.members[self.group(groupKey)["id"]].pop(memberKey, None) is None:
            raise Refusal(404, "notFound", "Resource Not Found: memberKey")

    # Roles

    def roles_list(self, customer, query, body):
        return self.listed("items", list(self.roles.values()), query)

    def roles_insert(self, customer, query, body):
        self.next += 1
        role = {**body, "roleId": str(self.next), "isSystemRole": False}
        self.roles[role["roleId"]] = role
        return role

    def roleAssignments_list(self, customer, query, body):
        return self.listed("items", list(self.assignments.values()), query)

    def roleAssignments_insert(self, customer, query, body):
        self.next += 1
        kind = "group" if body["assignedTo"] in self.groups else "user"
        entry = {**body, "roleAssignmentId": str(self.next), "assigneeType": kind}
        self.assignments[entry["roleAssignmentId"]] = entry
        return entry

    def roleAssignments_delete(self, customer, roleAssignmentId, query, body):
        del self.assignments[roleAssignmentId]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    account = None

    def handle_any(self):
        path, _, query = self.path.partition("?")
        text = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with self.account.lock:
            if path == "/token":
                status, body = self.account.token(dict(urllib.parse.parse_qsl(text.decode())))
            else:
                status, body = self.answer(path, dict(urllib.parse.parse_qsl(query, keep_blank_values=True)), text)
        data = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def answer(self, path, query, text):
        try:
            if text and self.headers["Content-Type"] != "application/json":
                raise invalid("Content-Type")
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            body = self.account.call(self.command, path, query, json.loads(text) if text else None, token)
            return (204, None) if body is None else (200, body)
        except Refusal as refusal:
            return refusal.status, refusal.body

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def log_message(self, *_):
        pass
