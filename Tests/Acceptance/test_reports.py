"""Reports in the formats that others read, and what none of them may say."""

import csv
import json
import xml.etree.ElementTree as xml

import pytest
from conftest import endpoint, user

FORMATS = ["text", "json", "md", "html", "junit", "sarif", "csv", "prom"]
CANARY = "canary-5up3r-53cr3t"


def everywhere(folder="."):
    return [word for name in FORMATS for word in ("--report", f"{name}={folder}/report.{name}")]


def test_one_run_writes_every_format(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/all.yaml", endpoint(server.url) + user("alice", title="=cmd|' /C calc'!A0"))
    rollcall("apply", "--yes")
    server.call("PATCH", f"/Users/{server.users()['alice@corp.example']['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    rollcall("drift", *everywhere(), expect=2)

    results = json.loads((rollcall.folder / "report.sarif").read_text())["runs"][0]["results"]
    alice = next(r for r in results if r["ruleId"] == "drift/changed")
    place = alice["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "manifests/all.yaml"
    assert place["region"]["startLine"] == 9

    suites = xml.parse(rollcall.folder / "report.junit").getroot()
    failed = [case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None]
    assert "User/alice" in failed and int(suites.get("failures")) == len(failed)

    with open(rollcall.folder / "report.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["name"] == "alice"]
    assert [(row["what"], row["attribute"], row["before"]) for row in rows] == [("changed", "title", "Intern")]
    assert rows[0]["after"].startswith("'=cmd")

    metrics = (rollcall.folder / "report.prom").read_text()
    assert 'rollcall_drift_findings{endpoint="remote",class="changed"} 1' in metrics
    assert "Intern" in (rollcall.folder / "report.html").read_text()
    assert "alice" not in metrics


def test_faults_of_manifests_are_results_at_their_lines(rollcall):
    rollcall.write("manifests/bad.yaml", user("alice", usrName="x"))
    rollcall("validate", *everywhere(), expect=3)
    result = json.loads((rollcall.folder / "report.sarif").read_text())["runs"][0]["results"][0]
    assert (result["ruleId"], result["level"]) == ("M020", "error")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 8
    assert xml.parse(rollcall.folder / "report.junit").getroot().get("failures") == "1"


def test_the_summary_of_a_job_is_found_and_added_to(rollcall):
    rollcall.write("manifests/all.yaml", user("alice"))
    summary = rollcall.write("summary.md", "# Before\n")
    rollcall.env["GITHUB_STEP_SUMMARY"] = str(summary)
    rollcall("plan")
    text = summary.read_text()
    assert text.startswith("# Before\n") and "## rollcall plan" in text


@pytest.mark.parametrize("report, words", [
    ("html", "is not FORMAT=FILE"), ("pdf=x", "unknown output format"), ("html=nowhere/x.html", "no report can be written"),
])
def test_a_report_that_cannot_be_is_refused_before_anything_is_done(rollcall, report, words):
    rollcall.write("manifests/all.yaml", user("alice"))
    done = rollcall("apply", "--yes", "--report", report, expect=64)
    assert words in done.stderr
    assert not (rollcall.folder / ".rollcall/directory.sqlite").exists()


def told(rollcall, *expected):
    """Everything that validate, plan, apply, drift and a second apply say, in every format and volume."""
    text = ""
    for verb, exit in zip(["validate", "plan", "apply", "drift", "apply"], expected):
        for volume in [[], ["--verbose"], ["--log-format", "json"]]:
            done = rollcall(verb, *(["--yes"] if verb == "apply" else []), *everywhere(), *volume, expect=exit)
            text += done.stdout + done.stderr
            text += "".join((rollcall.folder / f"report.{name}").read_text() for name in FORMATS)
    return text


def test_no_output_tells_a_secret(rollcall):
    rollcall.env["SECRET"] = CANARY
    rollcall.write("password", CANARY + "\n")
    rollcall.write(
        "manifests/all.yaml",
        user("alice", password="{env: SECRET}") + user("bob", password="{file: ../password}")
        + user("carol", password="{exec: [cat, password]}") + user("erin", password=f"{{literal: {CANARY}}}"))
    text = told(rollcall, 0, 0, 0, 0, 0)
    assert "alice" in text and CANARY not in text


def test_no_fault_tells_a_secret(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = CANARY
    rollcall.write("manifests/all.yaml", endpoint(server.url) + user("alice"))
    refused = told(rollcall, 0, 7, 7, 7, 7)
    rollcall.write("manifests/all.yaml", user("dave", password=CANARY) + user("frank", password=f"{{literal: [{CANARY}]}}"))
    faulty = told(rollcall, 3, 3, 3, 3, 3)
    assert "remote" in refused and "dave" not in faulty
    assert CANARY not in refused + faulty
