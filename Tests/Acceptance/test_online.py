"""`validate --online`: what only the endpoints can tell."""

from conftest import endpoint, group, user


def test_what_an_endpoint_cannot_hold(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice") + user("bob"))
    rollcall.write("manifests/more.yaml", user("carol", extensions='{"urn:example:badge": {number: 1}}'))
    rollcall.write(
        "manifests/roles.yaml",
        "apiVersion: rollcall/v1\nkind: Role\nmetadata: {name: r}\nspec: {displayName: r, members: [alice]}\n")
    report = rollcall.json("validate", "--online")
    found = {(d["code"], d["severity"], d["file"]) for d in report["diagnostics"]}
    assert found == {("M101", "warning", "manifests/more.yaml"), ("M101", "warning", "manifests/roles.yaml")}
    assert report["exit"] == 0
    assert server.writes() == []
    assert rollcall.json("validate")["diagnostics"] == []


def test_credentials_and_secrets(rollcall, scim_server):
    server = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice", password="{env: ALICE}"))
    rollcall.env["REMOTE_PASSWORD"] = "canary"
    rollcall.env["ALICE"] = "secret-canary"
    done = rollcall("validate", "--online", expect=7)
    assert "remote" in done.stdout and "canary" not in done.stdout + done.stderr
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall("validate", "--online")
    del rollcall.env["ALICE"]
    assert "M102" in rollcall("validate", "--online", expect=3).stdout
    rollcall.env["ALICE"] = "secret-canary"
    server.stop()
    assert rollcall.json("validate", "--online", expect=7)["reasons"]
    rollcall.write("manifests/bad.yaml", group("g", ["nobody"]))
    rollcall("validate", "--online", expect=3)
