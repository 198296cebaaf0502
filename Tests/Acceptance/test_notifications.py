"""Notifications, received by a server that is not ours and checked by the library of Standard Webhooks."""

import http.server
import json
import queue
import signal
import threading

import pytest
from conftest import endpoint, user
from standardwebhooks.webhooks import Webhook

SECRET = "whsec_Y2FuYXJ5LWNhbmFyeS1jYW5hcnk="


class Receiver:
    """What came in, in its order."""

    def __init__(self, url, messages):
        self.url, self.messages = url, messages

    def next(self, secret=SECRET):
        """The next message of /hook; its signature is checked."""
        path, headers, body = self.messages.get(timeout=60)
        assert path == "/hook"
        return Webhook(secret).verify(body, {name.lower(): value for name, value in headers.items()})

    def next_text(self):
        """The next message of /services/canary-path, as Slack takes it."""
        path, _, body = self.messages.get(timeout=60)
        assert path == "/services/canary-path"
        message = json.loads(body)
        assert set(message) == {"text"}
        return message["text"]


@pytest.fixture
def receiver():
    messages = queue.Queue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            refuses = self.path == "/refuses"
            if not refuses:
                messages.put((self.path, dict(self.headers), body.decode()))
            self.send_response(403 if refuses else 200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Receiver(f"http://127.0.0.1:{server.server_port}", messages)
    server.shutdown()


def notification(name, channel, extra=""):
    return f"""---
apiVersion: rollcall/v1
kind: Notification
metadata: {{name: {name}}}
spec:
  {channel}
  {extra}
"""


def webhook(receiver, path="/hook"):
    return f"webhook: {{url: \"{receiver.url}{path}\", secret: {{env: HOOK_SECRET}}}}"


@pytest.fixture
def channels(rollcall, receiver):
    rollcall.env |= {"HOOK_SECRET": SECRET, "SLACK_URL": f"{receiver.url}/services/canary-path"}
    return rollcall


def test_trying_a_channel(channels, receiver):
    channels.write("manifests/a.yaml", notification("hook", webhook(receiver)) + notification(
        "slack", "slack: {url: {env: SLACK_URL}}"))
    done = channels("notify")
    assert done.stdout == "hook: delivered\nslack: delivered\n"
    assert receiver.next()["type"] == "rollcall.test"
    assert "a test of the notification slack" in receiver.next_text()
    channels("notify", "slack")
    assert "slack" in receiver.next_text()
    assert "there is hook, slack" in channels("notify", "nobody", expect=64).stderr


def test_a_channel_that_does_not_take_it(channels, receiver):
    channels.env["SLACK_URL"] = f"{receiver.url}/refuses"
    channels.write("manifests/a.yaml", notification("slack", "slack: {url: {env: SLACK_URL}}"))
    refused = channels("notify", expect=7)
    assert "403" in refused.stderr and "/refuses" not in refused.stdout + refused.stderr
    del channels.env["SLACK_URL"]
    assert "SLACK_URL is not set" in channels("notify", expect=7).stderr


def test_drift_failure_and_their_end(channels, receiver, scim_server):
    server = scim_server()
    channels.env["REMOTE_PASSWORD"] = "s3cret"
    channels.write("manifests/remote.yaml", endpoint(server.url, extra="  drift: report\n  interval: 1s\n"))
    channels.write("manifests/people.yaml", user("alice", title="Engineer"))
    channels.write("manifests/notifications.yaml", notification("hook", webhook(receiver)) + notification(
        "oncall", "slack: {url: {env: SLACK_URL}}", "on: [failure]"))
    process = channels.start("run")
    try:
        while not server.users():
            assert process.poll() is None
        alice = server.users()["alice@corp.example"]
        server.call("PATCH", f"/Users/{alice['id']}", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "title", "value": "Intruder"}]})
        told = receiver.next()
        assert told["place"] == "remote" and told["formatVersion"] == 1
        assert [(item["news"], item["event"], item["subject"]) for item in told["items"]] == [("new", "drift", "User/alice")]
        channels.write("manifests/people.yaml", user("alice", title="Intruder"))
        assert [(item["news"], item["event"]) for item in receiver.next()["items"]] == [("recovered", "drift")]
        channels.write("manifests/people.yaml", "kind: [")
        # One look, two channels: each of the two hears of it.
        heard = sorted([receiver.messages.get(timeout=60) for _ in range(2)], key=lambda message: message[0])
        assert [path for path, _, _ in heard] == ["/hook", "/services/canary-path"]
        assert json.loads(heard[0][2])["items"][0]["subject"] == "ManifestsInvalid"
        assert "ManifestsInvalid" in json.loads(heard[1][2])["text"]
    finally:
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "notified" in log and "canary" not in log and SECRET not in log


def test_a_restart_is_silent_about_what_was_told(channels, receiver, scim_server):
    server = scim_server()
    channels.env["REMOTE_PASSWORD"] = "s3cret"
    channels.write("manifests/remote.yaml", endpoint(server.url, extra="  drift: report\n  interval: 1s\n"))
    channels.write("manifests/people.yaml", user("alice", title="Engineer"))
    channels.write("manifests/notifications.yaml", notification("hook", webhook(receiver)))
    channels("apply", "--yes")
    alice = server.users()["alice@corp.example"]
    server.call("PATCH", f"/Users/{alice['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intruder"}]})
    for start in range(2):
        process = channels.start("run")
        try:
            assert process.stdout.readline().startswith("ready ")
            if start == 0:
                assert [(item["news"], item["event"]) for item in receiver.next()["items"]] == [("new", "drift")]
            else:
                channels("reconcile", "--wait", "1m")
                channels("reconcile", "--wait", "1m")
                assert receiver.messages.empty()
                channels.write("manifests/people.yaml", user("alice", title="Intruder"))
                assert [(item["news"], item["event"]) for item in receiver.next()["items"]] == [("recovered", "drift")]
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
