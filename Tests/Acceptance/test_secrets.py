"""Secrets from everywhere: what endpoints and users need is found, and shown nowhere."""

import http.server
import json
import threading

import pytest
from conftest import user

CANARY = "canary-value"


@pytest.fixture
def vault():
    """KV version 2 of HashiCorp Vault, as its API documentation has it: one secret, for one token."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            allowed = self.headers.get("X-Vault-Token") == f"hvs.{CANARY}" and self.headers.get("X-Vault-Request") == "true"
            if not allowed:
                return self.answer(403, {"errors": ["permission denied"]})
            if self.path != "/v1/secret/data/people":
                return self.answer(404, {"errors": []})
            values = {"remote": "s3cret", "alice": f"{CANARY}-alice", "bob": f"{CANARY}-bob"}
            self.answer(200, {"request_id": "1", "data": {"data": values, "metadata": {"version": 1, "destroyed": False}}})

        def answer(self, status, body):
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked = asked
    yield server
    server.shutdown()


def remote(url, secret):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: remote}}
spec: {{type: scim2, url: "{url}", auth: {{basic: {{username: admin, password: {secret}}}}}}}
"""


def kept(rollcall, *runs):
    """Everything that a run showed and left behind."""
    files = [file.read_text(errors="replace") for file in (rollcall.folder / ".rollcall").rglob("*") if file.is_file()]
    return "".join([run.stdout + run.stderr for run in runs] + files)


def test_vault(rollcall, scim_server, vault):
    server = scim_server()
    rollcall.env |= {"VAULT_ADDR": f"http://127.0.0.1:{vault.server_port}", "VAULT_TOKEN": f"hvs.{CANARY}"}
    rollcall.write("manifests/remote.yaml", remote(server.url, "{vault: {path: secret/data/people, key: remote}}"))
    rollcall.write("manifests/people.yaml", "".join(
        user(name, password=f"{{vault: {{path: secret/data/people, key: {name}}}}}") for name in ("alice", "bob")))
    validated = rollcall("validate")
    assert vault.asked == []
    planned = rollcall("plan", "--out", "plan.json", "-v")
    applied = rollcall("apply", "plan.json", "-v")
    assert len(server.users()) == 2
    # One request a run: one for the plan, one for the apply.
    assert vault.asked == ["/v1/secret/data/people"] * 2
    assert CANARY not in kept(rollcall, validated, planned, applied) + (rollcall.folder / "plan.json").read_text()


@pytest.mark.parametrize(("setting", "value", "told"), [
    ("VAULT_TOKEN", "hvs.wrong", "permission denied"), ("VAULT_ADDR", "", "VAULT_ADDR"),
    ("VAULT_ADDR", "http://127.0.0.1:9", "Vault at http://127.0.0.1:9"),
    ("VAULT_ADDR", "http://vault.example:8200", "plain http"), ("VAULT_CACERT", "nowhere.pem", "nowhere.pem"),
])
def test_vault_that_does_not_answer(rollcall, scim_server, vault, setting, value, told):
    rollcall.env |= {"VAULT_ADDR": f"http://127.0.0.1:{vault.server_port}", "VAULT_TOKEN": f"hvs.{CANARY}"}
    rollcall.env[setting] = value
    rollcall.write("manifests/remote.yaml", remote(
        scim_server().url, "{vault: {path: secret/data/people, key: remote}}"))
    done = rollcall("plan", expect=7)
    assert told in done.stdout and "hvs." not in done.stdout + done.stderr


def test_sops(rollcall, scim_server):
    """With a stand-in for the program `sops`, which takes what sops takes."""
    server = scim_server()
    program = rollcall.write("bin/sops", """#!/bin/sh
[ "$1 $2 $3" = "--decrypt --output-type json" ] && [ -r "$4" ] || exit 2
echo '{"remote": {"password": "s3cret"}}'
""")
    program.chmod(0o755)
    rollcall.write("manifests/secrets/remote.enc.yaml.txt", "remote: ENC[AES256_GCM,data:x]\n")
    rollcall.write("manifests/remote.yaml", remote(
        server.url, "{sops: secrets/remote.enc.yaml.txt, key: remote.password}"))
    rollcall.write("manifests/people.yaml", user("alice"))
    assert "the program sops is not on the PATH" in rollcall("plan", expect=7).stdout
    rollcall.env["PATH"] = f"{rollcall.folder}/bin:{rollcall.env['PATH']}"
    rollcall("apply", "--yes")
    assert set(server.users()) == {"alice@corp.example"}
