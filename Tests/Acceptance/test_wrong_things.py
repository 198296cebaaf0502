"""What a tired person does, and what a bad day brings: one clear error, the right exit code, nothing lost."""

import http.server
import json
import signal
import socket
import threading

import pytest
from conftest import endpoint, group, user


@pytest.fixture
def remote(rollcall, scim_server):
    """A converged endpoint with twenty people."""
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}", active="true") for i in range(20)))
    rollcall("apply", "--yes")
    server.forget_requests()
    return server


def test_all_faults_of_all_files_in_one_run(rollcall):
    rollcall.write("manifests/a.yaml", user("alice", usrName="x", active="maybe"))
    rollcall.write("manifests/b.yaml", "apiVersion: rollcall/v1\nkind: Usr\nmetadata: {name: b}\nspec: {}\n")
    rollcall.write("manifests/c.yaml", "a: [1\n")
    done = rollcall("validate", expect=3)
    for file in ("a.yaml", "b.yaml", "c.yaml"):
        assert f"manifests/{file}:" in done.stdout
    assert "did you mean" in done.stdout
    assert "usrName" in done.stdout and "^" in done.stdout


def test_plan_of_faulty_manifests_reads_nothing(rollcall, remote):
    rollcall.write("manifests/bad.yaml", group("ghosts", ["nobody"]))
    rollcall("plan", expect=3)
    assert remote.requests() == []


@pytest.mark.parametrize("arguments", [["plan", "--nonsense"], ["frobnicate"], ["plan", "-o", "yaml"], ["plan", "--endpoint", "nowhere"]])
def test_usage(rollcall, arguments):
    rollcall.write("manifests/people.yaml", user("alice"))
    assert rollcall(*arguments, expect=64).stderr


def test_a_folder_that_is_not_there(rollcall):
    done = rollcall("validate", "-f", "nowhere", expect=3)
    assert "nowhere" in done.stdout + done.stderr


def test_another_store_is_not_filled_with_a_second_directory(rollcall):
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i:02}") for i in range(12)))
    rollcall("apply", "--yes")
    for file in (rollcall.folder / ".rollcall").glob("directory.sqlite*"):
        file.unlink()
    report = rollcall.json("apply", "--yes", expect=4)
    objection = report["objections"][0]
    assert objection["guardrail"] == "maxMissing"
    assert objection["message"] == "12 of 12 linked resources are not there any more: is this the right server?"
    assert rollcall.json("get", "users") == []
    assert "--max-missing cannot be" in rollcall("apply", "--max-missing", "most", expect=64).stderr
    rollcall("apply", "--yes", "--max-missing", "100%")
    rollcall("plan", "--detailed-exitcode")


def test_unreachable_is_not_everybody_left(rollcall, remote):
    remote.stop()
    report = rollcall.json("plan", "--prune", expect=7)
    assert report["changes"] == []
    assert any("remote" in reason for reason in report["reasons"])


def test_wrong_password(rollcall, remote):
    rollcall.env["REMOTE_PASSWORD"] = "not-the-password"
    done = rollcall("plan", expect=7)
    assert "401" in done.stdout
    assert "not-the-password" not in done.stdout + done.stderr


def test_secret_that_is_not_set(rollcall, remote):
    del rollcall.env["REMOTE_PASSWORD"]
    assert "REMOTE_PASSWORD" in rollcall("plan", expect=7).stdout


def test_html_instead_of_scim(rollcall, scim_server):
    server = scim_server(html_from=1)
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice"))
    assert "not SCIM" in rollcall("plan", expect=7).stdout


def test_page_cut_in_the_middle_withholds_removals(rollcall, scim_server):
    """The listing breaks off after its first page: nobody on the missing pages may be taken for gone."""
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    with cutting_server(after_pages=1) as url:
        rollcall.write("manifests/endpoint.yaml", endpoint(url))
        rollcall.write("manifests/people.yaml", user("user0"))
        report = rollcall.json("plan", "--prune", expect=7)
    assert report["summary"]["delete"] == 0 and report["summary"]["disable"] == 0
    assert report["endpoints"][0]["reads"][0]["complete"] is False


def test_guardrail_stops_a_mass_removal(rollcall, remote):
    rollcall.write("manifests/people.yaml", user("user0", active="true"))
    report = rollcall.json("apply", "--yes", "--prune", expect=4)
    assert report["objections"]
    assert remote.writes() == []


def test_empty_manifests_stop(rollcall, remote):
    rollcall.write("manifests/people.yaml", "")
    rollcall("apply", "--yes", "--prune", expect=4)
    assert remote.writes() == []


def test_saved_plan(rollcall, remote):
    rollcall.write("manifests/more.yaml", user("dave"))
    rollcall("plan", "--out", "plan.json")
    rollcall("apply", "plan.json")
    assert "dave@corp.example" in remote.users()
    assert "changed since" in rollcall("apply", "plan.json", expect=5).stderr


def test_tampered_plan(rollcall, remote):
    rollcall.write("manifests/more.yaml", user("dave"))
    rollcall("plan", "--out", "plan.json")
    file = rollcall.folder / "plan.json"
    file.write_text(file.read_text().replace("dave@corp", "evil@corp"))
    rollcall("apply", "plan.json", expect=5)
    assert remote.writes() == []


def test_apply_without_a_terminal_needs_yes(rollcall, remote):
    rollcall.write("manifests/more.yaml", user("dave"))
    assert "--yes" in rollcall("apply", expect=64).stderr
    assert remote.writes() == []


def test_detailed_exit_code(rollcall, remote):
    rollcall("plan", "--detailed-exitcode")
    rollcall.write("manifests/more.yaml", user("dave"))
    rollcall("plan")
    rollcall("plan", "--detailed-exitcode", expect=2)


def test_one_failure_does_not_stop_the_rest(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    server.call("POST", "/Users", {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "taken@corp.example"})
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url, extra="  scope: {kinds: [User, Group]}\n  correlation: [externalId]\n"))
    rollcall.write("manifests/people.yaml", user("taken") + user("alice", manager="", ).replace("  manager: \n", "") + group("team", ["taken"]))
    report = rollcall.json("apply", "--yes", expect=6)
    outcomes = {change["name"]: change["outcome"] for change in report["changes"]}
    assert outcomes == {"alice": "applied", "taken": "failed", "team": "skipped"}


@pytest.mark.parametrize("content", [b"this is not a database, not at all, not even close" * 100, b""])
def test_damaged_state_file(rollcall, content):
    rollcall.write("manifests/people.yaml", user("alice"))
    state = rollcall.folder / "state.sqlite"
    state.write_bytes(content)
    status = 1 if content else 0
    done = rollcall("plan", "--state", "state.sqlite", expect=status)
    if content:
        assert "state.sqlite" in done.stderr
        assert state.read_bytes() == content


def test_state_folder_that_cannot_be_written(rollcall):
    rollcall.write("manifests/people.yaml", user("alice"))
    rollcall.write("blocked", "a file where a folder should be")
    assert "blocked" in rollcall("plan", "--state", "blocked/state.sqlite", expect=1).stderr


def test_secrets_never_show(rollcall, remote):
    canary = "canary-7d1f0a"
    rollcall.env["ALICE_PASSWORD"] = canary
    rollcall.write("manifests/alice.yaml", user("alice", password="{env: ALICE_PASSWORD}"))
    outputs = [rollcall("plan", "--out", "plan.json", "-v"), rollcall("apply", "--yes", "-v", "-o", "json"), rollcall("drift", "-o", "md")]
    for done in outputs:
        assert canary not in done.stdout + done.stderr
    for file in rollcall.folder.rglob("*"):
        if file.is_file() and file.name != "requests-0.log":
            assert canary.encode() not in file.read_bytes(), file


def test_literal_password_is_refused_and_not_repeated(rollcall):
    rollcall.write("manifests/alice.yaml", user("alice", password="hunter2-hunter2"))
    done = rollcall("validate", expect=3)
    assert "password" in done.stdout and "hunter2" not in done.stdout.replace("| ", "")


@pytest.mark.parametrize("arguments", [["validate"], ["plan"], ["drift"], ["get", "users"], ["import", "remote"]])
def test_an_unverified_server_is_warned_about_on_every_run(rollcall, arguments):
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint("https://localhost:1", extra="  tls: {insecureSkipVerify: true}\n"))
    done = rollcall(*arguments, expect=0 if arguments == ["validate"] else 7)
    assert "M073" in done.stdout + done.stderr


def test_no_colours_in_pipes(rollcall):
    rollcall.write("manifests/people.yaml", user("alice"))
    assert "\033[" not in rollcall("plan").stdout


def test_manifests_from_standard_input(rollcall):
    done = rollcall("validate", "-f", "-", stdin=user("alice"))
    assert "1 document" in done.stdout


def test_interrupt_ends_cleanly(rollcall):
    """Ctrl-C in the middle of an apply: exit 130, what was done stays done, the next run finishes it."""
    with slow_server() as (url, started, store):
        rollcall.env["REMOTE_PASSWORD"] = "s3cret"
        rollcall.write("manifests/endpoint.yaml", endpoint(url, extra="  limits: {concurrency: 2}\n"))
        rollcall.write("manifests/people.yaml", "".join(user(f"user{i}") for i in range(30)))
        process = rollcall.start("apply", "--yes", "-o", "json")
        started.wait(30)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 130, out
        outcomes = [change["outcome"] for change in json.loads(out)["changes"]]
        assert outcomes.count("applied") == len(store) < 30
        assert set(outcomes) == {"applied", "cancelled"}


# Small servers that misbehave in ways that no well-made package would.


class Endpoint(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/scim+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def discovery(self):
        supported = {"supported": False}
        if "ServiceProviderConfig" in self.path:
            self.answer(200, {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"], "patch": {"supported": True},
                "bulk": {**supported, "maxOperations": 0, "maxPayloadSize": 0}, "filter": {**supported, "maxResults": 5},
                "changePassword": supported, "sort": supported, "etag": supported, "authenticationSchemes": []})
        else:
            self.answer(404, {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "404"})


class running:
    def __init__(self, handler):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_port}"

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def list_response(resources, total, start):
    return {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "totalResults": total, "startIndex": start,
        "itemsPerPage": len(resources), "Resources": resources}


def cutting_server(after_pages):
    pages = []

    class Cutting(Endpoint):
        def do_GET(self):
            if "/Users" not in self.path:
                return self.discovery()
            pages.append(self.path)
            if len(pages) > after_pages:
                self.send_response(200)
                self.send_header("Content-Type", "application/scim+json")
                self.send_header("Content-Length", "100000")
                self.end_headers()
                self.wfile.write(b'{"schemas":["urn:ietf:params:scim:api')
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return None
            users = [{"id": str(i), "userName": f"user{i}@corp.example", "externalId": f"E-user{i}"} for i in range(5)]
            return self.answer(200, list_response(users, 20, 1))

    return running(Cutting)


class slow_server:
    """Creates users at its leisure."""

    def __enter__(self):
        started, store = threading.Event(), []

        class Slow(Endpoint):
            def do_GET(self):
                if "/Users" not in self.path:
                    return self.discovery()
                return self.answer(200, list_response([], 0, 1))

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                started.set()
                threading.Event().wait(0.3)
                body["id"] = str(len(store))
                store.append(body)
                return self.answer(201, body)

        self.server = running(Slow)
        return self.server.__enter__(), started, store

    def __exit__(self, *arguments):
        self.server.__exit__(*arguments)
