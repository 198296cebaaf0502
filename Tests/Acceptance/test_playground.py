"""The playground signs users in at our OpenID provider, in a real browser; and it takes nothing from a provider that lies."""

import http.server
import json
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import jwt
import oidc_provider_mock
import pytest
import requests
from chromium import Keys
from conftest import PLAYGROUND
from cryptography.hazmat.primitives.asymmetric import rsa

START = "/playground2/oauth2.jsp"
CALLBACK = "/playground2/oauth2client"


@pytest.fixture
def site(own_server, playground):
    """A provider with the user ann, and a playground that it knows."""
    url, certificate, _ = own_server("is")
    admin = requests.Session()
    admin.verify, admin.trust_env, admin.auth = str(certificate), False, ("admin", "s3cret-s3cret")

    def register(base, **more):
        application = {
            "clientId": "playground2", "redirectURIs": [base + CALLBACK], "pkce": "required",
            "postLogoutRedirectURIs": [base + "/playground2/"], "grantTypes": ["authorization_code", "refresh_token"]}
        answer = admin.post(f"{url}/scim2/ServiceProviders", json={
            "name": "playground2", "displayName": "Playground", "inbound": {"openidconnect": application | more}})
        assert answer.ok, answer.text

    answer = admin.post(f"{url}/scim2/Users", json={
        "userName": "ann", "password": "ann-s-secret", "name": {"givenName": "Ann", "familyName": "B"},
        "emails": [{"value": "ann@corp.example", "type": "work"}]})
    assert answer.ok, answer.text
    return SimpleNamespace(
        provider=url, certificate=certificate, ann=answer.json()["id"], register=register,
        playground=lambda secret="client-canary": playground(url, certificate, secret))


@pytest.fixture
def known(site):
    """The address of a playground that is registered."""
    base = site.playground()
    site.register(base, clientSecret="client-canary")
    return base


def sign_in(browser, base, name="ann", password="ann-s-secret"):
    browser.visit(base + START)
    browser.press("Authorize")
    browser.fill(User_name=name, Password=password)
    browser.press("Sign in")


def test_a_user_signs_in_and_out(browser, site, known):
    browser.visit(known)
    assert browser.address == known + START
    browser.check_accessible()
    browser.press("Authorize")
    assert browser.heading == "Sign in\nto Playground"
    browser.check_accessible()
    browser.picture("1-login")
    browser.fill(User_name="ann", Password="ann-s-secret")
    browser.press("Sign in")
    assert browser.heading == "Playground asks for access" and "See your e-mail address" in browser.text
    browser.check_accessible()
    browser.picture("2-consent")
    browser.press("Allow")

    assert browser.address == known + START
    assert browser.find("#loggedUser").text == "ann"
    claims = browser.table("What the ID token says")
    assert claims["iss"] == site.provider and claims["sub"] == site.ann and claims["email"] == "ann@corp.example"
    assert browser.table("What the userinfo endpoint says")["given_name"] == "Ann"
    tokens = browser.table("The tokens")
    assert tokens["Access token"].startswith("lives 3600 seconds, until 20") and tokens["Renewed"] == "0 times"
    browser.check_accessible()
    browser.picture("3-signed-in")
    browser.press("Renew the tokens")
    assert browser.table("The tokens")["Renewed"] == "once"
    # Whoever has a token is the user: none is shown.
    source = browser.driver.page_source
    for secret in ("rca_", "rcr_", "eyJ", "client-canary"):
        assert secret not in source

    browser.press("Sign out")
    assert browser.heading == "You are signed out" and "Here and at the provider." in browser.text
    browser.check_accessible()
    browser.press("To the form")
    browser.press("Authorize")
    assert browser.heading == "Sign in\nto Playground", "the provider has forgotten the user too"


def test_a_second_time_nothing_is_asked(browser, site, known):
    sign_in(browser, known)
    browser.press("Allow")
    browser.driver.delete_cookie(f"playground-{known.rsplit(':', 1)[1]}")
    browser.visit(known + START)
    browser.press("Authorize")
    assert browser.find("#loggedUser").text == "ann"


def test_an_impatient_user(browser, site, known):
    sign_in(browser, known)
    browser.press("Allow")
    (secret,) = [cookie for cookie in browser.cookies() if cookie["name"].startswith("playground-")]

    def click():
        return requests.post(
            f"{known}/playground2/renew", headers={"Origin": known}, cookies={secret["name"]: secret["value"]})

    with ThreadPoolExecutor(8) as clicks:
        answers = [answer.result() for answer in [clicks.submit(click) for _ in range(8)]]
    assert all(answer.status_code == 200 and "ann" in answer.text for answer in answers)
    # A refresh token that came twice would have ended it all.
    browser.visit(known + START)
    browser.press("Renew the tokens")
    assert browser.find("#loggedUser").text == "ann"


def test_a_wrong_password(browser, site, known):
    browser.refusals = {403}
    sign_in(browser, known, password="not-ann-s-secret")
    assert browser.find("[role=alert]").text == "The user name or the password is wrong."
    assert browser.field("User name").get_attribute("value") == "ann" and browser.focused == "Password"
    browser.check_accessible()
    browser.picture("refused")
    sign_in(browser, known, name="nobody")
    assert browser.find("[role=alert]").text == "The user name or the password is wrong."
    browser.fill(User_name="ann", Password="ann-s-secret")
    browser.press("Sign in")
    assert browser.heading == "Playground asks for access"


def test_by_keyboard_alone(browser, site, known):
    browser.visit(known + START)
    browser.type(Keys.TAB)
    assert browser.focused == "Client Id"
    browser.enter()
    assert browser.focused == "User name"
    browser.type("ann", Keys.TAB)
    assert browser.focused == "Password"
    browser.type("ann-s-secret")
    browser.enter()
    browser.type(Keys.TAB)
    assert browser.focused == "Skip to the content"
    browser.type(Keys.ENTER, Keys.TAB)
    assert browser.focused == "Allow"
    browser.type(Keys.TAB)
    assert browser.focused == "Deny"
    browser.back()
    assert browser.focused == "Allow"
    browser.enter()
    assert browser.find("#loggedUser").text == "ann"


def test_a_user_who_does_not_allow_it(browser, site, known):
    browser.refusals = {403}
    sign_in(browser, known)
    browser.press("Deny")
    assert browser.heading == "The provider refuses"
    assert browser.find("[role=alert]").text.startswith("It answered access_denied: ")
    browser.check_accessible()


def test_light_and_dark(browser, known):
    browser.visit(known + START)
    browser.press("Authorize")
    paper = {}
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.picture(scheme)
        paper[scheme] = browser.find("body").value_of_css_property("background-color")
    assert paper["light"] != paper["dark"]


def test_on_a_narrow_screen(browser, known):
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True})
    try:
        sign_in(browser, known)
        browser.picture("consent")
        browser.press("Allow")
        assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= 320
        browser.picture("signed-in")
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_cookies_are_for_nobody_else(browser, site, known):
    sign_in(browser, known)
    browser.press("Allow")
    cookies = {cookie["name"]: cookie for cookie in browser.cookies()}
    ports = {where: address.rsplit(":", 1)[1] for where, address in (("is", site.provider), ("site", known))}
    assert set(cookies) == {
        f"__Host-rollcall-session-{ports['is']}", f"__Host-rollcall-browser-{ports['is']}", f"playground-{ports['site']}"}
    for name, cookie in cookies.items():
        assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and cookie["session"], name
        assert cookie["secure"] == name.startswith("__Host-")


def test_a_public_client(browser, site):
    base = site.playground(secret=None)
    site.register(base)
    sign_in(browser, base)
    browser.press("Allow")
    assert browser.find("#loggedUser").text == "ann"


def test_an_answer_that_was_not_asked_for(browser, known):
    browser.refusals = {400}
    browser.visit(known + CALLBACK + "?code=stolen&state=guessed")
    assert browser.heading == "This page was too old"
    browser.visit(known + START)
    browser.press("Authorize")
    browser.visit(known + CALLBACK + "?code=stolen&state=guessed")
    assert browser.heading == "This page was too old"


def test_another_client(browser, site, known):
    browser.refusals = {400}
    browser.visit(known + START)
    browser.fill(Client_Id="unknown")
    browser.press("Authorize")
    assert browser.address.startswith(site.provider) and "No application with this client_id" in browser.text


def test_another_site_cannot_send_its_forms(known):
    for place in ("oauth2-authorize-user.jsp", "renew", "logout"):
        for origin in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
            answer = requests.post(f"{known}/playground2/{place}", headers=origin, data={}, allow_redirects=False)
            assert answer.status_code == 400 and "another site" in answer.text


def test_a_certificate_that_is_not_trusted(own_server, playground, browser):
    url, _, _ = own_server("is")
    browser.refusals = {503}
    browser.visit(playground(url) + START)
    browser.press("Authorize")
    assert browser.heading == "The provider does not answer as it should" and "--ca-file" in browser.text


@pytest.mark.parametrize("arguments, reason", [
    (["--issuer", "http://id.example"], "must be https"), (["--scope", "email"], "openid must be among them"),
    (["--client-secret-env", "NOT_SET"], "NOT_SET is not set"), (["--port", "99999"], "0 to 65535"),
    (["--ca-file", "no-such-file.pem"], "no-such-file.pem")], ids=lambda value: value[0] if isinstance(value, list) else "")
def test_what_is_said_wrong_is_named(arguments, reason, tmp_path):
    done = subprocess.run([PLAYGROUND, *arguments], cwd=tmp_path, env={}, capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and reason in done.stderr and done.stdout == ""


def test_a_port_that_is_taken(playground):
    taken = playground("https://localhost:1").rsplit(":", 1)[1]
    done = subprocess.run([PLAYGROUND, "--port", taken], env={}, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and done.stdout == ""
    assert f"cannot listen on port {taken}: address already in use" in done.stderr


def test_a_provider_that_is_not_ours(playground):
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        requests.put(f"{issuer}/users/alice", json={"email": "alice@corp.example"}).raise_for_status()
        base = playground(issuer, arguments=["--scope", "openid email"])
        person = requests.Session()
        page = person.post(
            f"{base}/playground2/oauth2-authorize-user.jsp", data={"consumerKey": "playground2"}, headers={"Origin": base})
        assert "Authorize Client" in page.text
        page = person.post(page.url, data={"sub": "alice"})
        assert page.url == base + START and re.search(r'id="loggedUser">alice<', page.text)
        assert "alice@corp.example" in page.text and f">{issuer}</td>" in page.text
        page = person.post(f"{base}/playground2/renew", headers={"Origin": base})
        assert ">once</td>" in page.text


class Liar(http.server.BaseHTTPRequestHandler):
    """A provider that lets everybody in, and errs in one thing."""

    key, other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
    fault, nonce = None, None

    @property
    def issuer(self):
        return f"http://localhost:{self.server.server_port}"

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        if parts.path == "/authorize":
            asked = dict(urllib.parse.parse_qsl(parts.query))
            type(self).nonce = asked["nonce"]
            answer = {"code": "c", "state": asked["state"]} | ({"iss": "http://evil.example"} if self.fault == "answer" else {})
            self.send_response(303)
            self.send_header("Location", asked["redirect_uri"] + "?" + urllib.parse.urlencode(answer))
            self.end_headers()
        elif parts.path == "/keys":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            self.answer({"keys": [key | {"kid": "k", "use": "sig", "alg": "RS256"}]})
        elif parts.path == "/userinfo":
            self.answer({"sub": "eve" if self.fault == "userinfo" else "ann"})
        else:
            self.answer({
                "issuer": self.issuer + ("/" if self.fault == "description" else ""),
                "authorization_endpoint": self.issuer + "/authorize", "token_endpoint": self.issuer + "/token",
                "jwks_uri": self.issuer + "/keys", "userinfo_endpoint": self.issuer + "/userinfo"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "playground2", "sub": "ann", "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims |= {"nonce": {"nonce": "replayed"}, "aud": {"aud": "another"}, "iss": {"iss": "http://evil.example"},
                   "exp": {"exp": now - 3600}, "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}.get(self.fault, {})
        if self.fault == "alg":
            token = jwt.encode(claims, None, algorithm="none", headers={"kid": "k"})
        else:
            token = jwt.encode(
                claims, self.other if self.fault == "signature" else self.key, algorithm="RS256", headers={"kid": "k"})
        kind = "mac" if self.fault == "token type" else "Bearer"
        self.answer({"access_token": "a", "token_type": kind, "expires_in": 60, "id_token": token})

    def answer(self, body):
        body = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def liar():
    """Starts a provider with one fault, or none; answers its issuer."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Liar", (Liar,), {}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("fault, reason", [
    (None, None), ("nonce", "not the answer to what we asked"), ("aud", "meant for others"), ("iss", "not by http://localhost"),
    ("exp", "has expired"), ("at_hash", "does not belong to the access token"), ("alg", "not RS256 or ES256"),
    ("signature", "signature of the ID token is wrong"), ("answer", "answer comes from"),
    ("userinfo", "another user than the ID token"), ("token type", "no bearer token"), ("description", "another issuer")])
def test_a_provider_that_lies(liar, playground, fault, reason):
    liar.RequestHandlerClass.fault = fault
    base = playground(f"http://localhost:{liar.server_port}")
    person = requests.Session()
    page = person.post(
        f"{base}/playground2/oauth2-authorize-user.jsp", data={"consumerKey": "playground2"}, headers={"Origin": base})
    if fault is None:
        assert page.status_code == 200 and re.search(r'id="loggedUser">ann<', page.text)
    else:
        assert page.status_code == 502 and reason in page.text
        assert "loggedUser" not in person.get(base + START).text
