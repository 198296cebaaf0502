"""The controller over a branch of a real repository, on disk and behind a Git server of the loopback."""

import base64
import http.server
import json
import os
import re
import signal
import subprocess
import threading

import pytest
from conftest import endpoint, user


class Repository:
    """A repository with a working folder; `git` is the one of this machine."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self("init", "--quiet", "--initial-branch", "main")

    def __call__(self, *arguments):
        who = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER")
               for key, value in (("NAME", "Ada"), ("EMAIL", "ada@corp.example"))}
        return subprocess.run(
            ["git", *arguments], cwd=self.path, check=True, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(self.path), "GIT_CONFIG_NOSYSTEM": "1", **who}).stdout.strip()

    def commit(self, **files):
        for name, text in files.items():
            file = self.path / "manifests" / f"{name}.yaml"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
        return self.commit_all()

    def commit_all(self):
        self("add", "--all")
        self("commit", "--quiet", "--message", "change")
        return self("rev-parse", "HEAD")


class Controller:
    """`rollcall run`, and what it logs."""

    def __init__(self, process):
        self.process = process
        self.lines = []

    def wait_for(self, pattern):
        """Reads the log up to a line that matches."""
        for line in self.process.stderr:
            self.lines.append(line)
            if re.search(pattern, line):
                return line
        raise AssertionError(f"{pattern} was never logged:\n{''.join(self.lines)}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, rest = self.process.communicate(timeout=30)
        self.lines.append(rest)
        return self.process.returncode, "".join(self.lines)


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path / "people")


@pytest.fixture
def run(rollcall):
    """Starts `rollcall run`; ends it with the test."""
    started = []

    def start(*arguments):
        process = rollcall.start("run", "--git-interval", "1s", *arguments)
        # Nothing waits for ever: a log that goes silent ends with the process.
        timer = threading.Timer(60, process.kill)
        timer.start()
        started.append((process, timer))
        return Controller(process)

    yield start
    for process, timer in started:
        timer.cancel()
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture
def git_server(tmp_path):
    """A repository over HTTP, as `git http-backend` serves it, for ada:canary-password alone."""
    expected = "Basic " + base64.b64encode(b"ada:canary-password").decode()
    seen = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def serve(self):
            seen.append(self.headers.get("Authorization"))
            if seen[-1] != expected:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="git"')
                self.send_header("Content-Length", "0")
                return self.end_headers()
            path, _, query = self.path.partition("?")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = subprocess.run(
                ["git", "http-backend"], input=body, capture_output=True, check=True, env={
                    "PATH": os.environ["PATH"], "GIT_PROJECT_ROOT": str(tmp_path), "GIT_HTTP_EXPORT_ALL": "1",
                    "PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": self.command,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""), "REMOTE_USER": "ada",
                    "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                }).stdout
            head, _, content = answer.partition(b"\r\n\r\n")
            fields = [line.split(": ", 1) for line in head.decode().split("\r\n")]
            status = next((value for name, value in fields if name == "Status"), "200 OK")
            self.send_response(int(status[:3]))
            for name, value in fields:
                if name != "Status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = serve

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.seen = seen
    yield server
    server.shutdown()


@pytest.fixture
def remote(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    return server


def test_commits_are_applied_as_they_come(rollcall, repository, remote, run):
    first = repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    controller = run("--git", repository.path, "--path", "manifests")
    read = controller.wait_for("manifests read")
    assert f"commit={first[:12]}" in read and 'author="Ada <ada@corp.example>"' in read
    controller.wait_for("result=applied")
    assert set(remote.users()) == {"alice@corp.example"}
    repository.commit(people=user("alice") + user("bob"))
    controller.wait_for("result=applied")
    assert set(remote.users()) == {"alice@corp.example", "bob@corp.example"}
    status, _ = controller.stop()
    assert status == 0
    assert not [name for name in os.listdir(rollcall.folder / ".rollcall/git") if name.startswith(".new")]


def test_an_accident_and_a_fault_leave_the_last_good_state(repository, remote, run):
    people = "".join(user(f"user{i}") for i in range(8))
    repository.commit(endpoint=endpoint(remote.url), people=people)
    controller = run("--git", repository.path, "--path", "manifests", "--prune")
    controller.wait_for("result=applied")
    repository.commit(people=user("user0"))
    refused = controller.wait_for("ManifestsShrunk")
    assert "only 2 documents where there were 9" in refused and "the last good state stays in force" in refused
    repository.commit(people=people + "---\nkind: Nonsense\n")
    assert "manifests/people.yaml:" in controller.wait_for("ManifestsInvalid")
    repository.commit(people=people + user("user8"))
    controller.wait_for("result=applied")
    assert len(remote.users()) == 9
    assert all(write["method"] != "DELETE" for write in remote.writes())


def test_the_status_says_why_no_manifests_are_in_force(rollcall, repository, remote, run):
    commit = repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    (rollcall.folder / "allowed_signers").write_text("")
    controller = run("--git", repository.path, "--path", "manifests", "--git-verify", "allowed_signers")
    refused = controller.wait_for("SourceUnsigned")
    assert "the last good state stays in force" not in refused
    status = rollcall("status", expect=2)
    assert status.stdout.startswith("No manifests are in force: ") and commit[:12] in status.stdout
    assert "last good" not in status.stdout + status.stderr
    assert json.loads(rollcall("status", "-o", "json", expect=2).stdout)["source"]["problem"]["reason"] == "SourceUnsigned"
    assert "no manifests are in force" in rollcall("status", "remote", expect=64).stderr
    assert "no manifests are in force" in rollcall("reconcile", "remote", expect=64).stderr
    assert rollcall("reconcile", "--wait", "2s", expect=2).stdout.startswith("No manifests are in force: ")
    assert remote.writes() == []


def test_a_newer_commit_with_a_fault_is_told_before_all_else(rollcall, repository, remote, run):
    repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    controller = run("--git", repository.path, "--path", "manifests")
    controller.wait_for("result=applied")
    repository.commit(people="kind: Nonsense\n")
    controller.wait_for("ManifestsInvalid")
    first, second, *_ = rollcall("status").stdout.splitlines()
    assert first.startswith("The last good manifests are in force, not the newest: ")
    assert re.match("remote +ready", second)


def test_a_folder_that_is_gone_cannot_be_approved(rollcall, repository, remote, run):
    repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    controller = run("--git", repository.path, "--path", "manifests", "--prune")
    controller.wait_for("result=applied")
    (repository.path / "README").write_text("moved")
    repository("rm", "-r", "--quiet", "manifests")
    repository.commit_all()
    assert "name it with --path if it has moved" in controller.wait_for("SourceUnacceptable")
    refused = rollcall("approve", "--source", expect=4)
    assert "no manifests wait for an approval" in refused.stderr and "leave the documents of the endpoints" in refused.stderr
    # What is meant is said with the endpoint's own document.
    repository.commit(endpoint=endpoint(remote.url))
    controller.wait_for("manifests read")


def test_a_controller_that_starts_compares_at_once(repository, remote, run):
    repository.commit(endpoint=endpoint(remote.url), people=user("alice", title="Engineer"))
    arguments = ["--git", repository.path, "--path", "manifests"]
    first = run(*arguments)
    first.wait_for("result=applied")
    first.process.kill()
    first.process.wait()
    id = remote.users()["alice@corp.example"]["id"]
    remote.call("PATCH", f"/Users/{id}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    run(*arguments).wait_for("result=applied")
    assert remote.users()["alice@corp.example"]["title"] == "Engineer"


def test_a_server_that_wants_a_password(rollcall, repository, remote, run, git_server):
    repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    url = f"http://127.0.0.1:{git_server.server_port}/people/.git"
    (rollcall.folder / "credentials").write_text("ada:canary-password\n")
    controller = run("--git", url, "--path", "manifests", "--git-credentials", "file:credentials", "--verbose")
    controller.wait_for("result=applied")
    assert set(remote.users()) == {"alice@corp.example"}
    commands = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    _, log = controller.stop()
    kept = "".join(
        file.read_text(errors="replace") for file in (rollcall.folder / ".rollcall").rglob("*") if file.is_file())
    secret = base64.b64encode(b"ada:canary-password").decode()
    for text in (log, commands, kept):
        assert "canary-password" not in text and secret not in text


def test_a_password_that_is_wrong(rollcall, repository, run, git_server):
    repository.commit(people=user("alice"))
    rollcall.env["GIT_TOKEN"] = "canary-token"
    url = f"http://127.0.0.1:{git_server.server_port}/people/.git"
    controller = run("--git", url, "--path", "manifests", "--git-credentials", "env:GIT_TOKEN")
    told = controller.wait_for("SourceUnreachable")
    assert url in told and "canary-token" not in told
    status, log = controller.stop()
    assert status == 0 and "canary-token" not in log


def test_ssh_with_a_key_and_known_hosts(rollcall, repository, remote, run):
    """With a stand-in for `ssh` that runs the other side's git here: what it is told is what counts."""
    repository.commit(endpoint=endpoint(remote.url), people=user("alice"))
    program = rollcall.write("bin/ssh", f"""#!/bin/sh
printf '%s\\n' "$@" >> '{rollcall.folder}/told'
for command; do :; done
exec sh -c "$command"
""")
    program.chmod(0o755)
    rollcall.env["PATH"] = f"{rollcall.folder}/bin:{rollcall.env['PATH']}"
    rollcall.write("my keys/deploy", "canary-key")
    rollcall.write("hosts", "git.example ssh-ed25519 AAAA")
    controller = run("--git", f"git@git.example:{repository.path}", "--path", "manifests",
                     "--git-ssh-key", "my keys/deploy", "--git-known-hosts", "hosts")
    controller.wait_for("result=applied")
    told = (rollcall.folder / "told").read_text().splitlines()
    for words in (["-o", "BatchMode=yes"], ["-o", "StrictHostKeyChecking=yes"], ["-o", "IdentitiesOnly=yes"],
                  ["-i", f"{rollcall.folder}/my keys/deploy"], ["-o", f"UserKnownHostsFile={rollcall.folder}/hosts"]):
        assert words in [told[at:at + 2] for at in range(len(told))]
    assert "git@git.example" in told


@pytest.mark.parametrize("arguments", [
    ["--git", "https://ada:canary@git.example/people"], ["--git", "git://git.example/people"],
    ["--git", "http://git.example/people"], ["--git", "/srv/people", "--ref", "a..b"],
    ["--git", "/srv/people", "--path", "../x"], ["--git", "/srv/people", "-f", "manifests"],
    ["--git", "/srv/people", "--git-credentials", "canary"], ["--git", "/srv/people", "--git-verify", "nowhere"],
    ["--git", "/srv/people", "--max-shrink", "half"],
])
def test_usage(rollcall, arguments):
    done = rollcall("run", *arguments, expect=64)
    assert done.stderr and "canary" not in done.stderr
