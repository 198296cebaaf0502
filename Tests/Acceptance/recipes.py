"""Runs the recipes of samples/ci as their forges would: a Git repository, its jobs as the YAML has them, and its pull requests."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml
from conftest import PROGRAM, ROOT
from forges import TOKEN, GitHub, GitLab

CI = ROOT / "samples/ci"


class Repository:
    """A bare repository with the branch main, and a clone that somebody works in."""

    def __init__(self, folder):
        self.folder, self.origin, self.work = folder, folder / "origin.git", folder / "work"
        self.env = {
            "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_{what}": f"dana{tail}" for who in ("AUTHOR", "COMMITTER")
               for what, tail in (("NAME", ""), ("EMAIL", "@corp.example"))}}
        folder.mkdir()
        self.git("init", "--quiet", "--bare", "--initial-branch=main", self.origin, cwd=folder)
        self.git("clone", "--quiet", self.origin, self.work, cwd=folder)
        self.git("checkout", "--quiet", "-B", "main")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Begin")
        self.checkouts = 0

    def git(self, *arguments, cwd=None):
        return subprocess.run(
            ["git", *map(str, arguments)], cwd=cwd or self.work, env=self.env, check=True, capture_output=True,
            text=True).stdout.strip()

    def pre_commit(self, *arguments):
        return subprocess.run(
            ["pre-commit", *arguments], cwd=self.work, env=self.env, check=True, capture_output=True, text=True).stdout

    def commit(self, branch, files, message="Change people"):
        """Commits files (path to text, or None to remove) on a branch, made from main when it is new, and pushes it."""
        known = branch in self.git("branch", "--format=%(refname:short)").split()
        self.git("checkout", "--quiet", *([branch] if known else ["-b", branch, "main"]))
        for path, text in files.items():
            file = self.work / path
            if text is None:
                file.unlink()
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        self.git("push", "--quiet", "origin", branch)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch):
        self.git("checkout", "--quiet", "main")
        self.git("merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)
        self.git("push", "--quiet", "origin", "main")
        return self.git("rev-parse", "HEAD")

    def checkout(self, branch="main"):
        """A fresh clone for a job: main, or what main would be if the branch were merged."""
        self.checkouts += 1
        place = self.folder / f"job-{self.checkouts}"
        self.git("clone", "--quiet", self.origin, place, cwd=self.folder)
        if branch != "main":
            self.git("merge", "--quiet", "--no-ff", "--message", "Merge", f"origin/{branch}", cwd=place)
        return place


class Job:
    """What came of a job: the exit code of the first step that failed, else 0; its log; its folder and its summary."""

    def __init__(self, folder):
        self.folder, self.exit, self.log = folder, 0, ""

    def run(self, script, env):
        """One step or script in bash, as the forges call it."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=self.folder, env=env,
            capture_output=True, text=True, timeout=300)
        self.exit, self.log = done.returncode, self.log + done.stdout + done.stderr

    def leaves(self, files):
        missing = [file for file in files if not (self.folder / file).exists()]
        assert not missing, f"{missing} is to be kept and is not there\n{self.log}"

    def report(self, name):
        return (self.folder / "rollcall-reports" / name).read_text()

    @property
    def summary(self):
        return (self.folder / ".summary.md").read_text()


class Runner:
    """A repository with the files that somebody copies into it, and its forge."""

    def __init__(self, repository, secrets, path):
        self.repository, self.secrets, self.path = repository, secrets, path

    def files(self):
        scripts = {f"ci/{f.name}": f.read_text() for f in (CI / "scripts").iterdir()}
        own = {str(f.relative_to(self.sample)): f.read_text() for f in self.sample.rglob("*.yml")}
        return scripts | own | {"rollcall.yaml": (CI / "github/rollcall.yaml").read_text()}

    def open(self, number, branch):
        self.api.open_request(number, self.repository.git("rev-parse", branch))

    def push(self, number, branch, files):
        self.api.open_request(number, self.repository.commit(branch, files))

    def merge(self, number, branch):
        self.api.merged(number, self.repository.merge(branch))

    def environment(self, folder):
        return {"PATH": f"{self.path}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", "CI": "true"}


class GitHubActions(Runner):
    """As much of GitHub Actions as the workflows use: `run` steps with their `env`; of the actions, that the files that they
    take are there."""

    sample = CI / "github"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.api = GitHub()

    def validate(self, number, branch):
        return self.plan(number, branch, job="validate")

    def plan(self, number, branch, job="plan"):
        """The workflow of a pull request."""
        repository = {"full_name": GitHub.REPOSITORY}
        head = {**self.api.requests[number]["head"], "repo": repository}
        event = {"pull_request": {"number": number, "head": head}, "repository": repository}
        return self.job("rollcall-plan.yml", job, self.repository.checkout(branch), event)

    def apply(self, review=""):
        return self.job("rollcall-apply.yml", "apply", self.repository.checkout(), {}, {"review": review})

    def drift(self):
        return self.job("rollcall-drift.yml", "drift", self.repository.checkout(), {})

    def job(self, workflow, name, folder, event, inputs={}):
        steps = yaml.safe_load((folder / ".github/workflows" / workflow).read_text())["jobs"][name]["steps"]
        (folder / ".event.json").write_text(json.dumps(event))
        context = {"github.token": TOKEN, **{f"inputs.{k}": v for k, v in inputs.items()},
                   **{f"secrets.{k}": v for k, v in self.secrets.items()}}
        env = self.environment(folder) | {
            "GITHUB_ACTIONS": "true", "GITHUB_API_URL": self.api.url, "GITHUB_REPOSITORY": GitHub.REPOSITORY,
            "GITHUB_EVENT_PATH": str(folder / ".event.json"), "GITHUB_STEP_SUMMARY": str(folder / ".summary.md"),
            "GITHUB_SHA": self.repository.git("rev-parse", "HEAD", cwd=folder)}
        job = Job(folder)
        for step in steps:
            if "uses" in step:
                job.leaves(value for key, value in step.get("with", {}).items() if key in ("path", "sarif_file"))
            elif job.exit == 0:
                job.run(step["run"], env | {key: expanded(value, context) for key, value in step.get("env", {}).items()})
        return job


class GitLabCI(Runner):
    """As much of GitLab CI as the pipeline uses: the `script` of a job with the variables that GitLab sets, and that what it
    keeps as artifacts is there."""

    sample = CI / "gitlab"

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.api = GitLab()

    def validate(self, number, branch):
        return self.plan(number, branch, job="validate")

    def plan(self, number, branch, job="plan"):
        """A merged results pipeline."""
        return self.job(job, self.repository.checkout(branch), {
            "CI_MERGE_REQUEST_IID": str(number), "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": self.api.requests[number]["sha"]})

    def apply(self, review=""):
        return self.job("apply", self.repository.checkout(), {"REVIEW": review} if review else {})

    def drift(self):
        return self.job("drift", self.repository.checkout(), {})

    def job(self, name, folder, variables):
        pipeline = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())
        kept = [path for source in (name, pipeline[name].get("extends")) if source
                for path in [*pipeline[source].get("artifacts", {}).get("paths", []),
                             *pipeline[source].get("artifacts", {}).get("reports", {}).values()]]
        job = Job(folder)
        job.run("\n".join(pipeline[name]["script"]), self.environment(folder) | self.secrets | variables | {
            "GITLAB_CI": "true", "CI_API_V4_URL": self.api.url, "CI_PROJECT_ID": str(GitLab.PROJECT),
            "CI_COMMIT_SHA": self.repository.git("rev-parse", "HEAD", cwd=folder), "ROLLCALL_GITLAB_TOKEN": TOKEN})
        job.leaves(kept)
        return job


def expanded(text, context):
    """A value with its `${{ … }}` replaced; an expression that is not in the context is a mistake of the workflow."""
    return re.sub(r"\$\{\{ *(\S+) *\}\}", lambda found: context[found[1]], str(text))


def tools(folder):
    """A folder for PATH with the program under its name."""
    folder.mkdir()
    (folder / "rollcall").symlink_to(PROGRAM)
    return folder
