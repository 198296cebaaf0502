"""Policies: what manifests may not say, and what no plan may do."""

import subprocess

import pytest
from conftest import endpoint, group, user


def policy(rules):
    return f"---\napiVersion: rollcall/v1\nkind: Policy\nmetadata: {{name: rules}}\nspec:\n{rules}"


def test_a_broken_policy_is_a_fault_with_a_place(rollcall):
    rollcall.write("manifests/policy.yaml", policy("  separationOfDuties: [{groups: [maker, checker]}]\n"))
    rollcall.write("manifests/people.yaml", user("alice") + user("bob"))
    rollcall.write("manifests/groups/maker.yaml", group("maker", ["alice"]))
    rollcall.write("manifests/groups/team.yaml", group("team", ["bob", "alice"]))
    rollcall.write(
        "manifests/groups/checker.yaml",
        group("checker", []).replace("members: []", "members: {refs: [{group: team}]}"))
    done = rollcall("validate", expect=3)
    assert "manifests/groups/team.yaml:8:18: error[M091]" in done.stdout
    assert "checker → team → alice" in done.stdout
    assert "manifests/groups/maker.yaml:8:13: note" in done.stdout
    assert "manifests/policy.yaml:6:24: note: the policy `rules` says so here" in done.stdout
    for command in (["plan"], ["apply", "--yes"], ["drift"]):
        assert "M091" in rollcall(*command, expect=3).stdout
    sarif = rollcall("validate", "-o", "sarif", expect=3).stdout
    assert '"M091"' in sarif


def test_folders_and_denials(rollcall):
    rollcall.write(
        "manifests/policy.yaml",
        policy(
            "  paths: [{path: teams/aws/**, kinds: [Group], names: [aws-*]}]\n"
            "  deny: [{kind: User, filter: not (emails pr), message: people need an address}]\n"))
    rollcall.write("manifests/teams/aws/admins.yaml", group("aws-admins", ["alice"]))
    rollcall.write("manifests/people.yaml", user("alice", emails="[{value: alice@corp.example, type: work}]"))
    rollcall("validate")
    rollcall.write("manifests/teams/aws/endpoint.yaml", endpoint("https://idp.example/scim2"))
    rollcall.write("manifests/teams/web/admins.yaml", group("aws-developers", ["alice"]))
    rollcall.write("manifests/more.yaml", user("bob"))
    report = rollcall.json("validate", expect=3)
    assert [(d["code"], d["file"]) for d in report["diagnostics"]] == [
        ("M093", "manifests/more.yaml"), ("M092", "manifests/teams/aws/endpoint.yaml"),
        ("M092", "manifests/teams/web/admins.yaml")]
    assert report["diagnostics"][0]["message"] == "people need an address"


@pytest.fixture
def remote(rollcall, scim_server):
    server = scim_server()
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/endpoint.yaml", endpoint(server.url))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}", active="true") for i in range(20)))
    rollcall.write("manifests/groups.yaml", group("admins", ["user0", "user1"]))
    rollcall("apply", "--yes")
    server.forget_requests()
    return server


def test_no_plan_touches_the_protected(rollcall, remote):
    rollcall.write("manifests/policy.yaml", policy("  protect: [{user: user0}, {user: user1}]\n"))
    rollcall("plan")
    rollcall.write("manifests/groups.yaml", group("admins", ["user1"]))
    rollcall.write("manifests/people.yaml", "".join(user(f"user{i}", active="true") for i in range(20) if i != 1))
    rollcall.write("manifests/groups.yaml", group("admins", ["user2"]))
    report = rollcall.json("apply", "--yes", "--prune", expect=4)
    messages = [o["message"] for o in report["objections"] if o["guardrail"] == "policy"]
    assert any("would disable it" in m for m in messages) and any("take it out of Admins" in m for m in messages)
    assert remote.writes() == []


def test_an_undo_is_no_way_around_approvals(rollcall, remote):
    rollcall.write("manifests/policy.yaml", policy('  tiers: [{tier: "0", groups: [admins], approvals: 2}]\n'))
    members = (rollcall.folder / "manifests/groups.yaml").read_text()
    (rollcall.folder / "manifests/policy.yaml").rename(rollcall.folder / "policy.yaml")
    (rollcall.folder / "manifests/groups.yaml").unlink()
    rollcall("apply", "--yes", "--prune")
    run = rollcall.json("history")["runs"][0]["run"]
    assert [r["run"] for r in rollcall.json("history", "--person", "user0")["runs"]][0] == run
    rollcall.write("manifests/groups.yaml", members)
    (rollcall.folder / "policy.yaml").rename(rollcall.folder / "manifests/policy.yaml")
    remote.forget_requests()
    done = rollcall("undo", run, "--yes", expect=4)
    assert "Access: user0 gains Admins" in done.stdout and "takes 2 approvals" in done.stdout + done.stderr
    assert remote.writes() == []
    rollcall("undo", run, "--yes", "--approvals", "2")
    assert len(remote.groups()["Admins"]["members"]) == 2


def test_a_tier_takes_approvals_and_not_the_authors_own(rollcall, remote):
    rollcall.write(
        "manifests/policy.yaml",
        policy('  tiers: [{tier: "0", groups: [admins], approvals: 2, authorMayNotBenefit: true}]\n'))
    rollcall("plan")
    rollcall.write("manifests/groups.yaml", group("admins", ["user0", "user1", "user2"]))
    assert "2 approvals" in rollcall("plan", expect=4).stdout
    assert "1 given" in rollcall("plan", "--approvals", "1", "--author", "user0", expect=4).stdout
    assert "may not benefit" in rollcall("plan", "--approvals", "2", "--author", "USER2@corp.example", expect=4).stdout
    assert "nobody said who wrote" in rollcall("plan", "--approvals", "2", expect=4).stdout

    def git(*arguments):
        identity = {"GIT_COMMITTER_NAME": "ci", "GIT_COMMITTER_EMAIL": "ci@corp.example"}
        subprocess.run(["git", *arguments], cwd=rollcall.folder, env={**rollcall.env, **identity}, check=True)

    git("init", "--quiet")
    git("add", "manifests")
    git("commit", "--quiet", "--message", "x", "--author", "User Two <user2@corp.example>")
    assert "the author user2 may not benefit" in rollcall("apply", "--yes", "--approvals", "2", expect=4).stdout
    assert remote.writes() == []
    git("commit", "--quiet", "--amend", "--no-edit", "--author", "User One <user1@corp.example>")
    rollcall.env["ROLLCALL_APPROVALS"] = "2"
    rollcall("apply", "--yes")
    assert len(remote.groups()["Admins"]["members"]) == 3
