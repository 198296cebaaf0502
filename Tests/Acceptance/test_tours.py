"""manifests/ and samples/ as a newcomer runs them."""

import os
import re
import subprocess
from types import SimpleNamespace

import pytest
import requests
from conftest import PLAYGROUND, PROGRAM, ROOT

TOURS = sorted(ROOT.glob("samples/*/run.sh"))


def environment(folder):
    return {
        "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "TMPDIR": str(folder), "ROLLCALL": PROGRAM,
        "PLAYGROUND": PLAYGROUND, "PORT": "0"}


def tour(script, tmp_path):
    done = subprocess.run(
        [str(script)], cwd=ROOT, capture_output=True, text=True, timeout=300,
        env=environment(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.glob("tmp.*")), "the tour left something behind"
    return done.stdout


def test_reference_organisation(rollcall):
    report = rollcall.json("validate", "-f", ROOT / "manifests")
    assert report["diagnostics"] == []
    assert report["documents"] == 64


def test_demo(tmp_path):
    output = tour(ROOT / "samples/demo.sh", tmp_path)
    assert output.count("In sync: nothing to change.") == 1
    assert "User yuki" in output and "User felix" in output
    assert output.rstrip().endswith("In sync: no drift.")


@pytest.mark.parametrize("script", TOURS, ids=lambda script: script.parent.name)
def test_sample(script, tmp_path):
    tour(script, tmp_path)


@pytest.fixture
def just_in_time(tmp_path):
    """samples/03-just-in-time, waiting for a browser: where the playground is, the password, and IS1's users."""
    process = subprocess.Popen(
        [str(ROOT / "samples/03-just-in-time/run.sh"), "browser"], cwd=ROOT, env=environment(tmp_path), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("Enter"):
            break
    output = "".join(lines)
    start = re.search(r"^  (http://localhost:\d+/playground2/oauth2.jsp)$", output, re.M)
    assert start, output
    password = re.search(r"^  user name rashmini, password (\S+)$", output, re.M)[1]
    admin, url = re.search(r"--user admin:(\S+) (https://\S+)/scim2/Users$", output, re.M).groups()

    def users():
        answer = requests.get(
            f"{url}/scim2/Users", params={"filter": 'userName ne "admin"'}, auth=("admin", admin),
            verify=next(tmp_path.glob("tmp.*/is1/tls-certificate.pem")))
        return answer.json().get("Resources", [])

    yield SimpleNamespace(start=start[1], is1=url, password=password, users=users)
    process.communicate("\n", timeout=60)
    assert process.returncode == 0
    assert not list(tmp_path.glob("tmp.*")), "the tour left something behind"


def test_just_in_time_in_a_browser(just_in_time, browser):
    assert just_in_time.users() == []
    ids = []
    for visit in ("first", "second"):
        browser.forget()
        browser.visit(just_in_time.start)
        browser.press("Authorize")
        assert browser.heading == "Sign in\nto The first server" and not browser.address.startswith(just_in_time.is1)
        browser.picture(f"{visit}-1-at-is2")
        browser.fill(User_name="rashmini", Password=just_in_time.password)
        browser.press("Sign in")
        if visit == "first":
            assert browser.heading == "Playground asks for access" and browser.address.startswith(just_in_time.is1)
            browser.check_accessible()
            browser.picture(f"{visit}-2-consent-at-is1")
            browser.press("Allow")
        assert browser.address == just_in_time.start
        assert browser.find("#loggedUser").text == "rashmini"
        claims = browser.table("What the ID token says")
        assert claims["iss"] == just_in_time.is1 and claims["email"] == "rash@gmail.com"
        browser.picture(f"{visit}-3-signed-in")
        (user,) = just_in_time.users()
        assert user["userName"] == "rashmini" and user["name"]["givenName"] == "Rashmini" and user["id"] == claims["sub"]
        ids.append(user["id"])
    assert ids[0] == ids[1]
    browser.press("Sign out")
    assert "Here and at the provider." in browser.text
