"""Drift with memory: what is new, since when, what people live with, and a baseline."""

import datetime
import json
import os
import re
import subprocess
import xml.etree.ElementTree as xml

import pytest
from conftest import endpoint, user

PATCH = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]


def day(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).strftime("%Y-%m-%d")


class World:
    """Two people at a foreign server, converged."""

    def __init__(self, rollcall, server):
        self.rollcall, self.server = rollcall, server

    def set_title(self, name, title):
        id = self.server.users()[f"{name}@corp.example"]["id"]
        self.server.call("PATCH", f"/Users/{id}", {
            "schemas": PATCH, "Operations": [{"op": "replace", "path": "title", "value": title}]})

    def drift(self, *arguments, expect):
        report = self.rollcall.json("drift", *arguments, expect=expect)
        return {finding["name"]: finding for finding in report["findings"]}, report


@pytest.fixture
def world(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice", title="Engineer") + user("bob", title="Engineer"))
    rollcall("apply", "--yes")
    return World(rollcall, server)


def test_a_finding_is_new_once_and_then_has_an_age(rollcall, world):
    world.set_title("alice", "Boss")
    first, report = world.drift(expect=2)
    assert first["alice"]["new"] is True and first["alice"]["standing"] == "open"
    assert report["drift"]["new"] == 1
    second, _ = world.drift(expect=2)
    assert second["alice"]["new"] is False
    assert second["alice"]["firstSeen"] == first["alice"]["firstSeen"]
    assert second["alice"]["fingerprint"] == first["alice"]["fingerprint"]
    text = rollcall("drift", expect=2).stdout
    assert "since 1 min · " + first["alice"]["fingerprint"][:8] in text


def test_only_new_and_older_than_decide_what_counts(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    world.set_title("bob", "Boss")
    found, _ = world.drift("--only-new", expect=2)
    assert list(found) == ["bob"]
    rollcall("drift", "--only-new")
    assert "Nothing to act on: 2 not shown." in rollcall("drift", "--older-than", "1h").stdout
    found, _ = world.drift("--older-than", "0s", expect=2)
    assert set(found) == {"alice", "bob"}


def test_what_changes_again_is_another_finding(world):
    world.set_title("alice", "Boss")
    first, _ = world.drift(expect=2)
    world.set_title("alice", "Chief")
    second, _ = world.drift(expect=2)
    assert second["alice"]["new"] is True
    assert second["alice"]["fingerprint"] != first["alice"]["fingerprint"]


def test_apply_ends_a_finding(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    assert "User alice at remote: changed" in rollcall("drift", "list").stdout
    rollcall("apply", "--yes")
    assert rollcall("drift", "list").stdout == "No drift is remembered.\n"
    assert "In sync: no drift." in rollcall("drift").stdout


def test_a_plan_remembers_nothing(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("plan")
    assert rollcall("drift", "list").stdout == "No drift is remembered.\n"
    found, _ = world.drift("--only-new", expect=2)
    assert list(found) == ["alice"]


def test_a_plan_of_other_manifests_ends_no_finding(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    rollcall.write("branch/endpoint.yaml", (rollcall.folder / "manifests/endpoint.yaml").read_text())
    rollcall.write("branch/people.yaml", user("alice", title="Boss") + user("bob", title="Engineer"))
    rollcall("plan", "-f", "branch")
    rollcall("drift", "--kind", "Group")
    found, _ = world.drift(expect=2)
    assert found["alice"]["new"] is False


def test_an_acknowledged_finding_does_not_count_until_it_changes(rollcall, world):
    world.set_title("alice", "Boss")
    found, _ = world.drift(expect=2)
    rollcall.env["ROLLCALL_ACTOR"] = "carol@ops"
    done = rollcall(
        "drift", "acknowledge", found["alice"]["fingerprint"][:8], "--until", day(30), "--reason", "moves on Monday")
    assert f"acknowledged until {day(30)} by carol@ops: moves on Monday" in done.stdout
    text = rollcall("drift").stdout
    assert "Acknowledged: 1 finding" in text and "moves on Monday" in text
    assert text.endswith("Nothing to act on: 1 acknowledged.\n")
    found, _ = world.drift(expect=0)
    assert found["alice"]["acknowledgement"]["by"] == "carol@ops"

    rollcall("drift", *[word for name in ["sarif", "junit", "md", "html", "csv", "prom"]
                        for word in ("--report", f"{name}=report.{name}")])
    (result,) = json.loads((rollcall.folder / "report.sarif").read_text())["runs"][0]["results"]
    assert result["suppressions"][0]["justification"].endswith("moves on Monday")
    assert result["partialFingerprints"]["finding/v1"] == found["alice"]["fingerprint"]
    suites = xml.parse(rollcall.folder / "report.junit").getroot()
    assert suites.get("failures") == "0"
    assert [suite.get("skipped") for suite in suites] == ["0", "1"]
    assert "moves on Monday" in (rollcall.folder / "report.md").read_text()
    assert '<h2>Over time</h2>' in (rollcall.folder / "report.html").read_text()
    metrics = (rollcall.folder / "report.prom").read_text()
    assert 'rollcall_drift_findings{endpoint="remote",class="changed"} 0' in metrics
    assert 'rollcall_drift_known_findings{endpoint="remote",standing="acknowledged"} 1' in metrics

    world.set_title("alice", "Chief")
    found, _ = world.drift(expect=2)
    assert found["alice"]["standing"] == "open"


def test_an_acknowledgement_is_taken_back(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    rollcall.env["ROLLCALL_ACTOR"] = "carol@ops"
    rollcall("drift", "acknowledge", "User/alice", "--until", day(1), "--reason", "known")
    rollcall("drift")
    rollcall("drift", "unacknowledge", "User/alice", "--endpoint", "remote")
    rollcall("drift", expect=2)
    listed = rollcall.json("drift", "list")
    assert [finding["standing"] for finding in listed["findings"]] == ["open"]
    # Who silenced what stands in the journal, apart from the runs.
    decisions = rollcall.json("history", "--decisions")["decisions"]
    assert [(d["deed"], d["actor"], d["name"]) for d in decisions] == [
        ("unacknowledge", "carol@ops", "alice"), ("acknowledge", "carol@ops", "alice")]
    assert decisions[1]["reason"] == "known" and decisions[1]["finding"] == listed["findings"][0]["fingerprint"]
    assert re.search(rf"acknowledge +carol@ops +remote User/alice \w+, until {day(1)} 00:00:00Z: known\n",
                     rollcall("history", "--decisions").stdout)
    assert rollcall("history", "--decisions", "--endpoint", "other").stdout == "No decision fits.\n"
    assert len(rollcall.json("history")["runs"]) == 1
    assert rollcall("evidence", "verify").stdout.startswith("The journal is intact")


def test_news_of_the_manifests_count_beside_an_acknowledged_finding(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    rollcall("drift", "acknowledge", "User/alice", "--until", day(1), "--reason", "known")
    rollcall.write("manifests/more.yaml", user("dave"))
    text = rollcall("drift", expect=2).stdout
    assert "User dave" in text and "~ User alice" not in text


@pytest.mark.parametrize("finding, until, reason, words", [
    ("User/alice", "soon", "x", "is no date"), ("User/alice", "2020-01-01", "x", "has passed"),
    ("User/alice", day(400), "x", "a year at most"), ("User/alice", day(3), "  ", "--reason is empty"),
    ("User/nobody", day(3), "x", "no finding is remembered"), ("ffffffff", day(3), "x", "no finding is remembered"),
    ("abc", day(3), "x", "neither a fingerprint"), ("xyzw", day(3), "x", "neither a fingerprint"),
])
def test_an_acknowledgement_that_cannot_be_is_refused_in_words(rollcall, world, finding, until, reason, words):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    done = rollcall("drift", "acknowledge", finding, "--until", until, "--reason", reason, expect=64)
    assert words in done.stderr
    rollcall("drift", expect=2)


def test_an_acknowledgement_needs_a_date_and_a_reason(rollcall, world):
    assert "--until" in rollcall("drift", "acknowledge", "User/alice", "--reason", "x", expect=64).stderr
    assert "--reason" in rollcall("drift", "acknowledge", "User/alice", "--until", day(1), expect=64).stderr


def test_a_baseline_leaves_what_comes_after_it(rollcall, world):
    world.set_title("alice", "Boss")
    text = rollcall("drift", "--write-baseline", "known.json").stdout
    assert text.endswith("Nothing to act on: 1 known from the baseline.\n")
    rollcall("drift", expect=2)
    world.set_title("bob", "Boss")
    found, report = world.drift("--baseline", "known.json", expect=2)
    assert {name: finding["standing"] for name, finding in found.items()} == {"alice": "baseline", "bob": "open"}
    assert report["drift"]["baseline"] == 1
    rollcall.env["ROLLCALL_BASELINE"] = "known.json"
    world.set_title("bob", "Engineer")
    rollcall("drift")
    before = (rollcall.folder / "known.json").read_text()
    rollcall("drift", "--write-baseline", "known.json")
    assert (rollcall.folder / "known.json").read_text() == before


@pytest.mark.parametrize("text, words", [(None, "cannot be read"), ("[", "not a baseline"), ("{}", "has no formatVersion")])
def test_what_is_no_baseline_is_refused(rollcall, world, text, words):
    if text:
        rollcall.write("known.json", text)
    done = rollcall("drift", "--baseline", "known.json", expect=64)
    assert words in done.stderr and "--write-baseline" in done.stderr


def test_no_baseline_is_made_of_half_a_read(rollcall, world):
    world.server.stop()
    done = rollcall("drift", "--write-baseline", "known.json", expect=7)
    assert "the baseline was not written" in done.stderr
    assert not (rollcall.folder / "known.json").exists()


def git(folder, *arguments):
    subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_AUTHOR_NAME": "Zoë Example",
             "GIT_AUTHOR_EMAIL": "zoe@corp.example", "GIT_COMMITTER_NAME": "CI", "GIT_COMMITTER_EMAIL": "ci@corp.example"})


def test_whoever_changed_the_manifest_and_the_time_of_the_endpoint_are_named(rollcall, world):
    git(rollcall.folder, "init", "-q", ".")
    rollcall.write("manifests/people.yaml", user("alice", title="Principal") + user("bob", title="Engineer"))
    git(rollcall.folder, "add", "manifests")
    git(rollcall.folder, "commit", "-qm", "Promote alice")
    world.set_title("alice", "Boss")
    found, report = world.drift(expect=2)
    change = found["alice"]["manifestChange"]
    assert (change["author"], change["subject"]) == ("Zoë Example <zoe@corp.example>", "Promote alice")
    assert report["changes"][0]["manifestChange"] == change
    modified = world.server.users()["alice@corp.example"]["meta"]["lastModified"]
    assert found["alice"]["modified"][:16] == modified[:16]
    for format in ["text", "md", "html", "csv"]:
        text = rollcall("drift", "-o", format, expect=2).stdout
        assert "Zoë Example" in text and change["commit"][:8] in text, format
    text = rollcall("drift", expect=2).stdout
    assert f"changed in both places, the manifest by Zoë Example ({change['commit'][:8]})" in text


def test_foreign_accounts_are_remembered_as_well(world):
    world.server.call("POST", "/Users", {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "mallory@corp.example"})
    found, _ = world.drift(expect=2)
    assert found["mallory@corp.example"]["class"] == "foreign" and found["mallory@corp.example"]["new"]
    found, _ = world.drift(expect=2)
    assert not found["mallory@corp.example"]["new"]


def test_a_state_on_the_command_line_is_heeded_wherever_it_stands(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", "--state", "other.sqlite", expect=2)
    for arguments in [["--state", "other.sqlite", "list"], ["list", "--state", "other.sqlite"]]:
        assert "User alice" in rollcall("drift", *arguments).stdout
    assert rollcall("drift", "list").stdout == "No drift is remembered.\n"


def test_fingerprints_are_shown_where_people_look(rollcall, world):
    world.set_title("alice", "Boss")
    fingerprint = world.drift(expect=2)[0]["alice"]["fingerprint"][:8]
    for format in ["text", "md", "html", "csv", "junit"]:
        assert fingerprint in rollcall("drift", "-o", format, expect=2).stdout, format
    assert re.search(r"User/alice.*_since 1 min_ `" + fingerprint, rollcall("drift", "-o", "md", expect=2).stdout)


def test_what_people_live_with_is_not_written_back(rollcall, world):
    world.set_title("alice", "Boss")
    rollcall("drift", expect=2)
    rollcall("drift", "acknowledge", "User/alice", "--until", day(1), "--reason", "until Monday")
    world.set_title("bob", "Chief")
    rollcall("drift", "--write-back", "--yes")
    text = (rollcall.folder / "manifests/people.yaml").read_text()
    assert "Chief" in text and "Boss" not in text
