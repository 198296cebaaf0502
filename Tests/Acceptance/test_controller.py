"""The controller, driven as an operator drives it, over an endpoint that is not ours."""

import json
import re
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest


def endpoint(url, drift="correct", interval="10m", more=""):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: remote}}
spec:
  type: scim2
  url: {url}
  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
  drift: {drift}
  interval: {interval}{more}
"""


def user(name, title="Engineer", metadata=""):
    return f"""---
apiVersion: rollcall/v1
kind: User
metadata: {{name: {name}{metadata}}}
spec: {{userName: {name}, title: {title}}}
"""


class Controller:
    """`rollcall run` in the folder of `rollcall`, with its socket and a port."""

    def __init__(self, rollcall, *arguments):
        self.rollcall = rollcall
        self.process = rollcall.start("run", "--prune", "--listen", "127.0.0.1:0", *arguments)
        lines = [self.process.stdout.readline() for _ in range(2)]
        self.url = next((m[1] for m in (re.match(r"ready (http\S+)", line) for line in lines) if m), None)
        assert self.url, f"run did not start: {lines} {self.process.stderr.read() if self.process.poll() is not None else ''}"

    def status(self):
        """By endpoint."""
        done = self.rollcall("status", "-o", "json", expect=None)
        return {s["endpoint"]: s for s in json.loads(done.stdout)["endpoints"]}

    def condition(self, kind, name="remote"):
        """Of an endpoint that the controller does not know yet, nothing is true."""
        conditions = self.status().get(name, {}).get("conditions", [])
        return next((c for c in conditions if c["type"] == kind), {"status": False, "reason": ""})

    def wait(self, check):
        """Until the check holds; however slow the machine is."""
        end = time.monotonic() + 180
        while time.monotonic() < end:
            if check():
                return
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.1)
        raise AssertionError("it did not come to that")

    def get(self, path, token=None):
        request = urllib.request.Request(
            self.url + path, headers={} if token is None else {"Authorization": f"Bearer {token}"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return self.process.returncode


@pytest.fixture
def run(rollcall):
    started = []
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"

    def start(*arguments):
        controller = Controller(rollcall, *arguments)
        started.append(controller)
        return controller

    yield start
    for controller in started:
        if controller.process.poll() is None:
            controller.process.kill()
            controller.process.wait()


def test_a_day_with_the_controller(rollcall, scim_server, run):
    server = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}") for i in range(40)))
    controller = run()
    controller.wait(lambda: controller.condition("Ready")["status"])
    assert len(server.users()) == 40
    assert "ready" in rollcall("status").stdout

    # An out-of-band change is put right when somebody asks for a pass.
    bob = server.users()["user7"]
    server.call("PATCH", f"/Users/{bob['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    rollcall("reconcile", "remote", "--wait", "3m")
    assert server.users()["user7"]["title"] == "Engineer"

    # A suspended endpoint is left alone, whatever the manifests say.
    rollcall("suspend", "remote", "--reason", "audit")
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}", "Manager") for i in range(40)))
    server.forget_requests()
    controller.wait(lambda: controller.condition("Suspended")["status"])
    assert "audit" in rollcall("status").stdout
    time.sleep(2.5)
    assert server.requests() == []
    rollcall("resume", "remote")
    controller.wait(lambda: server.users()["user7"]["title"] == "Manager")

    # Half of the manifests are deleted by accident: nothing happens until somebody says that it is meant.
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}", "Manager") for i in range(21)))
    controller.wait(lambda: controller.condition("Quarantined")["status"])
    assert all(u.get("active", True) for u in server.users().values())
    status = rollcall("status", expect=2).stdout
    plan = re.search(r"rollcall approve remote --plan (\w+)", status)[1]
    assert rollcall("approve", "remote", "--plan", "00000000", expect=4)
    rollcall("approve", "remote", "--plan", plan)
    controller.wait(lambda: sum(u.get("active", True) for u in server.users().values()) == 21)
    controller.wait(lambda: controller.condition("Ready")["status"])

    # Faulty manifests leave the last good state in force.
    rollcall.write("manifests/people.yaml", "kind: [")
    controller.wait(lambda: "the manifests have an error" in rollcall("status").stdout)
    assert controller.stop() == 0
    assert not (rollcall.folder / ".rollcall/controller.sock").exists()


def test_a_resource_may_have_a_drift_policy_of_its_own(rollcall, scim_server, run):
    server = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice") + user("bob", metadata=", drift: report"))
    controller = run()
    controller.wait(lambda: controller.condition("Ready")["status"])
    for person in server.users().values():
        server.call("PATCH", f"/Users/{person['id']}", {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    rollcall("reconcile", "--wait", "3m")
    assert {n: u["title"] for n, u in server.users().items()} == {"alice": "Engineer", "bob": "Intern"}
    assert controller.condition("Ready")["reason"] == "DriftReported"
    assert controller.stop() == 0


def test_an_outage_ends_by_itself(rollcall, scim_server, run):
    server = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice"))
    rollcall.env["REMOTE_PASSWORD"] = "wrong"
    controller = run()
    controller.wait(lambda: controller.condition("Stalled")["status"])
    assert controller.condition("Ready")["reason"] == "CredentialsRefused"
    server.stop()
    rollcall("reconcile")
    controller.wait(lambda: controller.condition("Ready")["reason"] == "Unreachable")
    assert controller.condition("Reconciling")["status"]
    assert "wrong" not in rollcall("status", expect=2).stdout
    assert controller.stop() == 0


def test_a_state_that_was_removed_stops_all_changes(rollcall, scim_server, run):
    server = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice"))
    controller = run()
    controller.wait(lambda: controller.condition("Ready")["status"])
    for file in (rollcall.folder / ".rollcall").glob("state.sqlite*"):
        file.unlink()
    rollcall.write("manifests/people.yaml", user("alice") + user("bob"))
    controller.wait(lambda: controller.condition("Ready")["reason"] == "StateUnavailable")
    assert set(server.users()) == {"alice"}
    status = rollcall("status", expect=2)
    assert "state.sqlite was removed while it was in use" in status.stdout
    assert "the state store cannot be reached" in status.stderr
    assert controller.get("/health/ready")[0] == 503
    assert not list((rollcall.folder / ".rollcall").glob("state.sqlite*"))


def test_health_metrics_and_api(rollcall, run):
    rollcall.write("manifests/people.yaml", user("alice"))
    rollcall.env["API_TOKEN"] = "t0ken-of-the-api"
    controller = run("--api-token-env", "API_TOKEN")
    controller.wait(lambda: controller.get("/health/ready")[0] == 200)
    controller.wait(lambda: controller.condition("Ready", "local")["status"])
    status, metrics = controller.get("/metrics")
    assert status == 200
    assert 'rollcall_endpoint_condition{endpoint="local",condition="Ready"} 1' in metrics
    assert 'rollcall_passes_total{endpoint="local",result="applied"} 1' in metrics
    assert 'rollcall_changes_total{endpoint="local",action="create",outcome="applied"} 1' in metrics
    assert controller.get("/api/status")[0] == 401
    assert controller.get("/api/status", "other")[0] == 401
    assert json.loads(controller.get("/api/status", "t0ken-of-the-api")[1])["endpoints"][0]["endpoint"] == "local"
    done = rollcall("status", "--server", controller.url, "--api-token-env", "API_TOKEN")
    assert "local" in done.stdout and "t0ken" not in done.stdout + done.stderr
    assert controller.stop() == 0


def test_without_a_controller(rollcall):
    assert "no controller answers" in rollcall("status", expect=7).stderr
    assert "--api-token-env" in rollcall("status", "--server", "http://127.0.0.1:1", expect=64).stderr


def test_two_controllers_do_not_take_one_socket(rollcall, run):
    rollcall.write("manifests/people.yaml", user("alice"))
    run()
    done = rollcall("run", expect=1)
    assert "another controller listens" in done.stderr


@pytest.mark.parametrize("listen", ["9464", "host:port", "127.0.0.1:70000"])
def test_an_address_that_is_none(rollcall, listen):
    rollcall.write("manifests/people.yaml", user("alice"))
    assert "--listen" in rollcall("run", "--listen", listen, expect=64).stderr


def test_an_idle_controller_is_small(rollcall, run):
    """With 1,000 managed users; the pages of the program itself are left out, which a build for debugging has many of."""
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}") for i in range(1000)))
    controller = run()
    controller.wait(lambda: controller.condition("Ready", "local")["status"])
    status = Path(f"/proc/{controller.process.pid}/status").read_text()
    assert int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) < 40_000
    assert controller.stop() == 0
