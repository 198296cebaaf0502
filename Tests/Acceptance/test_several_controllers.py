"""Three controllers that share a state in PostgreSQL, over endpoints that are not ours and fail now and then."""

import re
import time

import pytest
from test_postgresql import DATABASE_PASSWORD, database  # a fixture

NAMES = ["one", "two", "three"]
USERS = 12


def manifests(servers, generation):
    """An endpoint for each server, with people of its own."""
    text = ""
    for name, server in servers.items():
        text += f"""---
apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: {name}}}
spec:
  type: scim2
  url: {server.url}
  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
  interval: 3s
  limits: {{concurrency: 1}}
  scope: {{selector: {{matchLabels: {{at: {name}}}}}}}
"""
        for number in range(USERS * generation):
            text += f"""---
apiVersion: rollcall/v1
kind: User
metadata: {{name: {name}-{number:02}, labels: {{at: {name}}}}}
spec: {{userName: {name}-{number:02}}}
"""
    return text[4:]


@pytest.fixture
def servers(scim_server):
    return {name: scim_server(delay=0.1, fault="503:9") for name in NAMES}


@pytest.fixture
def controllers(rollcall, servers, database):
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.env["ROLLCALL_STATE"] = database.address
    rollcall.write("manifests/all.yaml", manifests(servers, 1))
    started = [
        rollcall.start("run", "--socket", f"{number}.sock", "--lease-duration", "3s") for number in range(3)]
    yield started
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def eventually(check):
    end = time.monotonic() + 180
    while not check():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.2)


def names(server):
    """With repetitions, if there are any. A request of ours that meets the server's fault is asked again."""
    for _ in range(5):
        try:
            found = server.call("GET", "/Users?count=1000").get("Resources", [])
            return sorted(user["userName"] for user in found)
        except OSError:
            continue
    return []


def expected(name, generation):
    return [f"{name}-{number:02}" for number in range(USERS * generation)]


def converged(servers, generation):
    return all(names(server) == expected(name, generation) for name, server in servers.items())


def test_a_killed_controller_and_a_lost_database_cost_nothing(rollcall, servers, database, controllers):
    eventually(lambda: sum(len(server.writes()) for server in servers.values()) > 4)
    controllers[0].kill()
    eventually(lambda: converged(servers, 1))

    rollcall.write("manifests/all.yaml", manifests(servers, 2))
    eventually(lambda: any(len(names(server)) > USERS for server in servers.values()))
    database.stop()
    time.sleep(2)
    database.start()
    eventually(lambda: converged(servers, 2))

    eventually(lambda: all(
        re.search(rf"^{name} +ready", rollcall("status", "--socket", "1.sock", expect=None).stdout, re.M)
        for name in NAMES))
    for process in controllers[1:]:
        process.terminate()
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
        assert DATABASE_PASSWORD not in out + err
    assert rollcall.json("plan")["changes"] == []
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")
