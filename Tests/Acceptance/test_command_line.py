"""What the command line, the settings file and the terminal are taken for, and what is said where they are not understood."""

import json
import os
import pty
import re
import select
import signal
import sqlite3
import stat
import subprocess
import time

import pytest
from conftest import PROGRAM, ROOT, endpoint, group, user


@pytest.fixture
def people(rollcall):
    """Manifests of two people for the embedded directory, applied."""
    rollcall.write("manifests/people.yaml", user("alice", active="true") + user("bob", active="true"))
    rollcall("apply", "--yes")
    return rollcall


only_root = pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")


def as_nobody(folder, *arguments):
    """Runs the program as somebody else, who may come as far as the folder for as long as it runs."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.parents]}
    closed = {path: mode for path, mode in modes.items() if not mode & stat.S_IXOTH}
    try:
        for path, mode in closed.items():
            path.chmod(mode | stat.S_IXOTH | stat.S_IROTH)
        return subprocess.run(
            [PROGRAM, *arguments], cwd=folder, user=65534, group=65534, extra_groups=[], capture_output=True, text=True,
            timeout=60, env={"PATH": os.environ["PATH"], "HOME": "/", "LANG": "C.UTF-8"})
    finally:
        for path, mode in closed.items():
            path.chmod(mode)


# Standard output


@pytest.mark.parametrize("arguments", [
    ["plan", "-o", "json"], ["plan"], ["evidence", "export"], ["render"], ["import", "local", "--out", "new"], ["history"],
    ["get", "users"], ["fmt", "-f", "manifests/people.yaml", "--check"],
])
def test_results_that_are_lost_are_an_error(people, arguments):
    """As on a full disk: a stream that takes nothing, and is there on every machine."""
    with open(os.devnull) as closed:
        done = subprocess.run(
            [PROGRAM, *arguments], cwd=people.folder, env=people.env, stdout=closed, stderr=subprocess.PIPE, text=True)
    assert done.returncode != 0
    assert "standard output cannot be written: Bad file descriptor" in done.stderr


@pytest.mark.parametrize("arguments", [["evidence", "export"], ["plan", "-o", "json"]])
def test_a_reader_may_go_away(people, arguments):
    process = people.start(*arguments)
    process.stdout.close()
    assert process.wait(60) == 0
    assert "cannot be written" not in process.stderr.read()


# The settings file


def test_the_settings_file_is_no_manifest(rollcall):
    rollcall.write("rollcall.yaml", "prune: false\n")
    rollcall.write("people.yaml", user("alice"))
    assert "1 document." in rollcall("validate").stdout
    assert "holds settings and is never a manifest" in rollcall("validate", "-f", "rollcall.yaml", expect=3).stdout


def test_the_folder_that_the_settings_name_is_gone(rollcall):
    rollcall.write("rollcall.yaml", "filename: manifests\n")
    error = rollcall("plan", expect=64).stderr
    assert "rollcall.yaml says that the manifests are in manifests" in error and "hint:" in error


def test_a_misspelt_setting(rollcall):
    rollcall.write("rollcall.yaml", "prune: true\nstat: z\n")
    error = rollcall("validate", expect=64).stderr
    assert 'rollcall.yaml:2: there is no setting "stat"' in error and "did you mean `state`?" in error


@pytest.mark.parametrize("name, meant", [
    ("ROLLCALL_PARALELISM", "ROLLCALL_PARALLELISM"), ("ROLLCALL_MAX_DELETE", "ROLLCALL_MAX_DELETES"),
    ("ROLLCALL_STAET", "ROLLCALL_STATE"), ("ROLLCALL_TARGETS", "ROLLCALL_TARGET"),
])
def test_a_misspelt_variable(people, name, meant):
    people.env[name] = "1"
    assert people("plan").stderr == f"warning: {name} is no option of rollcall; did you mean {meant}?\n"
    assert people("plan", "-q").stderr == ""


@pytest.mark.parametrize("name", [
    "ROLLCALL_SECRET_KEY", "ROLLCALL_REPORTS", "ROLLCALL_BOT", "ROLLCALL_GITLAB_TOKEN", "ROLLCALL_ADMIN_PASSWORD",
    "ROLLCALL_TOKEN", "ROLLCALL_API_TOKEN", "ROLLCALL_SERVICE_HOST", "ROLLCALL_TEST", "ROLLCALL", "ROLLCALL_",
])
def test_a_variable_of_somebody_else(people, name):
    people.env[name] = "1"
    assert people("plan").stderr == ""


def test_every_setting_is_known():
    """The names that the program asks the settings for are those that it takes."""
    source = "\n".join(path.read_text() for path in sorted((ROOT / "Sources/rollcall").rglob("*.swift")) if "+Names" not in path.name)
    asked = re.findall(r'\b(?:settings\.|try |\b)(?:string|bool|list|value|limit|duration|time|size|seconds|set|told|setting)\((?:&[\w.]+, )?"([a-z][a-z0-9-]*)"', source)
    names = (ROOT / "Sources/rollcall/Options/Settings+Names.swift").read_text()
    assert set(asked) == set(re.findall(r'"([a-z0-9-]+)"', names))


@pytest.mark.parametrize("place", ["mysql://ci:canary@db/state", "postgresql:/ci:canary@db/state", "postgres:ci", "file:///tmp/x"])
@pytest.mark.parametrize("command", [["plan", "--state"], ["history", "--state"], ["serve", "--port", "0", "--store"], ["keys", "list", "--store"]])
def test_an_address_of_nothing_that_is_known(rollcall, command, place):
    rollcall.write("manifests/people.yaml", user("alice"))
    before = sorted(rollcall.folder.iterdir())
    error = rollcall(*command, place, expect=64).stderr
    assert "postgresql://user@host/database" in error and "canary" not in error
    assert [p for p in sorted(rollcall.folder.iterdir()) if ":" in p.name] == [] and before


# Filters


@pytest.mark.parametrize("command", ["plan", "drift", "apply"])
def test_mistyped_filters(people, command):
    yes = ["--yes"] if command == "apply" else []
    error = people(command, *yes, "--kind", "Users", expect=64).stderr
    assert 'there is no kind "Users" here' in error and "User" in error.split("hint:")[1]
    error = people(command, *yes, "--target", "User/alcie", expect=64).stderr
    assert "User/alcie is in no manifest and in no ledger" in error and "did you mean `User/alice`?" in error


@pytest.mark.parametrize("selector, words", [
    ("tema=platform", "did you mean `team`?"), ("team!=platform", "is not key=value"), ("team==platform", "is not key=value"),
    ("team=platform,", "is not key=value"), ("team=platform,team=sales", "twice"),
])
def test_a_mistyped_selector(rollcall, selector, words):
    rollcall.write("manifests/people.yaml", user("alice").replace("{name: alice}", "{name: alice, labels: {team: platform}}"))
    done = rollcall("plan", "-l", selector, expect=64)
    assert words in done.stderr and done.stdout == ""
    assert rollcall.json("plan", "-l", "team=platform")["summary"]["create"] == 1
    assert rollcall.json("plan", "-l", "team=sales")["changes"] == []


def test_a_target_may_be_known_to_the_ledger_alone(people):
    people.write("manifests/people.yaml", user("alice", active="true"))
    assert "User bob" in people("plan", "--target", "User/bob", "--prune").stdout
    people("plan", "--kind", "Role")


def test_prune_of_the_settings_is_not_for_manifests_of_the_command_line(people):
    people.write("rollcall.yaml", "prune: true\n")
    people.write("manifests/more.yaml", user("carol", active="true"))
    done = people("apply", "-f", "manifests/more.yaml", "--yes")
    assert "2 that these manifests do not name stay" in done.stderr and "say --prune" in done.stderr
    assert "does not hold" not in people("plan", "-f", "manifests").stderr
    report = people.json("plan", "-f", "manifests/more.yaml", "--prune")
    assert report["summary"]["disable"] == 2
    people.write("manifests/people.yaml", user("alice", active="true"))
    assert people.json("plan")["summary"]["disable"] == 1


# Formats


@pytest.mark.parametrize("command", [["get", "users"], ["why", "alice"], ["keys", "list"], ["serve", "queue", "list"], ["serve", "token", "list"], ["serve", "audit"], ["history"], ["probe"], ["evidence", "head"], ["status"], ["init", "x"]])
def test_a_format_that_a_command_does_not_know(people, command):
    error = people(*command, "-o", "sarif", expect=64).stderr
    assert "there is no such output here: sarif" in error
    # A preference for all commands is for those that know it.
    people.env["ROLLCALL_OUTPUT"] = "sarif"
    assert "no such output" not in people(*command, expect=None).stderr


# Manifests that are no plain files


def test_a_pipe_is_read(rollcall):
    rollcall.write("m.yaml", user("alice"))
    for command in ("validate", "plan", "render"):
        script = f'exec "$0" {command} -f <(cat m.yaml)'
        done = subprocess.run(["bash", "-c", script, PROGRAM], cwd=rollcall.folder, env=rollcall.env, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 document." in done.stdout or "alice" in done.stdout


def test_nothing_to_check_is_warned_of(rollcall):
    rollcall.write("m.yaml", "")
    (rollcall.folder / "manifests").mkdir()
    for arguments in ([], ["-f", "m.yaml"], ["-f", "-"]):
        done = rollcall("validate", *arguments)
        assert "warning[M002]" in done.stdout and "0 documents, 1 warning" in done.stdout


def test_a_flood_of_faults_is_cut(rollcall):
    rollcall.write("m.yaml", "---\nkind: x\n" * 400)
    assert len(rollcall("validate", "-f", "m.yaml", expect=3).stdout.splitlines()) < 350
    assert len(rollcall.json("validate", "-f", "m.yaml", expect=3)["diagnostics"]) >= 400


def test_a_diff_of_lines_with_carriage_returns(rollcall):
    text = user("alice", active="true").replace("---\n", "") + "  title:   Dr\n"
    (rollcall.folder / "m.yaml").write_bytes(text.replace("\n", "\r\n").encode())
    done = subprocess.run([PROGRAM, "fmt", "--check", "-f", "m.yaml"], cwd=rollcall.folder, env=rollcall.env, capture_output=True)
    assert done.returncode == 2
    assert b"\n-  title:   Dr\r\n" in done.stdout and b"\n+  title: Dr\n" in done.stdout


# Plans that are none


def test_manifests_in_place_of_a_plan(people):
    done = people("apply", "manifests/people.yaml", expect=64)
    assert "rollcall apply -f manifests/people.yaml" in done.stderr
    assert "rollcall apply -f manifests" in people("apply", "manifests", expect=64).stderr
    people.write("p.plan", '{"formatVersion": 1')
    people("apply", "p.plan", expect=5)


def test_a_plan_of_other_options(people):
    people.write("manifests/more.yaml", user("carol", active="true") + group("all", ["carol"]))
    people("plan", "--out", "p.plan")
    error = people("apply", "p.plan", "--kind", "User", expect=64).stderr
    assert "the plan was saved without options that choose a part" in error
    people("plan", "--kind", "User", "--prune", "--out", "p.plan")
    assert "the plan was saved with --kind User --prune: apply it with the same" in people("apply", "p.plan", expect=64).stderr
    people("apply", "p.plan", "--kind", "User", "--prune")


# Permission


@only_root
def test_a_state_that_may_not_be_read(people):
    (people.folder / ".rollcall").chmod(0o700)
    done = as_nobody(people.folder, "history")
    assert done.returncode == 1 and "permission denied" in done.stderr and "there is no state" not in done.stderr
    done = as_nobody(people.folder, "status")
    assert done.returncode == 7 and "permission denied" in done.stderr and "start one" not in done.stderr
    assert stat.S_IMODE(people.folder.stat().st_mode) & stat.S_IRWXO == 0


@only_root
def test_a_directory_that_may_only_be_read_is_not_served(people):
    folder = people.folder / ".rollcall"
    server = people.start("serve", "--no-tls", "--port=0")
    assert server.stdout.readline().startswith("ready ")
    server.terminate()
    server.communicate(timeout=30)
    # With the administrator and the side files there, nothing need be written until the first change.
    database = sqlite3.connect(folder / "directory.sqlite")
    database.execute("SELECT count(*) FROM resource").fetchall()
    for path in [*folder.iterdir(), folder]:
        os.chown(path, 65534, 65534)
        path.chmod(0o555 if path == folder else 0o444)
    done = as_nobody(people.folder, "serve", "--no-tls", "--port=0")
    database.close()
    assert done.returncode == 1 and done.stdout == "" and "directory.sqlite cannot be written" in done.stderr


def test_an_address_without_a_scheme(rollcall):
    rollcall.env["TOKEN"] = "t"
    error = rollcall("status", "--server", "127.0.0.1:21700", "--api-token-env", "TOKEN", expect=64).stderr
    assert "--server is an URL" in error and "http://" in error


# Questions


class Asked:
    """The program at a terminal, up to its question."""

    def __init__(self, rollcall, question, *arguments):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(rollcall.folder)
            os.execve(PROGRAM, [PROGRAM, *arguments], rollcall.env)
        self.text = ""
        while question not in self.text:
            assert self.read(), self.text

    def read(self):
        if not select.select([self.terminal], [], [], 60)[0]:
            return False
        try:
            chunk = os.read(self.terminal, 4096).decode(errors="replace")
        except OSError:
            return False
        self.text += chunk
        return bool(chunk)

    def type(self, text):
        os.write(self.terminal, text.encode())

    def end(self):
        while self.read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.mark.parametrize("answer, code, words", [
    ("\x03", 130, "interrupted: nothing was changed"), (signal.SIGTERM, 143, "interrupted: nothing was changed"),
    ("n\n", 130, "not agreed: nothing was changed"), ("y\n", 0, "Applied: 1 change"),
])
def test_the_question_of_apply(people, answer, code, words):
    people.write("manifests/more.yaml", user("carol"))
    asked = Asked(people, "[y/N]", "apply")
    if isinstance(answer, str):
        asked.type(answer)
    else:
        os.kill(asked.pid, answer)
    assert asked.end() == code, asked.text
    assert words in re.sub(r"\x1b\[[0-9;]*[mK]", "", asked.text)
    # The lease is given back.
    people("apply", "--yes")


# A new repository


def test_scripts_of_a_new_repository_can_be_run(rollcall):
    rollcall("init", "people")
    for script in (rollcall.folder / "people/ci").glob("*.sh"):
        assert os.access(script, os.X_OK) == script.read_text().startswith("#!"), script
    rollcall.write("file", "")
    assert "file is a file, not a folder" in rollcall("init", "file", expect=64).stderr


def test_a_served_directory_is_in_sync(rollcall):
    """The administrator that the server makes is no drift."""
    rollcall("init", "--ci", "none")
    rollcall("apply", "--yes")
    process = rollcall.start("serve", "--port", "0", "--no-tls")
    try:
        assert process.stdout.readline().startswith("ready ")
        assert "In sync" in rollcall("drift").stdout
        assert {"admin", "alice"} == {u["userName"] for u in rollcall.json("get", "users")}
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


# The controller


@pytest.fixture
def controller(people):
    process = people.start("run")
    assert process.stdout.readline().startswith("ready ")
    yield people
    process.send_signal(signal.SIGTERM)
    process.wait(30)


def suspended(rollcall):
    rollcall("suspend", "local", "--reason", "audit week")
    deadline = time.monotonic() + 30
    while "suspended" not in rollcall("status", expect=None).stdout:
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.parametrize("arguments", [["local"], [], ["--wait", "5s"], ["local", "--wait", "5s", "-o", "json"]])
def test_no_pass_is_made_at_a_suspended_endpoint(controller, arguments):
    suspended(controller)
    done = controller("reconcile", *arguments, expect=6)
    assert "local is suspended by" in done.stderr and "audit week" in done.stderr
    assert done.stdout == ""


def test_reconcile_waits_for_the_pass(controller):
    done = controller("reconcile", "--wait", "60s", "-o", "json")
    assert [e["endpoint"] for e in json.loads(done.stdout)["endpoints"]] == ["local"]


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"]])
def test_a_suspended_endpoint_is_told_of_and_no_obstacle(controller, command):
    suspended(controller)
    done = controller(*command)
    assert "warning[M103]: endpoint local is suspended by" in done.stdout and "audit week" in done.stdout


def test_a_second_controller_says_why_it_ends(controller):
    error = controller("run", expect=1).stderr
    assert "the state cannot be read" not in error and "controller" in error


def test_a_controller_warns_of_a_kind_that_it_does_not_know(people):
    process = people.start("run", "--kind", "Users")
    try:
        assert 'there is no kind "Users" here' in next(line for line in process.stderr if "kind" in line)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
