"""What an endpoint holds is what its mapping makes of the manifests, and an import turns it round."""

import shutil

import pytest
from conftest import endpoint, user

MAPPING = """  mapping:
    - {to: userName, template: "{{externalId}}@corp.example"}
    - {to: userType, from: enterprise.department, lookup: {Platform: P, Sales: S}, default: X}
    - {to: nickName, firstOf: [title, displayName], lower: true}
    - {to: preferredLanguage, from: emails.value, join: ";"}
    - {to: locale, from: locale, default: en-GB}
"""

PEOPLE = (
    user("alice", enterprise="{department: Platform}", title="Dr", locale="nb-NO",
         emails="[{value: a@x.example, type: work}, {value: b@x.example, type: home}]")
    + user("bob", displayName="Bob B", enterprise="{department: Legal}")
)


@pytest.fixture
def server(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url, extra=MAPPING))
    return server


def test_the_endpoint_holds_what_the_mapping_makes(rollcall, server):
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall("apply", "--yes")
    users = server.users()
    alice, bob = users["E-alice@corp.example"], users["E-bob@corp.example"]
    assert (alice["userType"], alice["nickName"], alice["locale"]) == ("P", "dr", "nb-NO")
    assert alice["preferredLanguage"] == "a@x.example;b@x.example"
    assert (bob["userType"], bob["nickName"], bob["locale"]) == ("X", "bob b", "en-GB")
    server.forget_requests()
    assert "in sync" in rollcall("plan").stdout.lower()
    assert not server.writes()


def test_an_import_turns_the_mapping_round(rollcall, server):
    rollcall.write("manifests/people.yaml", PEOPLE)
    rollcall("apply", "--yes")
    (rollcall.folder / "manifests/people.yaml").unlink()
    shutil.rmtree(rollcall.folder / ".rollcall")
    rollcall("import", "remote", "--out", "manifests/imported")
    written = (rollcall.folder / "manifests/imported/users.yaml").read_text()
    assert "department: Platform" in written and "userType" not in written
    rollcall("plan", "--detailed-exitcode")


def test_a_value_without_an_entry_is_a_fault_before_anything_is_read(rollcall, server):
    rollcall.write("manifests/endpoint.yaml", endpoint(
        server.url, extra="  mapping: [{to: userType, from: title, lookup: {Dr: doctor}}]\n"))
    rollcall.write("manifests/people.yaml", user("alice", title="Mr"))
    for verb in ("validate", "plan"):
        done = rollcall(verb, expect=3)
        assert "M079" in done.stdout + done.stderr and "`Mr`" in done.stdout + done.stderr
    assert not server.requests()
