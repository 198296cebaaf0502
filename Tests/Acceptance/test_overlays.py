"""Overlays: one base, several places; and what they expand to."""

import json

import yaml
from conftest import endpoint, group, user


def base(rollcall, server):
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("base/endpoint.yaml", endpoint("https://nowhere.example/scim2"))
    rollcall.write("base/people.yaml", user("alice", title="${GRADE:=Engineer}") + user("bob"))
    rollcall.write("base/groups.yaml", group("ops", ["alice"]))
    rollcall.write("overlays/prod/overlay.yaml", f"""apiVersion: rollcall/v1
kind: Overlay
metadata: {{name: prod}}
spec:
  resources: [../../base]
  variables: {{GRADE: Principal}}
  commonLabels: {{env: prod}}
  patches:
    - target: {{kind: Endpoint, name: remote}}
      spec: {{url: {server.url}}}
    - target: {{kind: Group, name: ops}}
      spec: {{members: [bob]}}
""")


def test_every_command_honours_it(rollcall, scim_server):
    server = scim_server()
    base(rollcall, server)
    rollcall("validate", "-f", "overlays/prod")
    plan = rollcall.json("plan", "-f", "overlays/prod")
    assert plan["summary"]["create"] == 3
    rollcall("apply", "-f", "overlays/prod", "--yes")
    assert server.users()["alice@corp.example"]["title"] == "Principal"
    assert len(server.groups()["Ops"]["members"]) == 2
    rollcall("drift", "-f", "overlays/prod")
    assert rollcall.json("plan", "-f", "overlays/prod", "-l", "env=prod")["changes"] == []


def test_what_is_rendered_plans_equally(rollcall, scim_server):
    server = scim_server()
    base(rollcall, server)
    rendered = rollcall("render", "-f", "overlays/prod").stdout
    documents = list(yaml.safe_load_all(rendered))
    assert sorted(d["kind"] for d in documents) == ["Endpoint", "Group", "User", "User"]
    assert all(d["metadata"]["labels"]["env"] == "prod" for d in documents)
    assert "${" not in rendered
    rollcall("validate", "-f", "-", stdin=rendered)
    one = rollcall.json("plan", "-f", "overlays/prod")
    other = json.loads(rollcall("plan", "-f", "-", "-o", "json", stdin=rendered).stdout)
    for plan in (one, other):
        for change in plan["changes"]:
            change.pop("source")
    assert one["changes"] == other["changes"]
    assert rollcall("render", "-f", "-", stdin=rendered).stdout.count("---") == 4


def test_faults_point_at_base_or_patch(rollcall, scim_server):
    base(rollcall, scim_server())
    overlay = (rollcall.folder / "overlays/prod/overlay.yaml").read_text()
    rollcall.write("overlays/prod/overlay.yaml", overlay + "    - target: {kind: User, name: alcie}\n      spec: {title: x}\n")
    done = rollcall("validate", "-f", "overlays/prod", expect=3)
    assert "overlays/prod/overlay.yaml:13:15: error[M110]: there is no User named `alcie` to patch" in done.stdout
    assert "did you mean `alice`?" in done.stdout
    rollcall.write("overlays/prod/overlay.yaml", overlay + "    - target: {kind: User, name: alice}\n      spec: {titel: x}\n")
    done = rollcall("plan", "-f", "overlays/prod", expect=3)
    assert "overlays/prod/overlay.yaml:14:14: error[M020]" in done.stdout and "did you mean `title`?" in done.stdout
    rollcall.write("overlays/prod/overlay.yaml", overlay)
    rollcall.write("base/people.yaml", user("alice", active="maybe") + user("bob"))
    assert "base/people.yaml:8:11: error[M021]" in rollcall("render", "-f", "overlays/prod", expect=3).stdout
    assert "M113" in rollcall("validate", "-f", ".", expect=3).stdout
