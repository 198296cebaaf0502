"""The main job at a Google Workspace, held against Google's own discovery document."""

import pytest
from conftest import group, user
from google_server import ADMIN, Google


def person(name, **spec):
    return user(name, **spec) + f"  name: {{givenName: {name.capitalize()}, familyName: Example}}\n"


ANN = person("ann", active="true", title="Engineer", emails="[{value: ann@home.example, type: home}]",
             phoneNumbers='[{value: "+47 22", type: fax}]', displayName="Ann E")
BOB = person("bob", active="true", enterprise="{department: Sales, manager: zoe, employeeNumber: '7'}")
CAT = person("cat", active="true")
ZOE = person("zoe", emails="[{value: zoe@corp.example, type: work, primary: true}]")
PEOPLE = ANN + BOB + CAT + ZOE + group("engineers", ["ann", "bob"])


def endpoint(account, removal="suspend", extra=""):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: google}}
spec:
  type: google
  url: {account.url}
  auth: {{serviceAccount: {{key: {{env: GOOGLE_KEY}}, subject: {ADMIN}}}}}
  google: {{domain: corp.example, orgUnitPath: /Staff, onRemoval: {removal}}}
{extra}"""


@pytest.fixture
def start(rollcall):
    started = []

    def start(removal="suspend", **options):
        account = Google(**options)
        started.append(account)
        rollcall.env["GOOGLE_KEY"] = account.key_file()
        rollcall.write("manifests/endpoint.yaml", endpoint(account, removal))
        return account

    yield start
    for account in started:
        account.stop()


@pytest.fixture
def converged(rollcall, start):
    account = start()
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert report["summary"] == {"create": 5, "update": 0, "disable": 0, "delete": 0, "withheld": 0}
    assert all(change["outcome"] == "applied" for change in report["changes"])
    return account


def by_name(account):
    return {u["primaryEmail"].split("@")[0]: u for u in account.users.values()}


def members(account):
    names = {u["id"]: name for name, u in by_name(account).items()}
    (only,) = account.groups
    return sorted(names[id] for id in account.members[only])


def test_apply_converges_and_then_has_nothing_to_do(rollcall, converged):
    users = by_name(converged)
    assert users["ann"]["phones"] == [{"value": "+47 22", "type": "work_fax"}]
    assert users["bob"]["relations"] == [{"type": "manager", "value": "zoe@corp.example"}]
    assert users["bob"]["organizations"] == [{"primary": True, "department": "Sales"}]
    assert {u["orgUnitPath"] for u in users.values()} == {"/Staff"}
    assert members(converged) == ["ann", "bob"]
    (engineers,) = converged.groups.values()
    assert (engineers["email"], engineers["name"]) == ("engineers@corp.example", "Engineers")
    # Four users, a group, two members, and nothing else.
    assert len(converged.writes()) == 7
    converged.requests.clear()
    assert rollcall.json("plan")["changes"] == []
    assert rollcall.json("apply", "--yes")["changes"] == []
    assert converged.writes() == []
    # Users, groups and members, twice.
    assert len(converged.requests) == 6


def member_reads(account):
    return sorted(path.split("/")[-2] for method, path, *_ in account.requests
                  if method == "GET" and path.split("?")[0].endswith("/members"))


def test_members_are_read_of_managed_groups_alone(rollcall, converged):
    ours = list(converged.groups)
    ann = by_name(converged)["ann"]["id"]
    for name in ("choir", "chess"):
        converged.groups[name] = {"id": name, "email": f"{name}@corp.example", "name": name}
        converged.members[name] = {ann: {"id": ann, "role": "MEMBER", "type": "USER"}}
    converged.requests.clear()
    (google,) = rollcall.json("plan")["endpoints"]
    assert {foreign["name"] for foreign in google["foreign"]} == {"choir", "chess"}
    assert member_reads(converged) == ours
    # Found by its name, it is compared whole before it is adopted.
    converged.requests.clear()
    rollcall.write("manifests/chess.yaml", group("chess", ["bob"]))
    (change,) = rollcall.json("plan")["changes"]
    assert (change["action"], change["situation"]) == ("update", "found")
    assert member_reads(converged) == sorted(ours + ["chess"])
    # With a group that goes, it is told who loses it.
    rollcall("apply", "--yes")
    (rollcall.folder / "manifests/chess.yaml").unlink()
    converged.requests.clear()
    rollcall.json("plan")
    assert member_reads(converged) == ours
    losses = rollcall.json("plan", "--prune")["access"]
    assert [(loss["member"], loss["group"]) for loss in losses] == [("bob", "chess")]


def test_only_differences_are_written(rollcall, converged):
    converged.requests.clear()
    rollcall.write("manifests/people.yaml", (
        person("ann", active="true", title="Architect") + BOB.replace("active: true", "active: false")
        + CAT + ZOE + group("engineers", ["bob", "cat"])))
    rollcall("apply", "--yes")
    users = by_name(converged)
    assert users["ann"]["organizations"] == [{"primary": True, "title": "Architect"}]
    assert "phones" not in users["ann"] and "displayName" not in users["ann"]["name"]
    assert users["bob"]["suspended"] is True
    assert members(converged) == ["bob", "cat"]
    assert len(converged.writes()) == 4
    assert rollcall.json("plan")["changes"] == []


def test_drift_is_told_and_repaired(rollcall, converged):
    ann = by_name(converged)["ann"]
    ann["organizations"] = [{"primary": True, "title": "Intern"}, {"name": "Choir"}]
    report = rollcall.json("drift", expect=2)
    (change,) = report["changes"]
    assert (change["kind"], change["name"], change["action"]) == ("User", "ann", "update")
    rollcall("apply", "--yes")
    assert ann["organizations"] == [{"primary": True, "title": "Engineer"}, {"name": "Choir"}]
    rollcall("drift")


def test_who_leaves_is_suspended(rollcall, converged):
    rollcall.write("manifests/people.yaml", PEOPLE.replace(CAT, ""))
    rollcall("apply", "--yes", "--prune")
    assert by_name(converged)["cat"]["suspended"] is True
    assert rollcall.json("plan")["changes"] == []


def test_who_leaves_is_deleted_where_that_is_asked_for(rollcall, start):
    account = start("delete")
    leaving = person("cat", lifecycle="{onRemoval: Delete}")
    rollcall.write("manifests/people.yaml", ANN + leaving)
    rollcall("apply", "--yes")
    rollcall.write("manifests/people.yaml", ANN)
    rollcall("apply", "--yes", "--prune")
    assert list(by_name(account)) == ["ann"]
    rollcall.write("manifests/people.yaml", ANN + leaving)
    (change,) = rollcall.json("apply", "--yes", expect=6)["changes"]
    assert change["message"].startswith("the user cat@corp.example was deleted") and "restore" in change["message"]


def test_a_rename_keeps_the_user_and_its_alias_is_no_difference(rollcall, converged):
    before = by_name(converged)["ann"]["id"]
    rollcall.write("manifests/people.yaml", PEOPLE.replace("userName: ann@", "userName: anne@"))
    rollcall("apply", "--yes")
    assert by_name(converged)["anne"]["id"] == before
    assert by_name(converged)["anne"]["aliases"] == ["ann@corp.example"]
    assert rollcall.json("plan")["changes"] == []


def test_quotas_are_waited_for(rollcall, start):
    account = start()
    account.faults += [
        ("GET .*/users$", 403, "userRateLimitExceeded", "User Rate Limit Exceeded"),
        ("POST .*/users$", 403, "quotaExceeded", "Request rate higher than configured."),
        ("POST .*/members$", 429, "rateLimitExceeded", "Too fast"), ("POST .*/groups$", 503, "backendError", "Busy")]
    rollcall.write("manifests/people.yaml", PEOPLE)
    report = rollcall.json("apply", "--yes")
    assert all(change["outcome"] == "applied" for change in report["changes"])
    assert account.faults == [] and members(account) == ["ann", "bob"]


def test_what_is_not_delegated_is_told_with_the_way_out(rollcall, start):
    account = start()
    account.delegated.clear()
    rollcall.write("manifests/people.yaml", PEOPLE)
    failed = rollcall("plan", expect=7)
    assert "for exactly these scopes: https://www.googleapis.com/auth/admin.directory.user," in (
        failed.stdout + failed.stderr)
    assert account.users == {}


def test_a_token_that_is_refused_is_renewed(rollcall, start):
    account = start()
    account.faults.append(("GET .*/users$", 401, "authError", "Invalid Credentials"))
    rollcall.write("manifests/people.yaml", ANN)
    rollcall("apply", "--yes")
    assert list(by_name(account)) == ["ann"]


def test_roles_are_managed_where_there_are_any(rollcall, start):
    account = start()
    rollcall.write("manifests/people.yaml", PEOPLE + """---
apiVersion: rollcall/v1
kind: Role
metadata: {name: helpdesk}
spec:
  displayName: Helpdesk
  permissions: [00haapch16h1ysv/USERS_RETRIEVE]
  members: {refs: [{user: ann}, {group: engineers}]}
""")
    rollcall("apply", "--yes")
    (role,) = account.roles.values()
    assert role["rolePrivileges"] == [{"serviceId": "00haapch16h1ysv", "privilegeName": "USERS_RETRIEVE"}]
    assert {a["assigneeType"] for a in account.assignments.values()} == {"user", "group"}
    assert rollcall.json("plan")["changes"] == []


def test_more_than_one_page_is_read(rollcall, start):
    account = start(page=7)
    names = [f"u{number:02}" for number in range(30)]
    boss = "{manager: u29}"
    rollcall.write("manifests/people.yaml", "".join(
        person(name, **({} if name == "u29" else {"enterprise": boss})) for name in names) + group("all", names))
    rollcall("apply", "--yes")
    assert len(account.users) == 30 and members(account) == names
    report = rollcall.json("plan")
    assert report["changes"] == []


def test_what_is_there_is_imported(rollcall, converged):
    rollcall("import", "google", "--out", "imported")
    text = "".join(file.read_text() for file in sorted((rollcall.folder / "imported").rglob("*.yaml")))
    for part in ("ann@corp.example", "Engineers", "department: Sales"):
        assert part in text


def test_no_output_shows_the_key(rollcall, start):
    account = start()
    account.delegated.clear()
    rollcall.write("manifests/people.yaml", ANN)
    key = rollcall.env["GOOGLE_KEY"]
    done = rollcall("plan", expect=7)
    assert key[200:240] not in done.stdout + done.stderr and "ya29" not in done.stdout + done.stderr
