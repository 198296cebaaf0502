"""A strict Salesforce organisation on the loopback, of the standard library alone: tokens, REST API and SCIM service.

    python salesforce_server.py --log FILE [--certificate FILE]

Prints `ready URL`. Every request is written to the log as a line of JSON. What a test wants to look at or to change
behind the program's back stands at /test/OBJECT.
"""

import argparse
import base64
import http.server
import json
import re
import subprocess
import tempfile
import time
import urllib.parse

API = "/services/data/v62.0"
CLIENT, SECRET, AUDIENCE = "3MVG9.acceptance", "s3cret of the client", "https://login.salesforce.com"
URNS = {"User": "urn:ietf:params:scim:schemas:core:2.0:User", "Group": "urn:ietf:params:scim:schemas:core:2.0:Group"}
OWN = "urn:salesforce:schemas:extension:1.0:User"

TEXT = {
    "Username": 80, "LastName": 80, "FirstName": 40, "Email": 128, "Alias": 8, "CommunityNickname": 40,
    "FederationIdentifier": 512, "Title": 80, "CompanyName": 80, "Department": 80, "Division": 80, "EmployeeNumber": 20,
    "Phone": 40, "MobilePhone": 40, "Fax": 40, "Street": 255, "City": 40, "State": 80, "PostalCode": 20, "Country": 80,
    "TimeZoneSidKey": 40, "LocaleSidKey": 40, "LanguageLocaleKey": 40, "EmailEncodingKey": 40}
REFERENCES = {"ProfileId": "Profile", "UserRoleId": "UserRole", "ManagerId": "User"}
REQUIRED = (
    "Username", "LastName", "Email", "Alias", "TimeZoneSidKey", "LocaleSidKey", "EmailEncodingKey", "ProfileId",
    "LanguageLocaleKey")
OBJECTS = {
    "User": ("005", {**TEXT, **dict.fromkeys(REFERENCES, "id"), "IsActive": "flag"}, REQUIRED),
    "Group": ("00G", {"Name": 40, "Type": 10}, ("Name", "Type")),
    "GroupMember": ("011", {"GroupId": "id", "UserOrGroupId": "id"}, ("GroupId", "UserOrGroupId")),
    "PermissionSet": ("0PS", {"Name": 80, "Label": 80}, ("Name", "Label")),
    "PermissionSetAssignment": (
        "0Pa", {"PermissionSetId": "id", "AssigneeId": "id"}, ("PermissionSetId", "AssigneeId")),
    "Profile": ("00e", {"Name": 80}, ()), "UserRole": ("00E", {"Name": 80}, ("Name",)),
}


class Refusal(Exception):
    def __init__(self, status, code, message="", fields=()):
        super().__init__(code)
        self.status, self.body = status, [{"errorCode": code, "message": message, "fields": list(fields)}]


class Organisation:
    def __init__(self):
        self.tables = {name: {} for name in OBJECTS}
        self.passwords, self.tokens, self.cursors, self.number = {}, set(), {}, 0
        for name in ("Standard User", "Minimum Access"):
            self.insert("Profile", {"Name": name})

    def insert(self, name, record):
        self.number += 1
        id = f"{OBJECTS[name][0]}{self.number:012d}AAA"
        self.tables[name][id] = {**record, "Id": id}
        return id

    def find(self, name, id):
        if id not in self.tables.get(name, {}):
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        return self.tables[name][id]

    def check(self, name, record, id=None):
        if name not in OBJECTS or name == "Profile":
            raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")
        prefix, fields, required = OBJECTS[name]
        for field, value in record.items():
            if field not in fields:
                raise Refusal(400, "INVALID_FIELD", f"No such column '{field}' on sobject of type {name}", [field])
            if value is None:
                if field in required:
                    raise Refusal(400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: [{field}]", [field])
            elif fields[field] == "flag":
                if not isinstance(value, bool):
                    raise Refusal(400, "JSON_PARSER_ERROR", f"{field} is a boolean", [field])
            elif not isinstance(value, str):
                raise Refusal(400, "JSON_PARSER_ERROR", f"{field} is a text", [field])
            elif fields[field] == "id":
                if not any(value in table for table in self.tables.values()):
                    raise Refusal(400, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", [field])
            elif len(value) > fields[field]:
                raise Refusal(400, "STRING_TOO_LONG", f"{field}: data value too large", [field])
        others = [other for other in self.tables[name].values() if other["Id"] != id]
        if name == "User" and "Username" in record:
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", record["Username"]):
                raise Refusal(400, "INVALID_EMAIL_ADDRESS", "Username: must be in the form of an email address")
            if any(other["Username"].lower() == record["Username"].lower() for other in others):
                raise Refusal(400, "DUPLICATE_USERNAME", "Duplicate Username", ["Username"])
        if name in ("GroupMember", "PermissionSetAssignment"):
            if any(all(other[field] == record[field] for field in required) for other in others):
                raise Refusal(400, "DUPLICATE_VALUE", "duplicate value found", list(required))

    def create(self, name, record):
        self.check(name, record)
        missing = [field for field in OBJECTS[name][2] if record.get(field) is None]
        if missing:
            raise Refusal(400, "REQUIRED_FIELD_MISSING", f"Required fields are missing: {missing}", missing)
        return self.insert(name, {field: value for field, value in record.items() if value is not None})

    def update(self, name, id, record):
        current = self.find(name, id)
        self.check(name, record, id)
        assert record and any(current.get(field) != value for field, value in record.items()), "a needless update"
        for field, value in record.items():
            current[field] = value

    def delete(self, name, id):
        if name in ("User", "Profile"):
            raise Refusal(405, "METHOD_NOT_ALLOWED", "HTTP Method 'DELETE' not allowed")
        self.find(name, id)
        del self.tables[name][id]
        for rows in ("GroupMember", "PermissionSetAssignment"):
            self.tables[rows] = {key: row for key, row in self.tables[rows].items() if id not in row.values()}

    def query(self, text):
        match = re.fullmatch(r"SELECT ([\w, ]+) FROM (\w+)(?: WHERE (.+))?", text)
        if not match or match[2] not in OBJECTS:
            raise Refusal(400, "MALFORMED_QUERY", text)
        fields = match[1].split(", ")
        known = {"Id", *OBJECTS[match[2]][1]} | ({"IsOwnedByProfile"} if match[2] == "PermissionSet" else set())
        found = list(self.tables[match[2]].values())
        conditions = re.findall(r"(\w+) = (?:'((?:[^'\\]|\\.)*)'|(true|false))(?: AND |$)", match[3] or "")
        written = " AND ".join(f"{a} = " + (c or f"'{b}'") for a, b, c in conditions)
        if written != (match[3] or ""):
            raise Refusal(400, "MALFORMED_QUERY", text)
        for field, value, flag in conditions:
            wanted = flag == "true" if flag else re.sub(r"\\(.)", r"\1", value).lower()
            found = [
                record for record in found
                if (record.get(field) or False if flag else str(record.get(field, "")).lower()) == wanted]
        unknown = [field for field in [*fields, *(c[0] for c in conditions)] if field not in known]
        if unknown:
            raise Refusal(400, "INVALID_FIELD", f"No such column '{unknown[0]}'", unknown)
        return [{"attributes": {"type": match[2]}, **{f: record.get(f) for f in fields}} for record in found]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    organisation, log, certificate, batch = Organisation(), None, None, 200

    def log_message(self, *arguments):
        pass

    def serve(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length)
        path, _, query = self.path.partition("?")
        self.query = urllib.parse.parse_qs(query)
        if not path.startswith("/test/"):
            with open(self.log, "a") as log:
                entry = {"method": self.command, "path": urllib.parse.unquote(self.path), "body": self.body.decode()}
                log.write(json.dumps(entry) + "\n")
        try:
            status, answer = self.answer(path)
        except Refusal as refusal:
            status, answer = refusal.status, refusal.body
        except Exception as error:  # A test shall see it.
            status, answer = 400, [{"errorCode": "TEST_FAILURE", "message": repr(error), "fields": []}]
        data = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        kind = "application/scim+json" if "/scim/" in path else "application/json"
        if data:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = serve

    def answer(self, path):
        if path == "/services/oauth2/token":
            return self.token()
        if path.startswith("/test/"):
            return self.test(path.removeprefix("/test/"))
        if self.headers.get("Authorization", "").removeprefix("Bearer ") not in self.organisation.tokens:
            raise Refusal(401, "INVALID_SESSION_ID", "Session expired or invalid")
        if path.startswith("/services/scim/v2/"):
            return self.scim(path.removeprefix("/services/scim/v2/").split("/"))
        if not path.startswith(API + "/"):
            raise Refusal(404, "NOT_FOUND", path)
        return self.rest(path.removeprefix(API + "/").split("/"))

    # Tokens

    def token(self):
        form = {key: value[0] for key, value in urllib.parse.parse_qs(self.body.decode()).items()}
        if form.get("grant_type") == "client_credentials":
            pair = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode().split(":")
            if [urllib.parse.unquote(part) for part in pair] != [CLIENT, SECRET]:
                return 400, {"error": "invalid_client", "error_description": "invalid client credentials"}
        elif form.get("grant_type") == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            problem = self.problem(form["assertion"])
            if problem:
                return 400, {"error": "invalid_grant", "error_description": problem}
        else:
            return 400, {"error": "unsupported_grant_type"}
        token = f"00D!{len(self.organisation.tokens)}"
        self.organisation.tokens.add(token)
        return 200, {
            "access_token": token, "instance_url": "https://elsewhere.example", "token_type": "Bearer", "scope": "api",
            "id": "https://login.salesforce.com/id/00D/005"}

    def problem(self, assertion):
        def decoded(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

        head, claims, signature = assertion.split(".")
        if json.loads(decoded(head))["alg"] != "RS256":
            return "algorithm"
        with tempfile.NamedTemporaryFile() as file:
            file.write(decoded(signature))
            file.flush()
            check = subprocess.run(
                ["openssl", "dgst", "-sha256", "-verify", self.certificate, "-signature", file.name],
                input=f"{head}.{claims}".encode(), capture_output=True)
        if check.returncode != 0:
            return "signature"
        claims = json.loads(decoded(claims))
        if claims["iss"] != CLIENT or claims["sub"] != "admin@corp.example" or claims["aud"] != AUDIENCE:
            return "claims"
        return None if 0 < claims["exp"] - time.time() <= 180 else "expiry"

    # The REST API

    def rest(self, parts):
        organisation = self.organisation
        match self.command, parts:
            case "GET", ["query"]:
                return self.batch_of(organisation.query(self.query["q"][0]))
            case "GET", ["query", cursor] if cursor in organisation.cursors:
                return 200, organisation.cursors[cursor]
            case "POST", ["sobjects", name]:
                id = organisation.create(name, self.json())
                return 201, {"id": id, "success": True, "errors": []}
            case "PATCH", ["sobjects", name, id]:
                organisation.update(name, id, self.json())
                return 204, None
            case "DELETE", ["sobjects", name, id]:
                organisation.delete(name, id)
                return 204, None
            case "POST", ["sobjects", "User", id, "password"]:
                organisation.find("User", id)
                organisation.passwords[id] = self.json()["NewPassword"]
                return 204, None
            case "POST", ["composite", "sobjects"]:
                records = self.json()["records"]
                assert 0 < len(records) <= 200
                return 200, [
                    self.result(lambda r=r: organisation.create(r.pop("attributes")["type"], r)) for r in records]
            case "DELETE", ["composite", "sobjects"]:
                ids = self.query["ids"][0].split(",")
                assert 0 < len(ids) <= 200
                names = {prefix: name for name, (prefix, _, _) in OBJECTS.items()}
                return 200, [self.result(lambda id=id: organisation.delete(names[id[:3]], id)) for id in ids]
        raise Refusal(404, "NOT_FOUND", "The requested resource does not exist")

    def result(self, work):
        try:
            return {"id": work(), "success": True, "errors": []}
        except Refusal as refusal:
            error = {**refusal.body[0], "statusCode": refusal.body[0]["errorCode"]}
            return {"success": False, "errors": [error]}

    def batch_of(self, records):
        pages = [records[i:i + self.batch] for i in range(0, len(records), self.batch)] or [[]]
        first = f"01g{len(self.organisation.cursors)}"
        for number, page in enumerate(pages):
            answer = {"totalSize": len(records), "done": number == len(pages) - 1, "records": page}
            if not answer["done"]:
                answer["nextRecordsUrl"] = f"{API}/query/{first}-{number + 1}"
            self.organisation.cursors[f"{first}-{number}"] = answer
        return 200, self.organisation.cursors[f"{first}-0"]

    def json(self):
        assert self.headers["Content-Type"] in ("application/json", "application/scim+json")
        return json.loads(self.body)

    # Behind the program's back

    def test(self, name):
        organisation = self.organisation
        if name == "tokens":
            organisation.tokens.clear()
            return 204, None
        if self.command == "PATCH":
            change = self.json()
            organisation.tables[name][change["Id"]].update(change)
        elif self.command == "POST":
            return 201, organisation.insert(name, self.json())
        return 200, organisation.passwords if name == "passwords" else list(organisation.tables[name].values())

    # The SCIM service

    def scim(self, parts):
        users, groups = self.organisation.tables["User"], self.organisation.tables["Group"]
        match self.command, parts:
            case "GET", ["ServiceProviderConfigs"]:
                return 200, {"patch": {"supported": True}, "filter": {"supported": True, "maxResults": 200}}
            case "GET", ["ResourceTypes"]:
                names = {"User": "Users", "Group": "Groups", "Entitlement": "Entitlements", "Role": "Roles"}
                return 200, self.list([
                    {"name": name, "endpoint": f"/{path}", "schema": URNS.get(name, f"urn:salesforce:{name}")}
                    for name, path in names.items()])
            case "GET", ["Entitlements"]:
                name = re.fullmatch(r'displayName eq "(.*)"', self.query["filter"][0])[1]
                return 200, self.list([
                    {"id": p["Id"], "displayName": p["Name"], "type": "Profile"}
                    for p in self.organisation.tables["Profile"].values() if p["Name"] == name])
            case "GET", ["Users" | "Groups" as kind]:
                table = users if kind == "Users" else groups
                assert "filter" not in self.query
                return 200, self.list([r["scim"] for r in table.values() if "scim" in r])
            case "POST", ["Users" | "Groups" as kind]:
                return 201, self.made(kind, self.json())
            case "PATCH", ["Users" | "Groups" as kind, id]:
                self.patch((users if kind == "Users" else groups)[id]["scim"], self.json())
                return 204, None
            case "DELETE", ["Groups", id]:
                del groups[id]
                return 204, None
        return 404, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404", "detail": "no"}

    def list(self, resources):
        start, count = int(self.query.get("startIndex", ["1"])[0]), int(self.query.get("count", ["200"])[0])
        assert count <= 200
        return {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": len(resources),
            "startIndex": start, "itemsPerPage": count, "Resources": resources[start - 1:start - 1 + count]}

    def made(self, kind, resource):
        name = kind.removesuffix("s")
        if name == "User":
            profiles = [e["value"] for e in resource["entitlements"]]
            assert len(profiles) == 1 and profiles[0] in self.organisation.tables["Profile"]
            assert resource["emails"] and resource["name"]["familyName"] and "@" in resource["userName"]
        id = self.organisation.insert(name, {"scim": resource})
        resource["id"] = id
        return resource

    def patch(self, resource, body):
        for operation in body["Operations"]:
            verb, path, value = operation["op"], operation["path"], operation.get("value")
            one = re.fullmatch(r'members\[value eq "(\w+)"\]', path)
            if one:
                assert verb == "remove"
                resource["members"] = [m for m in resource["members"] if m["value"] != one[1]]
            elif path == "members":
                resource.setdefault("members", []).extend(value)
            elif verb == "remove":
                resource.pop(path, None)
            else:
                assert "." not in path and isinstance(value, (str, bool, list))
                resource[path] = value


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True)
    parser.add_argument("--certificate", help="the public key that assertions are signed for, as PEM")
    options = parser.parse_args()
    Handler.log, Handler.certificate = options.log, options.certificate
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
