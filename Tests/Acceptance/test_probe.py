"""What a probe of endpoints finds out, and what a plan says of things that end soon."""

import base64
import email.utils
import http.server
import json
import subprocess
import threading
import time

import pytest
from conftest import endpoint, user


def certificate(folder, days):
    """A certificate for localhost that signs itself, and its key."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", str(days),
         "-subj", "/CN=localhost/O=Short", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "cert.pem")], check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


def test_a_server_of_our_own(rollcall, own_server):
    url, ca, _ = own_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/e.yaml", endpoint(f"{url}/scim2", extra=f"  tls: {{caFile: {ca}}}\n"))
    text = rollcall("probe").stdout
    assert "accepted, as admin" in text and "TLS 1.3" in text and "Usable: 1 server." in text
    report = rollcall.json("probe", "remote")
    (remote,) = report["endpoints"]
    assert remote["reachable"] and remote["capabilities"]["patch"] and remote["clockSkewSeconds"] == 0
    assert {"User", "Group"} <= set(remote["resourceTypes"])
    assert remote["expiries"][0]["daysLeft"] > 30
    assert report["findings"] == [] and report["exit"] == 0

    rollcall.env["REMOTE_PASSWORD"] = "canary-canary"
    done = rollcall("probe", "-o", "json", expect=7)
    assert json.loads(done.stdout)["endpoints"][0]["credentials"] == "refused"
    assert "canary" not in done.stdout + done.stderr
    del rollcall.env["REMOTE_PASSWORD"]
    assert "REMOTE_PASSWORD is not set" in rollcall("probe", expect=7).stdout


def test_a_certificate_that_is_not_trusted_is_shown(rollcall, own_server):
    url, _, _ = own_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/e.yaml", endpoint(f"{url}/scim2"))
    (remote,) = rollcall.json("probe", expect=7)["endpoints"]
    assert not remote["reachable"] and remote["credentials"] == "untested"
    assert remote["tls"]["validUntil"]


def test_what_ends_soon(rollcall, own_server):
    cert, key = certificate(rollcall.folder, days=5)
    url, _, _ = own_server(arguments=("--tls-cert", str(cert), "--tls-key", str(key)))
    rollcall.env["REMOTE_PASSWORD"] = "s3cret-s3cret"
    rollcall.write("manifests/e.yaml", endpoint(f"{url}/scim2", extra=f"  tls: {{caFile: {cert}}}\n"))
    rollcall.write("manifests/people.yaml", user("alice"))
    report = rollcall.json("probe")
    assert [f["severity"] for f in report["findings"]] == ["error", "error"]
    assert "ends in 4 days" in report["findings"][0]["message"]
    rollcall("probe", "--detailed-exitcode", expect=2)
    plan = rollcall.json("plan")
    assert [(d["code"], d["severity"], d["file"]) for d in plan["diagnostics"]] == [
        ("M100", "warning", "manifests/e.yaml")] * 2
    assert "warning[M100]: the certificate of Endpoint/remote" in rollcall("apply", "--yes").stdout
    rollcall.json("plan", "--detailed-exitcode")


def test_a_token_that_says_when_it_ends(rollcall, scim_server):
    server = scim_server()
    payload = base64.urlsafe_b64encode(json.dumps({"exp": time.time() + 10.5 * 86400}).encode()).decode().rstrip("=")
    rollcall.env["TOKEN"] = f"e30.{payload}.c2ln"
    rollcall.write(
        "manifests/e.yaml", endpoint(server.url).replace("basic: {username: admin, password: {env: REMOTE_PASSWORD}}",
                                                         "bearer: {token: {env: TOKEN}, expiresAt: 2099-01-01}"))
    done = rollcall("probe", "-o", "json", expect=7)
    (remote,) = json.loads(done.stdout)["endpoints"]
    assert remote["credentials"] == "refused"
    assert [(e["subject"], e["daysLeft"], e["severity"]) for e in remote["expiries"]] == [("token", 10, "warning")]
    assert payload not in done.stdout


@pytest.fixture
def late_server():
    """Answers 401 to everything, with a clock that is an hour behind."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response_only(401)
            self.send_header("Date", email.utils.formatdate(time.time() - 3600, usegmt=True))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_clock_that_is_late(rollcall, late_server):
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/e.yaml", endpoint(late_server))
    report = rollcall.json("probe", expect=7)
    assert any("behind this machine's" in f["message"] and f["severity"] == "error" for f in report["findings"])


def test_names_and_formats(rollcall):
    rollcall.write("manifests/e.yaml", endpoint("https://idp.example/scim2"))
    assert "there is remote" in rollcall("probe", "nowhere", expect=64).stderr
    assert "one of text, json" in rollcall("probe", "-o", "csv", expect=64).stderr
