"""Past runs: who did what, how it is taken back, and how tampering is found; and runs that meet at one endpoint."""

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import time

import pytest
from conftest import endpoint, group, user
from test_postgresql import DATABASE_PASSWORD, database  # a fixture


@pytest.fixture
def converged(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice", title="Engineer") + user("bob") + group("staff", ["alice"]))
    rollcall("apply", "--yes")
    return server


def runs(rollcall, *arguments):
    return rollcall.json("history", *arguments)["runs"]


def test_history_says_who_changed_what(rollcall, converged):
    rollcall.env["GITHUB_ACTOR"] = "octocat"
    rollcall.write("manifests/people.yaml", user("alice", title="Chief") + user("bob") + group("staff", ["bob"]))
    rollcall("apply", "--yes")
    second, first = runs(rollcall)
    assert (second["actor"], second["verb"], second["outcome"]) == ("octocat", "apply", "applied")
    assert first["actor"].count("@") == 1 and first["counts"]["applied"] == 3
    assert rollcall("history").stdout.splitlines()[0].startswith(second["run"])
    one = runs(rollcall, second["run"])[0]
    title = next(change for change in one["changes"] if change["name"] == "alice")["attributes"][0]
    assert (title["path"], title["before"], title["after"]) == ("title", "Engineer", "Chief")
    assert [run["run"] for run in runs(rollcall, "--person", "bob")] == [second["run"], first["run"]]
    assert [change["name"] for change in runs(rollcall, "--person", "bob")[0]["changes"]] == ["staff"]
    assert runs(rollcall, "--endpoint", "elsewhere") == [] and runs(rollcall, "--since", "2999-01-01") == []
    assert "Engineer" in rollcall("history", "--person", "alice").stdout
    assert rollcall("history", "-o", "csv").stdout.count("\n") == 3
    assert "no run" in rollcall("history", "nonsense", expect=64).stderr


def test_undo_takes_back_what_nobody_has_changed_since(rollcall, converged):
    rollcall.write("manifests/people.yaml", user("alice", title="Chief", nickName="Al") + user("carol") + group("staff", ["carol"]))
    rollcall("apply", "--yes")
    run = runs(rollcall)[0]["run"]
    alice = converged.users()["alice@corp.example"]
    converged.call("PATCH", f"/Users/{alice['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "nickName", "value": "Ally"}]})
    converged.forget_requests()
    assert "title" in rollcall("undo", run, "--dry-run").stdout
    assert rollcall.json("undo", run, "--dry-run")["verb"] == "undo"
    assert "--yes" in rollcall("undo", run, expect=64).stderr
    assert converged.writes() == []
    report = rollcall.json("undo", run, "--yes")
    assert report["verb"] == "undo"
    assert [(held["name"], held["reason"]) for held in report["withheld"]] == [("alice", "nickName was changed since")]
    users = converged.users()
    assert (users["alice@corp.example"]["title"], users["alice@corp.example"]["nickName"]) == ("Engineer", "Ally")
    assert "carol@corp.example" not in users
    assert [member["value"] for member in converged.groups()["Staff"]["members"]] == [alice["id"]]
    latest = runs(rollcall)[0]
    assert (latest["verb"], latest["undoes"]) == ("undo", run)
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")


def test_a_saved_undo_is_applied_as_long_as_it_holds(rollcall, converged):
    rollcall.write("manifests/people.yaml", user("alice", title="Chief") + user("carol") + group("staff", ["carol"]))
    rollcall("apply", "--yes")
    run = runs(rollcall)[0]["run"]
    converged.forget_requests()
    report = rollcall.json("undo", run, "--out", "undo.plan")
    assert report["summary"]["delete"] == 1 and converged.writes() == []
    assert json.loads((rollcall.folder / "undo.plan").read_text())["undoes"] == run
    report = rollcall.json("apply", "undo.plan")
    assert report["verb"] == "undo" and {change["outcome"] for change in report["changes"]} == {"applied"}
    assert converged.users()["alice@corp.example"]["title"] == "Engineer"
    assert "carol@corp.example" not in converged.users()
    assert (runs(rollcall)[0]["verb"], runs(rollcall)[0]["undoes"]) == ("undo", run)
    error = rollcall("apply", "undo.plan", expect=5).stderr
    assert "changed since" in error and f"rollcall undo {run} --out undo.plan" in error


def test_undo_is_stopped_by_the_same_guardrails(rollcall, converged):
    rollcall("undo", runs(rollcall)[0]["run"], "--yes", "--max-calls", "1", expect=4)
    assert len(converged.users()) == 2


def tamper(rollcall, *statements):
    with sqlite3.connect(rollcall.folder / ".rollcall/state.sqlite") as state:
        state.execute("DROP TRIGGER IF EXISTS journal_keep_lines")
        state.execute("DROP TRIGGER IF EXISTS journal_keep_all")
        for statement in statements:
            state.execute(statement)
    state.close()


def faults(rollcall, *arguments):
    report = rollcall.json("evidence", "verify", *arguments, expect=5)
    assert report["intact"] is False
    return [(fault["kind"], fault["from"], fault["to"]) for fault in report["faults"]]


def test_tampering_is_found_where_it_was_done(rollcall, converged):
    head = rollcall("evidence", "head").stdout.strip()
    lines = rollcall("evidence", "export").stdout.splitlines()
    # Anybody can check the chain without us.
    for before, line in zip(lines, lines[1:]):
        assert json.loads(line)["previous"] == hashlib.sha256(before.encode()).hexdigest()
    assert head == f"{len(lines)}:{hashlib.sha256(lines[-1].encode()).hexdigest()}"
    assert f"Up to line {len(lines)}" in rollcall("evidence", "verify", "--expect", head).stdout
    tamper(rollcall, "UPDATE journal SET document = replace(document, 'alice', 'mallory') WHERE sequence = 2")
    assert ("changed", 2, 2) in faults(rollcall)
    tamper(rollcall, "DELETE FROM journal WHERE sequence = 3")
    assert ("removed", 3, 3) in faults(rollcall)
    tamper(rollcall, f"DELETE FROM journal WHERE sequence >= {len(lines) - 1}")
    assert ("removed", len(lines) - 1, len(lines)) in faults(rollcall)
    tamper(rollcall, "DELETE FROM journal", "DELETE FROM journalHead")
    rollcall("evidence", "verify")
    assert faults(rollcall, "--expect", head) == [("rewritten", 0, 0)]


@pytest.mark.parametrize(
    "arguments", [["evidence", "verify"], ["evidence", "head"], ["history"], ["undo", "x"], ["drift", "list"]])
def test_a_state_that_is_not_there_is_no_empty_one(rollcall, arguments):
    said = rollcall(*arguments, "--state", "misspelt.sqlite", expect=64).stderr
    assert "there is no state at misspelt.sqlite" in said
    assert not (rollcall.folder / "misspelt.sqlite").exists()


# Runs that meet


@pytest.fixture
def slow(rollcall, scim_server):
    server = scim_server(delay=0.3)
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url, extra="  limits: {concurrency: 1}\n"))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{n:02}") for n in range(12)))
    return server


def begun(server, writes=2):
    """Waits for the run to be in the middle of its writing."""
    deadline = time.monotonic() + 60
    while len(server.writes()) < writes:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def created_once(server):
    names = [u["userName"] for u in server.call("GET", "/Users?count=1000").get("Resources", [])]
    assert sorted(names) == [f"user{n:02}@corp.example" for n in range(12)]


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_one_run_at_a_time(rollcall, slow, database, kind):
    if kind == "postgresql":
        rollcall.env["ROLLCALL_STATE"] = database.address
    first = rollcall.start("apply", "--yes")
    begun(slow)
    refused = rollcall("apply", "--yes", expect=5)
    assert "another run is at work: remote by" in refused.stderr and "(apply) since" in refused.stderr
    # Whoever only looks is let in.
    rollcall("plan")
    assert rollcall("apply", "--yes", "--lease-timeout", "2m").returncode == 0
    out, err = first.communicate(timeout=60)
    assert first.returncode == 0, out + err
    created_once(slow)
    assert len(slow.writes()) == 12
    assert DATABASE_PASSWORD not in out + err + refused.stderr


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_a_killed_run_is_not_waited_for(rollcall, slow, database, kind):
    if kind == "postgresql":
        rollcall.env["ROLLCALL_STATE"] = database.address
    first = rollcall.start("apply", "--yes")
    begun(slow)
    first.kill()
    first.wait()
    # What was on its way at the kill may arrive behind the next listing; then the run after that one adopts it.
    second = rollcall.start("apply", "--yes")
    out, err = second.communicate(timeout=60)
    assert second.returncode in (0, 6), out + err
    rollcall("apply", "--yes")
    created_once(slow)
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")
    assert runs(rollcall)[-1]["outcome"] is None


def test_a_run_that_sleeps_through_its_lease_writes_nothing_more(rollcall, slow, database):
    rollcall.env["ROLLCALL_STATE"] = database.address
    first = rollcall.start("apply", "--yes", "--lease-duration", "2s")
    begun(slow)
    first.send_signal(signal.SIGSTOP)
    try:
        rollcall("apply", "--yes", "--lease-timeout", "1m")
        written = len(slow.writes())
    finally:
        first.send_signal(signal.SIGCONT)
    out, err = first.communicate(timeout=60)
    assert first.returncode in (1, 5, 6), out + err
    # At most what was on its way when it fell asleep.
    assert len(slow.writes()) <= written + 1
    created_once(slow)
    assert rollcall("plan", "--detailed-exitcode").returncode == 0
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")


def test_several_runs_share_a_state_while_its_database_goes_away(rollcall, slow, database):
    rollcall.env["ROLLCALL_STATE"] = database.address
    processes = [
        rollcall.start("apply", "--yes", "--lease-timeout", "2m", "--lease-duration", "4s") for _ in range(3)]
    begun(slow)
    database.stop()
    time.sleep(1)
    database.start()
    codes = [process.communicate(timeout=120) and process.returncode for process in processes]
    # The one that was at work may have failed to write; the others come after it.
    assert codes.count(0) >= 1, codes
    for _ in range(2):
        last = rollcall.start("apply", "--yes", "--lease-timeout", "1m")
        out, err = last.communicate(timeout=120)
    assert last.returncode == 0, out + err
    created_once(slow)
    assert rollcall.json("plan")["changes"] == []
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")
