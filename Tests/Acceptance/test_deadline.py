"""`--deadline`: no call is begun after it, and what is left is reported as not done."""

import signal
import time

import pytest
from conftest import endpoint, user

PASSED = "the deadline of {} has passed"


@pytest.fixture
def people(rollcall, scim_server):
    """Two people for a server that takes one request at a time; answers what starts the server."""
    def start(**options):
        server = scim_server(**options)
        rollcall.env["REMOTE_PASSWORD"] = "s3cret"
        rollcall.write("manifests/endpoint.yaml", endpoint(server.url, extra="  limits: {concurrency: 1}\n"))
        rollcall.write("manifests/people.yaml", user("alice") + user("bob"))
        return server

    return start


@pytest.mark.parametrize("command", [
    ["plan"], ["drift"], ["apply", "--yes"], ["get", "users"], ["import", "remote"], ["explain", "User/alice"],
    ["why", "alice", "--endpoint", "remote"],
])
def test_reading_ends_at_the_deadline(rollcall, people, command):
    """Every read takes longer than the deadline, so there is no second one."""
    server = people(read_delay=1.5)
    done = rollcall(*command, "--deadline", "1s", expect=7)
    assert done.stderr.count(PASSED.format("1s") + ": no new call is begun") == 1
    assert len(server.requests()) <= 1
    assert not (rollcall.folder / "imported").exists()


def test_reports_say_that_the_deadline_has_passed(rollcall, people):
    people(read_delay=1.5)
    rollcall.env["ROLLCALL_DEADLINE"] = "1s"
    assert PASSED.format("1s") in rollcall.json("plan", expect=7)["reasons"]


def test_applying_ends_at_the_deadline(rollcall, people):
    """The first write outlasts the deadline: it is finished, and the second is not begun."""
    server = people(delay=12)
    report = rollcall.json("apply", "--yes", "--deadline", "10s", expect=6)
    assert sorted(change["outcome"] for change in report["changes"]) == ["applied", "cancelled"]
    assert PASSED.format("10s") in report["reasons"]
    assert len(server.writes()) == len(server.users()) == 1


def test_a_saved_plan_is_not_begun_when_an_endpoint_cannot_be_read(rollcall, people):
    server = people()
    rollcall("plan", "--out", "plan.json")
    server.stop()
    done = rollcall("apply", "plan.json", expect=7)
    assert "not read" in done.stdout and "changed since" not in done.stderr


@pytest.mark.parametrize("command", [["plan"], ["get", "users"], ["import", "remote"]])
def test_an_interrupted_read_is_told_by_the_exit_code(rollcall, people, command):
    server = people(read_delay=2)
    process = rollcall.start(*command)
    while not server.requests():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    output, error = process.communicate(timeout=60)
    assert process.returncode == 130, output + error
    assert len(server.requests()) == 1


@pytest.mark.parametrize("text", ["0s", "soon", "10", "366d"])
def test_what_is_no_deadline(rollcall, text):
    assert "--deadline" in rollcall("plan", "--deadline", text, expect=64).stderr


def test_a_deadline_that_is_not_reached_changes_nothing(rollcall):
    rollcall.write("manifests/people.yaml", user("alice"))
    rollcall.write("rollcall.yaml", "deadline: 1h\n")
    done = rollcall("apply", "--yes")
    assert "Applied: 1 change" in done.stdout and done.stderr == ""
