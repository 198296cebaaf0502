"""The built program, driven as a user drives it, against servers that are not ours."""

import base64
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ROLLCALL") or str(ROOT / ".build/debug/rollcall")
# Beside the program that is tested, unless that was put somewhere by itself.
PLAYGROUND = os.environ.get("PLAYGROUND") or next(
    (str(path) for path in [Path(PROGRAM).with_name("playground")] if path.exists()), str(ROOT / ".build/debug/playground"))
# What is kept of a run to be looked at: pictures of what the browser showed.
ARTIFACTS = Path(os.environ.get("ROLLCALL_ARTIFACTS") or ROOT / ".build/acceptance")


class Rollcall:
    """`rollcall` in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}

    def __call__(self, *arguments, expect=0, stdin=""):
        """Runs a command; `expect` is its exit code, None for any."""
        done = subprocess.run(
            [PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.env, input=stdin,
            capture_output=True, text=True, timeout=120)
        assert expect is None or done.returncode == expect, f"{arguments}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments, expect=0):
        return json.loads(self(*arguments, "-o", "json", expect=expect).stdout)

    def write(self, path, text):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def start(self, *arguments):
        return subprocess.Popen(
            [PROGRAM, *map(str, arguments)], cwd=self.folder, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def rollcall(tmp_path):
    return Rollcall(tmp_path)


class Server:
    """A SCIM server under test conditions: its address, its request log, and a client to change it behind our back."""

    def __init__(self, process, url, log):
        self.process, self.url, self.log = process, url, log

    def requests(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []

    def writes(self):
        return [r for r in self.requests() if r["method"] not in ("GET", "HEAD")]

    def forget_requests(self):
        self.log.write_text("")

    def call(self, method, path, body=None):
        request = urllib.request.Request(
            self.url + path, method=method, data=None if body is None else json.dumps(body).encode(),
            headers={
                "Content-Type": "application/scim+json", "X-Behind-Our-Back": "1",
                "Authorization": "Basic " + base64.b64encode(b"admin:s3cret").decode(),
            })
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def users(self):
        return {u["userName"]: u for u in self.call("GET", "/Users?count=1000").get("Resources", [])}

    def groups(self):
        return {g["displayName"]: g for g in self.call("GET", "/Groups?count=1000").get("Resources", [])}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


@pytest.fixture
def scim_server(tmp_path):
    """Starts the package scim2-server; options of scim_server.py as keywords: `max_results=10`, `fault="503:5"`."""
    started = []

    def start(**options):
        log = tmp_path / f"requests-{len(started)}.log"
        arguments = [f"--{k.replace('_', '-')}={v}" for k, v in options.items()]
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("scim_server.py")), f"--log={log}", *arguments],
            stdout=subprocess.PIPE, text=True)
        started.append(process)
        line = process.stdout.readline()
        url = re.match(r"ready (\S+)", line)
        assert url, f"the server did not start: {line}"
        return Server(process, url[1], log)

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def own_server(rollcall):
    """Starts `rollcall serve` over HTTPS on a free port; answers its address and certificate."""
    started = []

    def start(name="remote", password="s3cret-s3cret", arguments=()):
        rollcall.env["SERVE_PASSWORD"] = password
        process = rollcall.start(
            "serve", "--port", "0", "--store", f"{name}/directory.sqlite", "--admin-password-env", "SERVE_PASSWORD",
            *arguments)
        started.append(process)
        line = process.stdout.readline()
        url = re.match(r"ready (https://\S+)", line)
        assert url, f"serve did not start: {line}{process.stderr.read() if process.poll() is not None else ''}"
        return url[1], rollcall.folder / name / "tls-certificate.pem", process

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@pytest.fixture
def playground(rollcall):
    """Starts `playground` on a free port; answers its address: http://localhost:12345."""
    started = []

    def start(issuer, certificate=None, secret="client-canary", arguments=()):
        rollcall.env["PLAYGROUND_CLIENT_SECRET"] = secret or ""
        options = ["--ca-file", str(certificate)] if certificate else []
        options += ["--client-secret-env", "PLAYGROUND_CLIENT_SECRET"] if secret else []
        process = subprocess.Popen(
            [PLAYGROUND, "--port", "0", "--issuer", issuer, *options, *arguments], env=rollcall.env,
            cwd=rollcall.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        line = process.stdout.readline()
        url = re.match(r"ready (http://localhost:\d+)/playground2/oauth2.jsp$", line)
        assert url, f"playground did not start: {line}{process.stderr.read() if process.poll() is not None else ''}"
        return url[1]

    yield start
    for process in started:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.stderr.read()
        assert process.stderr.read() == ""


@pytest.fixture(scope="session")
def chromium_driver(tmp_path_factory):
    """One Chromium for all tests; it starts with the first that asks for it."""
    import chromium

    driver = chromium.start(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()


@pytest.fixture
def browser(chromium_driver, request):
    """A browser that has never been anywhere. The last thing that it showed is kept as a picture, and whatever its console
    complains of fails the test."""
    from chromium import Browser

    browser = Browser(chromium_driver, ARTIFACTS / "browser", request.node.name)
    yield browser
    browser.picture()
    browser.check_console()


def endpoint(url, name="remote", extra=""):
    """An Endpoint manifest for a server that takes admin:s3cret."""
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: {name}}}
spec:
  type: scim2
  url: {url}
  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
{extra}"""


def user(name, **spec):
    lines = "".join(f"  {key}: {value}\n" for key, value in spec.items())
    return f"""---
apiVersion: rollcall/v1
kind: User
metadata: {{name: {name}}}
spec:
  userName: {name}@corp.example
  externalId: E-{name}
{lines}"""


def group(name, members, **spec):
    lines = "".join(f"  {key}: {value}\n" for key, value in spec.items())
    return f"""---
apiVersion: rollcall/v1
kind: Group
metadata: {{name: {name}}}
spec:
  displayName: {name.capitalize()}
  externalId: G-{name}
  members: [{", ".join(members)}]
{lines}"""
