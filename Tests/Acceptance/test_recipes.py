"""samples/ci, run as its users run it: a repository, pull requests, merges, accidents and nights, against the embedded server and
stand-ins for the forges."""

import os
import re
import subprocess
import sys
import threading
import xml.etree.ElementTree as xml
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from conftest import endpoint as scim_endpoint
from conftest import user
from forges import TOKEN
from recipes import CI, GitHubActions, GitLabCI, Repository, tools
from test_postgresql import DATABASE_PASSWORD, database  # a fixture

PASSWORD = "s3cret-s3cret"
PEOPLE = [f"person{n:02}" for n in range(24)]


class Remote:
    """The embedded server that the endpoint of the repository is."""

    def __init__(self, url, certificate):
        self.url, self.certificate = url + "/scim2", certificate

    def call(self, method, path, **arguments):
        answer = requests.request(
            method, self.url + path, auth=("admin", PASSWORD), verify=str(self.certificate), timeout=60, **arguments)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def users(self):
        found = self.call("GET", "/Users", params={"count": 1000, "filter": 'userName ne "admin"'})
        return {u.get("externalId"): u for u in found.get("Resources", [])}

    def titles(self):
        return {name: u.get("title") for name, u in self.users().items()}

    def disabled(self):
        return sorted(name for name, u in self.users().items() if u.get("active") is False)

    def set_title(self, name, title):
        self.call("PATCH", f"/Users/{self.users()[f'E-{name}']['id']}", json={
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "title", "value": title}]})


@pytest.fixture
def remote(own_server):
    return Remote(*own_server(password=PASSWORD)[:2])


@pytest.fixture(params=[GitHubActions, GitLabCI])
def forge(request, tmp_path, remote):
    """A repository with the jobs and two dozen people, none of them provisioned yet."""
    repository = Repository(tmp_path / "repository")
    secrets = {"ROLLCALL_STATE": str(tmp_path / "state.sqlite"), "REMOTE_PASSWORD": PASSWORD}
    forge = request.param(repository, secrets, tools(tmp_path / "bin"))
    repository.commit("main", forge.files() | {"manifests/endpoint.yaml": endpoint(remote)} | {
        person(name): user(name, title="Engineer") for name in PEOPLE})
    yield forge
    forge.api.close()
    said = str([forge.api.comments, forge.api.issues])
    assert forge.api.complaints == []
    assert PASSWORD not in said and TOKEN not in said


only_github = pytest.mark.parametrize("forge", [GitHubActions], indirect=True)


@pytest.fixture
def provisioned(forge):
    """The same with everybody provisioned: the first apply, agreed to by hand, as no pull request showed it."""
    assert forge.apply(review_in(forge.apply().log)).exit == 0
    return forge


def review_in(text):
    return re.search(r"with the review `([0-9a-f]{64})`", text)[1]


def endpoint(remote):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: remote}}
spec:
  type: scim2
  url: {remote.url}
  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
  tls: {{caFile: {remote.certificate}}}
"""


def person(name):
    return f"manifests/people/{name}.yaml"


def pull_request(forge, number, files, branch="change"):
    forge.repository.commit(branch, files)
    forge.open(number, branch)


def comments(forge, number):
    return forge.api.said(number)


def test_what_nobody_reviewed_is_not_applied(forge, remote):
    job = forge.apply()
    assert job.exit == 5 and "is not the one that was reviewed" in job.log
    assert remote.users() == {}
    assert forge.apply(review="0" * 64).exit == 5
    assert remote.users() == {}


def test_from_a_pull_request_to_the_merge(provisioned, remote):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    validated = provisioned.validate(7, "change")
    assert validated.exit == 0 and "Valid" in validated.log
    job = provisioned.plan(7, "change")
    assert job.exit == 0, job.log
    assert "Manager" in job.report("plan.html")
    comment, = comments(provisioned, 7)
    assert "1 to change" in comment and "Engineer" in comment and "Manager" in comment and "person04" not in comment
    assert remote.titles()["E-person03"] == "Engineer"

    provisioned.push(7, "change", {person("person03"): user("person03", title="Director")})
    assert provisioned.plan(7, "change").exit == 0
    comment, = comments(provisioned, 7)
    assert "Director" in comment and "Manager" not in comment

    provisioned.merge(7, "change")
    job = provisioned.apply()
    assert job.exit == 0, job.log
    assert remote.titles()["E-person03"] == "Director"
    applied = comments(provisioned, 7)[1]
    assert "## rollcall apply" in applied and "1 change" in applied
    assert provisioned.apply().exit == 0
    assert len(comments(provisioned, 7)) == 2


def test_what_was_pushed_after_the_plan_is_not_applied(provisioned, remote):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    provisioned.plan(7, "change")
    provisioned.push(7, "change", {person("person04"): user("person04", title="Manager")})
    provisioned.merge(7, "change")
    assert provisioned.apply().exit == 5
    assert set(remote.titles().values()) == {"Engineer"}
    assert "**Not applied**" in comments(provisioned, 7)[1]


def test_what_changed_at_the_endpoint_since_the_review_asks_again(provisioned, remote):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    provisioned.plan(7, "change")
    remote.set_title("person03", "Intern")
    provisioned.merge(7, "change")
    assert provisioned.apply().exit == 5
    assert remote.titles()["E-person03"] == "Intern"
    assert provisioned.apply(review_in(comments(provisioned, 7)[1])).exit == 0
    assert remote.titles()["E-person03"] == "Manager"
    assert "**Not applied**" not in comments(provisioned, 7)[1]


@only_github
def test_the_plan_stands_in_the_summary_of_the_job(provisioned):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    assert "## rollcall plan" in provisioned.plan(7, "change").summary


@only_github
def test_what_others_do_at_the_endpoint_needs_no_new_review(provisioned, remote):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    provisioned.plan(7, "change")
    remote.call("POST", "/Users", json={"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "stranger"})
    provisioned.merge(7, "change")
    assert provisioned.apply().exit == 0
    assert remote.titles()["E-person03"] == "Manager"


def test_a_forged_comment_is_not_believed(provisioned, remote):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    provisioned.plan(7, "change")
    provisioned.api.say(7, "mallory", provisioned.api.comments.pop()["body"])
    provisioned.merge(7, "change")
    assert provisioned.apply().exit == 5
    assert remote.titles()["E-person03"] == "Engineer"


def test_half_of_the_manifests_deleted(provisioned, remote):
    pull_request(provisioned, 8, {person(name): None for name in PEOPLE[:12]}, "accident")
    assert provisioned.plan(8, "accident").exit == 4
    comment, = comments(provisioned, 8)
    assert "Stopped by guardrails" in comment and "disables 12 of 24 Users" in comment
    assert "**nothing will be applied**" in comment

    provisioned.merge(8, "accident")
    assert provisioned.apply().exit == 4
    assert len(remote.users()) == 24 and remote.disabled() == []
    assert "**nothing will be applied**" in comments(provisioned, 8)[1]


def test_a_leaver(provisioned, remote):
    pull_request(provisioned, 9, {person("person05"): None}, "leaver")
    assert provisioned.plan(9, "leaver").exit == 0
    assert "**disable** `User/person05`" in comments(provisioned, 9)[0]
    provisioned.merge(9, "leaver")
    assert provisioned.apply().exit == 0
    assert remote.disabled() == ["E-person05"]
    assert provisioned.drift().exit == 0
    assert provisioned.api.told() == []


def test_faulty_manifests(provisioned):
    pull_request(provisioned, 7, {person("person03"): user("person03", tilte="Manager")})
    validated = provisioned.validate(7, "change")
    report = next(validated.folder / name for name in ("rollcall.sarif", "validate.xml") if (validated.folder / name).exists())
    assert validated.exit == 3 and "tilte" in report.read_text()
    assert provisioned.plan(7, "change").exit == 3
    comment, = comments(provisioned, 7)
    assert "did you mean" in comment and "manifests/people/person03.yaml:8" in comment and "review=none" in comment


@only_github
def test_a_plan_for_thousands_fits_into_a_comment(provisioned):
    crowd = "".join(user(f"newcomer{n:04}", title="🧑‍🚀 " * 8) for n in range(1500))
    pull_request(provisioned, 10, {"manifests/people/newcomers.yaml": crowd}, "growth")
    assert provisioned.plan(10, "growth").exit == 0
    comment, = comments(provisioned, 10)
    assert "1500 to add" in comment and "more: see" in comment and comment.rstrip().endswith("exactly this.")


def test_our_comment_is_found_behind_a_hundred_others(provisioned):
    pull_request(provisioned, 7, {person("person03"): user("person03", title="Manager")})
    for number in range(100):
        provisioned.api.say(7, "dana", f"Opinion {number}")
    for _ in range(2):
        assert provisioned.plan(7, "change").exit == 0
    assert len(comments(provisioned, 7)) == 101


@only_github
def test_a_state_in_postgresql_outlives_the_jobs(forge, remote, database):
    forge.secrets["ROLLCALL_STATE"] = database.address
    assert forge.apply(review_in(forge.apply().log)).exit == 0
    pull_request(forge, 9, {person("person05"): None}, "leaver")
    assert forge.plan(9, "leaver").exit == 0
    forge.merge(9, "leaver")
    job = forge.apply()
    assert job.exit == 0 and DATABASE_PASSWORD not in job.log + str(comments(forge, 9))
    assert remote.disabled() == ["E-person05"]
    assert not (job.folder / ".rollcall").exists()


class Gate:
    """A proxy before a SCIM server: reads go through, writes wait until it is opened."""

    def __init__(self, url):
        gate = self
        self.reached, self.opened = threading.Event(), threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.command != "GET":
                    gate.reached.set()
                    gate.opened.wait(120)
                headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "content-length", "accept-encoding")}
                answer = requests.request(self.command, url + self.path, headers=headers, data=body, timeout=60)
                self.send_response(answer.status_code)
                for name in ("Content-Type", "ETag", "Location"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def gate(scim_server):
    gate = Gate(scim_server().url)
    yield gate
    gate.opened.set()
    gate.server.shutdown()
    gate.server.server_close()


@only_github
def test_two_jobs_at_once(forge, database, gate):
    """The second is told that another one is at work, says so, and changes nothing."""
    forge.secrets |= {"ROLLCALL_STATE": database.address, "REMOTE_PASSWORD": "s3cret"}
    forge.repository.commit("main", {
        "manifests/endpoint.yaml": scim_endpoint(gate.url), "rollcall.yaml": "prune: true\nlease-timeout: 1s\n",
        **{person(name): None for name in PEOPLE[1:]}})
    pull_request(forge, 7, {person("person01"): user("person01")})
    assert forge.plan(7, "change").exit == 0
    forge.merge(7, "change")
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(forge.apply)
        assert gate.reached.wait(60), first.result().log
        second = forge.apply()
        assert second.exit == 5, second.log
        assert "another run is at work: remote by" in comments(forge, 7)[1]
        gate.opened.set()
        assert first.result().exit == 0, first.result().log
    assert "## rollcall apply" in comments(forge, 7)[1] and "another run" not in comments(forge, 7)[1]


def test_nights(provisioned, remote):
    assert provisioned.drift().exit == 0 and provisioned.api.told() == []

    remote.set_title("person03", "Intern")
    job = provisioned.drift()
    assert job.exit == 0, job.log
    (is_open, text), = provisioned.api.told()
    assert is_open and "person03" in text and "Intern" in text
    assert xml.fromstring(job.report("drift.xml")).get("failures") == "1"
    assert "Intern" in job.report("drift.html")

    remote.set_title("person04", "Chief")
    provisioned.drift()
    (is_open, text), = provisioned.api.told()
    assert is_open and "Chief" in text

    assert provisioned.apply(review_in(provisioned.apply().log)).exit == 0
    provisioned.drift()
    (is_open, _), = provisioned.api.told()
    assert not is_open


def test_at_night_a_stranger_is_no_work_for_the_apply_job(provisioned, remote):
    remote.call("POST", "/Users", json={"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "stranger"})
    assert provisioned.drift().exit == 0
    (is_open, text), = provisioned.api.told()
    assert is_open and "apply would make 0 changes" in text
    assert "run the apply job" not in text and "rollcall drift acknowledge" in text


def test_an_endpoint_that_refuses_us_is_told_at_night(provisioned):
    provisioned.secrets["REMOTE_PASSWORD"] = "wrong"
    assert provisioned.drift().exit == 7
    (is_open, text), = provisioned.api.told()
    assert is_open and "could not be read completely" in text


@pytest.fixture
def hooked(tmp_path):
    """A repository whose commits pre-commit checks."""
    repository = Repository(tmp_path / "repository")
    repository.env |= {
        "PATH": f"{Path(sys.executable).parent}:{tools(tmp_path / 'bin')}:{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    repository.commit("main", {".pre-commit-config.yaml": (CI / "pre-commit/.pre-commit-config.yaml").read_text()})
    repository.pre_commit("install")
    return repository


def test_pre_commit_lets_good_manifests_pass(hooked):
    hooked.commit("main", {"manifests/all.yaml": user("alice").removeprefix("---\n")})
    assert "userName: alice" in hooked.git("show", "HEAD:manifests/all.yaml")


def test_pre_commit_stops_faulty_manifests(hooked):
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        hooked.commit("main", {"manifests/all.yaml": user("alice", tilte="Manager")})
    assert "did you mean" in stopped.value.stdout + stopped.value.stderr


def test_pre_commit_stops_untidy_manifests(hooked):
    with pytest.raises(subprocess.CalledProcessError) as stopped:
        hooked.commit("main", {"manifests/all.yaml": user("alice", title="  Manager")})
    assert "+  title: Manager" in stopped.value.stdout + stopped.value.stderr


def test_hooks_of_a_repository_of_their_own(hooked, tmp_path):
    hooks = Repository(tmp_path / "hooks")
    revision = hooks.commit("main", {".pre-commit-hooks.yaml": (CI / "pre-commit/.pre-commit-hooks.yaml").read_text()})
    hooked.commit("main", {".pre-commit-config.yaml": f"""repos:
  - repo: {hooks.origin}
    rev: {revision}
    hooks: [{{id: rollcall-validate}}, {{id: rollcall-fmt}}]
""", "manifests/all.yaml": user("alice").removeprefix("---\n")})
    assert "Passed" in hooked.pre_commit("run", "--all-files")
