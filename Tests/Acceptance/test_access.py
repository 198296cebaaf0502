"""Who gets in: tokens from the command line, applications and their tokens, passwords, and the record of all that."""

import base64
import json
import os
import signal
import ssl
import urllib.error
import urllib.parse
import urllib.request

import pytest

SCIM_ERROR = ["urn:ietf:params:scim:api:messages:2.0:Error"]
PATCH = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]


class Client:
    """What curl does: a request with a credential, and the answer whatever its status."""

    def __init__(self, url, certificate):
        self.url = url
        self.context = ssl.create_default_context(cafile=str(certificate))

    def __call__(self, method, path, body=None, user=None, token=None, form=None, headers=None):
        headers = dict(headers or {})
        if user:
            headers["Authorization"] = "Basic " + base64.b64encode(user.encode()).decode()
        if token:
            headers["Authorization"] = f"Bearer {token}"
        data = None
        if form is not None:
            data = urllib.parse.urlencode(form).encode()
        elif body is not None:
            headers["Content-Type"] = "application/scim+json"
            data = json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, method=method, data=data, headers=headers)
        try:
            answer = urllib.request.urlopen(request, context=self.context, timeout=60)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read()
        return answer.status, json.loads(text) if text else None, answer.headers


@pytest.fixture
def server(own_server):
    url, certificate, process = own_server()
    client = Client(url, certificate)
    client.process = process
    return client


ADMIN = "admin:s3cret-s3cret"
STORE = ("--store", "remote/directory.sqlite")


def stop(process):
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)
    return out + err


def files(folder):
    return [p for p in folder.rglob("*") if p.is_file()]


def test_a_token_lives_and_dies_beside_a_running_server(rollcall, server):
    made = rollcall("serve", "token", "create", "payroll", "--scope", "users:read", *STORE)
    token = made.stdout.strip()
    assert token.startswith("rct_") and token not in made.stderr
    status, people, _ = server("GET", "/scim2/Users", token=token)
    assert status == 200 and people["totalResults"] == 1

    status, error, headers = server("POST", "/scim2/Users", {"userName": "ann"}, token=token)
    assert status == 403 and error["schemas"] == SCIM_ERROR and error["status"] == "403"
    assert 'error="insufficient_scope"' in headers["WWW-Authenticate"]

    listed = rollcall("serve", "token", "list", *STORE).stdout
    assert "payroll" in listed and "users:read" in listed and token not in listed
    assert rollcall.json("serve", "token", "list", *STORE)[0]["scopes"] == ["users:read"]

    rollcall("serve", "token", "revoke", "payroll", *STORE)
    status, error, headers = server("GET", "/scim2/Users", token=token)
    assert status == 401 and error["schemas"] == SCIM_ERROR
    assert 'error="invalid_token"' in headers["WWW-Authenticate"]
    assert rollcall("serve", "token", "list", *STORE).stdout == ""


@pytest.mark.parametrize("arguments", [
    ["create", "x"], ["create", "x", "--scope", "users:fly"], ["create", "x", "--scope", "admin", "--expires", "soon"],
    ["create", "a b", "--scope", "admin"], ["revoke", "nobody"]])
def test_mistakes_with_tokens_get_one_clear_error(rollcall, arguments):
    done = rollcall("serve", "token", *arguments, expect=64)
    assert done.stderr.startswith("error: ") and done.stdout == ""


def test_a_name_is_taken_once(rollcall):
    rollcall("serve", "token", "create", "ci", "--scope", "scim:read", "--expires", "90d")
    assert "already" in rollcall("serve", "token", "create", "ci", "--scope", "scim:read", expect=64).stderr
    # The option stands before the subcommand as well as behind it.
    assert rollcall("serve", "--store", "other.sqlite", "token", "list").stdout == ""


def test_an_application_gets_asks_about_and_revokes_its_token(rollcall, server):
    application = {
        "name": "payroll",
        "inbound": {"openidconnect": {
            "clientId": "payroll", "clientSecret": "client-canary", "grantTypes": ["client_credentials"],
            "scopes": ["users:read", "users:write"], "accessTokenLifetime": "5m"}}}
    status, created, _ = server("POST", "/scim2/ServiceProviders", application, user=ADMIN)
    assert status == 201 and "client-canary" not in json.dumps(created)

    grant = {"grant_type": "client_credentials", "scope": "users:read groups:read"}
    status, answer, headers = server("POST", "/oauth2/token", form=grant, user="payroll:client-canary")
    assert status == 200 and headers["Cache-Control"] == "no-store"
    assert answer["scope"] == "users:read" and answer["expires_in"] == 300
    token = answer["access_token"]
    assert server("GET", "/scim2/Users", token=token)[0] == 200
    assert server("GET", "/scim2/Groups", token=token)[0] == 403

    status, known, _ = server("POST", "/oauth2/introspect", form={"token": token}, user=ADMIN)
    assert status == 200 and known["active"] and known["client_id"] == "payroll"
    in_form = {"token": token, "client_id": "payroll", "client_secret": "client-canary"}
    assert server("POST", "/oauth2/revoke", form=in_form)[0] == 200
    assert server("GET", "/scim2/Users", token=token)[0] == 401
    assert server("POST", "/oauth2/introspect", form={"token": token}, user=ADMIN)[1] == {"active": False}

    status, error, headers = server("POST", "/oauth2/token", form=grant, user="payroll:wrong")
    assert status == 401 and error["error"] == "invalid_client" and headers["WWW-Authenticate"].startswith("Basic")


def test_a_password_changed_on_the_command_line_counts_at_once(rollcall, server):
    assert server("GET", "/scim2/Me", user=ADMIN)[0] == 200
    rollcall("serve", "passwd", "admin", *STORE, stdin="another one\n")
    assert server("GET", "/scim2/Me", user=ADMIN)[0] == 401
    assert server("GET", "/scim2/Me", user="admin:another one")[0] == 200

    for password in ["", "short\n"]:
        done = rollcall("serve", "passwd", "admin", *STORE, stdin=password, expect=64)
        assert done.stderr.startswith("error: ") and "short" not in done.stderr
    assert "nobody" in rollcall("serve", "passwd", "nobody", *STORE, stdin="long enough\n", expect=64).stderr
    rollcall.env["NEW_PASSWORD"] = "from the environment"
    rollcall("serve", "passwd", "admin", "--password-env", "NEW_PASSWORD", *STORE)
    assert server("GET", "/scim2/Me", user="admin:from the environment")[0] == 200


def test_the_well_known_password_is_for_a_first_try(rollcall):
    process = rollcall.start("serve", "--port", "0", "--store", "first.sqlite")
    assert process.stdout.readline().startswith("ready ")
    assert "rollcall serve passwd admin" in stop(process)
    refused = rollcall("serve", "--host", "0.0.0.0", "--port", "0", "--store", "first.sqlite", expect=64)
    assert "rollcall serve passwd admin" in refused.stderr
    rollcall("serve", "passwd", "admin", "--store", "first.sqlite", stdin="no longer known\n")
    process = rollcall.start("serve", "--host", "0.0.0.0", "--port", "0", "--store", "first.sqlite")
    assert process.stdout.readline().startswith("ready ")
    assert "warning" not in stop(process)


def test_the_password_policy_holds_for_every_protocol(rollcall):
    rollcall.write("known.txt", "Password123\nhunter2222\n")
    rollcall.write("rollcall.yaml", "password-min-length: 8\nrefused-passwords: known.txt\n")
    rollcall.env["FIRST"] = "abc123"
    refused = rollcall(
        "serve", "--port", "0", "--admin-password-env", "FIRST", "--password-pattern", ".*[0-9].*", expect=64)
    assert "at least 8 characters" in refused.stderr and "abc123" not in refused.stderr
    rollcall.env["FIRST"] = "password-2026"
    process = rollcall.start(
        "serve", "--port", "0", "--store", "remote/directory.sqlite", "--admin-password-env", "FIRST",
        "--password-pattern", ".*[0-9].*")
    client = Client(process.stdout.readline().split()[1], rollcall.folder / "remote/tls-certificate.pem")
    try:
        for password, reason in [
                ("abc1234", "at least 8"), ("abcdefgh", "pattern"), ("PASSWORD123", "everybody knows"),
                ("ann-2026", "user name"), ("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA", "hash")]:
            body = {"userName": "ann-2026", "password": password}
            status, error, _ = client("POST", "/scim2/Users", body, user="admin:password-2026")
            assert (status, error["scimType"]) == (400, "invalidValue")
            assert reason in error["detail"] and password not in error["detail"]
        body = {"userName": "ann-2026", "password": "fine 2026"}
        assert client("POST", "/scim2/Users", body, user="admin:password-2026")[0] == 201
        change = {"schemas": PATCH, "Operations": [{"op": "replace", "path": "password", "value": "short1"}]}
        assert client("PATCH", "/scim2/Me", change, user="ann-2026:fine 2026")[0] == 400
        change["Operations"][0]["value"] = "finer 2026"
        assert client("PATCH", "/scim2/Me", change, user="ann-2026:fine 2026")[0] == 200
        change["Operations"][0] = {"op": "replace", "path": "userName", "value": "admin2"}
        assert client("PATCH", "/scim2/Me", change, user="ann-2026:finer 2026")[0] == 403
    finally:
        stop(process)


@pytest.mark.parametrize("options", [
    ["--password-min-length", "0"], ["--password-pattern", "["], ["--refused-passwords", "nowhere"],
    ["--trusted-proxy", "proxy"], ["--login-attempts", "0"]])
def test_options_that_cannot_be_are_refused(rollcall, options):
    assert rollcall("serve", "--port", "0", *options, expect=64).stderr.startswith("error: ")


@pytest.mark.parametrize("options", [
    ["--host", "0.0.0.0"], ["--public-url", "https://id.example.com"], ["--trusted-proxy", "127.0.0.1"]])
def test_the_password_that_everybody_knows_is_for_this_machine(rollcall, options):
    said = rollcall("serve", "--port", "0", *options, expect=64)
    assert "there is no admin yet" in said.stderr and "--admin-password-env" in said.stderr and said.stdout == ""
    process = rollcall.start("serve", "--port", "0", "--public-url", "https://localhost")
    assert process.stdout.readline().startswith("ready ")
    assert "admin has the password admin" in stop(process)
    said = rollcall("serve", "--port", "0", *options, expect=64)
    assert "admin must not have the password admin" in said.stderr and said.stdout == ""


def test_guessing_is_slowed_down_and_recorded(rollcall, server):
    for guess in range(5):
        assert server("GET", "/scim2/Me", user=f"admin:guess-canary-{guess}")[0] == 401
    status, error, headers = server("GET", "/scim2/Me", user=ADMIN)
    assert status == 429 and error["schemas"] == SCIM_ERROR and int(headers["Retry-After"]) >= 1
    lines = rollcall("serve", "audit", *STORE).stdout.splitlines()
    assert sum("user:admin  127.0.0.1  login refused" in line for line in lines) == 5
    assert sum("too many had failed" in line for line in lines) == 1
    assert "event=loginRefused" in stop(server.process)


def test_the_audit_tells_who_changed_what(rollcall, server):
    token = rollcall("serve", "token", "create", "hr", "--scope", "users:write", *STORE).stdout.strip()
    _, ann, _ = server("POST", "/scim2/Users", {"userName": "ann", "password": "canary-1"}, token=token)
    change = {"schemas": PATCH, "Operations": [
        {"op": "replace", "value": {"title": "Dr", "password": "canary-2"}}]}
    assert server("PATCH", f"/scim2/Users/{ann['id']}", change, user=ADMIN)[0] == 200
    assert server("DELETE", f"/scim2/Users/{ann['id']}", token=token)[0] == 204

    entries = rollcall.json("serve", "audit", "--id", ann["id"], *STORE)
    assert [(e["action"], e["actor"], e["address"]) for e in entries] == [
        ("create", "token:hr", "127.0.0.1"), ("update", "user:admin", "127.0.0.1"),
        ("delete", "token:hr", "127.0.0.1")]
    assert entries[1]["before"].get("title") is None and entries[1]["after"]["title"] == "Dr"
    assert entries[1]["changesPassword"] is True
    text = rollcall("serve", "audit", *STORE).stdout
    assert 'title "Dr" instead of nothing, a new password' in text
    assert "token created for hr: users:write" in text
    assert "canary" not in text and token not in text
    assert rollcall.json("serve", "audit", "--type", "Group", *STORE) == []
    assert len(rollcall.json("serve", "audit", "--since", "1h", "--type", "user", *STORE)) == 4
    assert rollcall.json("serve", "audit", "--since", "2999-01-01", *STORE) == []
    assert rollcall.json("serve", "audit", "--until", "1h", *STORE) == []
    assert len(rollcall.json("serve", "audit", "--until", "2999-01-01", "--type", "user", *STORE)) == 4
    assert rollcall.json("serve", "audit", "--actor", "nobody", *STORE) == []
    assert {e["actor"] for e in rollcall.json("serve", "audit", "--actor", "USER:ADMIN", *STORE)} == {"user:admin"}
    assert "--until" in rollcall("serve", "audit", "--until", "soon", *STORE, expect=64).stderr
    assert "--since" in rollcall("serve", "audit", "--since", "soon", *STORE, expect=64).stderr


def test_only_a_trusted_proxy_tells_where_a_request_comes_from(rollcall):
    rollcall.env["FIRST"] = "s3cret-s3cret"
    for options, seen in [([], "127.0.0.1"), (["--trusted-proxy", "127.0.0.1"], "192.0.2.7")]:
        process = rollcall.start(
            "serve", "--port", "0", "--store", f"{seen}/directory.sqlite", "--admin-password-env", "FIRST", *options)
        client = Client(process.stdout.readline().split()[1], rollcall.folder / seen / "tls-certificate.pem")
        forwarded = {"X-Forwarded-For": "10.9.9.9, 192.0.2.7"}
        assert client("POST", "/scim2/Users", {"userName": "ann"}, user=ADMIN, headers=forwarded)[0] == 201
        log = stop(process)
        assert f"peer={seen}" in log
        entries = rollcall.json("serve", "audit", "--store", f"{seen}/directory.sqlite")
        assert [entry for entry in entries if entry["action"] == "create"][-1]["address"] == seen


def test_no_secret_is_anywhere(rollcall, server):
    """Every secret that passes through the server is looked for in its files, its log and the output of every command."""
    outputs = []
    made = rollcall("serve", "token", "create", "ci", "--scope", "admin", *STORE)
    token = made.stdout.strip()
    outputs.append(made.stderr)
    application = {
        "name": "app",
        "inbound": {"openidconnect": {
            "clientId": "app", "clientSecret": "secret-canary-client", "grantTypes": ["client_credentials"],
            "scopes": ["users:read"]}}}
    outputs.append(json.dumps(server("POST", "/scim2/ServiceProviders", application, token=token)[1]))
    person = {"userName": "ann", "password": "secret-canary-user"}
    outputs.append(json.dumps(server("POST", "/scim2/Users", person, token=token)[1]))
    grant = {"grant_type": "client_credentials"}
    access = server("POST", "/oauth2/token", form=grant, user="app:secret-canary-client")[1]["access_token"]
    assert server("GET", "/scim2/Users", token=access)[0] == 200
    assert server("GET", "/scim2/Me", user="ann:secret-canary-user")[0] == 200
    outputs += [json.dumps(server("GET", "/scim2/Me", user="ann:secret-canary-wrong")[1])]
    outputs += [json.dumps(server("GET", "/scim2/Users", token="rct_secret-canary-token")[1])]
    outputs.append(json.dumps(server("POST", "/oauth2/introspect", form={"token": access}, token=token)[1]))
    outputs.append(rollcall("serve", "passwd", "ann", *STORE, stdin="secret-canary-new\n").stderr)
    outputs.append(rollcall("serve", "token", "list", *STORE).stdout)
    outputs.append(rollcall("serve", "audit", *STORE).stdout)
    outputs.append(rollcall("serve", "audit", "-o", "json", *STORE).stdout)
    outputs.append(stop(server.process))
    kept = b"".join(file.read_bytes() for file in files(rollcall.folder / "remote"))
    assert b"ann" in kept and b"$argon2id$" in kept, "the files are those of the server"
    for secret in ["secret-canary", token, access, "s3cret-s3cret"]:
        assert secret.encode() not in kept, f"{secret} stands in a file"
        for output in outputs:
            assert secret not in output, f"{secret} in {output}"
    assert os.stat(rollcall.folder / "remote/directory.sqlite").st_mode & 0o077 == 0
