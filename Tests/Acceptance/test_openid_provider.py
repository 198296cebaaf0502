"""The OpenID provider, used by a client that is not ours: Authlib over requests, with PyJWT for signatures and a browser's
part played by a session that reads the pages as they are."""

import base64
import hashlib
import html.parser
import time
import urllib.parse

import jwt
import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.discovery import OpenIDProviderMetadata

REDIRECT = "http://localhost:8080/playground2/oauth2client"
FAREWELL = "http://localhost:8080/playground2/"

APPLICATION = {
    "clientId": "playground2", "clientSecret": "client-canary", "redirectURIs": [REDIRECT],
    "postLogoutRedirectURIs": [FAREWELL], "grantTypes": ["authorization_code", "refresh_token"], "pkce": "required"}


class Page(html.parser.HTMLParser):
    """The forms of a page: where each goes, and its fields with their values."""

    def __init__(self, text):
        super().__init__()
        self.forms, self.buttons = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append((given["action"], {}))
            assert given["method"] == "post"
        elif tag == "input":
            self.forms[-1][1][given["name"]] = given.get("value", "")
        elif tag == "button" and "name" in given:
            self.buttons.append((given["name"], given["value"]))
        assert tag != "script"


class Person:
    """Somebody with a browser."""

    def __init__(self, url, certificate):
        self.url, self.browser = url, requests.Session()
        self.browser.verify, self.browser.trust_env = str(certificate), False

    def follow(self, answer):
        """Goes where the answer leads as long as that is the server; answers the page, or the last redirect."""
        while answer.is_redirect:
            target = urllib.parse.urljoin(answer.url, answer.headers["Location"])
            if not target.startswith(self.url):
                return answer
            answer = self.browser.get(target, allow_redirects=False)
        return answer

    def visit(self, address):
        return self.follow(self.browser.get(address, allow_redirects=False))

    def fill(self, page, **fields):
        action, hidden = Page(page.text).forms[0]
        return self.follow(self.browser.post(self.url + action, data=hidden | fields, allow_redirects=False))

    def authorize(self, address, name="ann", password="ann-s-secret"):
        """Signs in and allows everything, as far as the pages ask; answers the address of the application."""
        answer = self.visit(address)
        if "password" in answer.text:
            answer = self.fill(answer, username=name, password=password)
        if ("decision", "allow") in Page(answer.text).buttons:
            answer = self.fill(answer, decision="allow")
        assert answer.is_redirect, answer.text
        return answer.headers["Location"]


class Application:
    """The client: everything that it knows of the server it has discovered."""

    def __init__(self, url, certificate, client="playground2", secret="client-canary"):
        self.verify = str(certificate)
        self.metadata = OpenIDProviderMetadata(
            requests.get(url + "/.well-known/openid-configuration", verify=self.verify).json())
        self.metadata.validate()
        self.client = client
        self.session = OAuth2Session(
            client, secret, redirect_uri=REDIRECT, scope="openid profile email groups",
            token_endpoint_auth_method="client_secret_basic" if secret else "none", code_challenge_method="S256")
        self.session.verify, self.session.trust_env = self.verify, False
        self.verifier, self.nonce = generate_token(64), generate_token(16)

    def address(self, **parameters):
        url, self.state = self.session.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce=self.nonce, **parameters)
        return url

    def tokens(self, answer):
        parameters = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))
        assert parameters["iss"] == self.metadata["issuer"]
        assert parameters["state"] == self.state
        return self.session.fetch_token(
            self.metadata["token_endpoint"], authorization_response=answer, code_verifier=self.verifier)

    def keys(self):
        return requests.get(self.metadata["jwks_uri"], verify=self.verify).json()

    def claims(self, token, algorithm="RS256", nonce=True):
        """The claims of the ID token, checked as OpenID Connect Core section 3.1.3.7 has it."""
        text = token["id_token"]
        key = jwt.PyJWKSet.from_dict(self.keys())[jwt.get_unverified_header(text)["kid"]]
        claims = jwt.decode(
            text, key, algorithms=[algorithm], audience=self.client, issuer=self.metadata["issuer"],
            options={"require": ["iss", "sub", "aud", "exp", "iat"]})
        digest = hashlib.sha256(token["access_token"].encode()).digest()[:16]
        assert claims["at_hash"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
        assert claims["azp"] == self.client and claims.get("nonce") == (self.nonce if nonce else None)
        return claims

    def user(self, token):
        return requests.get(
            self.metadata["userinfo_endpoint"], verify=self.verify,
            headers={"Authorization": f"Bearer {token['access_token']}"})

    def refresh(self, token):
        return self.session.refresh_token(self.metadata["token_endpoint"], refresh_token=token["refresh_token"])


@pytest.fixture
def provider(own_server):
    """A server with the user ann, the group staff and the application playground2."""
    url, certificate, process = own_server("is")
    admin = requests.Session()
    admin.verify, admin.trust_env, admin.auth = str(certificate), False, ("admin", "s3cret-s3cret")

    def call(method, path, body=None):
        answer = admin.request(method, f"{url}/scim2{path}", json=body)
        assert answer.ok, answer.text
        return answer.json() if answer.text else None

    ann = call("POST", "/Users", {
        "userName": "ann", "password": "ann-s-secret", "name": {"givenName": "Ann", "familyName": "B"},
        "emails": [{"value": "ann@corp.example", "type": "work"}]})
    call("POST", "/Groups", {"displayName": "staff", "members": [{"value": ann["id"]}]})
    call("POST", "/ServiceProviders", {
        "name": "playground2", "displayName": "Playground", "inbound": {"openidconnect": APPLICATION}})
    return url, certificate, ann["id"], call


def test_a_foreign_client_signs_a_user_in(provider):
    url, certificate, ann, _ = provider
    person, application = Person(url, certificate), Application(url, certificate)
    token = application.tokens(person.authorize(application.address()))
    assert token["token_type"] == "Bearer" and token["scope"] == "openid profile email groups"
    claims = application.claims(token)
    assert claims["sub"] == ann and claims["email"] == "ann@corp.example" and claims["groups"] == ["staff"]
    assert abs(claims["auth_time"] - time.time()) < 120 and claims["amr"] == ["pwd"]
    user = application.user(token).json()
    assert user["sub"] == ann and user["given_name"] == "Ann" and user["preferred_username"] == "ann"
    # Signed in and agreed: the second time nothing is asked.
    again = person.visit(application.address(prompt="none"))
    assert again.is_redirect and "code=" in again.headers["Location"]
    # WSO2's address tells the same.
    other = requests.get(url + "/oauth2/token/.well-known/openid-configuration", verify=str(certificate)).json()
    assert other == application.metadata


def test_a_foreign_client_refreshes_and_a_thief_ends_it_all(provider):
    url, certificate, _, _ = provider
    application = Application(url, certificate)
    first = application.tokens(Person(url, certificate).authorize(application.address()))
    second = application.refresh(first)
    assert second["refresh_token"] != first["refresh_token"]
    assert application.user(second).status_code == 200
    assert application.claims(second, nonce=False)["sid"] == application.claims(first)["sid"]
    with pytest.raises(OAuthError, match="invalid_grant"):
        application.refresh(first)
    with pytest.raises(OAuthError, match="invalid_grant"):
        application.refresh(second)
    assert application.user(second).status_code == 401


def test_a_public_client_proves_its_codes(provider):
    url, certificate, ann, call = provider
    call("POST", "/ServiceProviders", {
        "name": "spa", "inbound": {"openidconnect": {"clientId": "spa", "redirectURIs": [REDIRECT]}}})
    application = Application(url, certificate, "spa", None)
    person = Person(url, certificate)
    answer = person.authorize(application.address())
    stolen = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer).query))["code"]
    refused = requests.post(
        application.metadata["token_endpoint"], verify=str(certificate),
        data={"grant_type": "authorization_code", "client_id": "spa", "code": stolen, "redirect_uri": REDIRECT})
    assert refused.status_code == 400 and refused.json()["error"] == "invalid_grant"
    assert application.claims(application.tokens(answer))["sub"] == ann
    plain = person.browser.get(application.metadata["authorization_endpoint"], allow_redirects=False, params={
        "client_id": "spa", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid"})
    assert "error=invalid_request" in plain.headers["Location"]
    assert create_s256_code_challenge(application.verifier) in application.address()


def test_signing_out_ends_the_session_and_its_tokens(provider):
    url, certificate, _, _ = provider
    person, application = Person(url, certificate), Application(url, certificate)
    token = application.tokens(person.authorize(application.address()))
    bye = person.visit(application.metadata["end_session_endpoint"] + "?" + urllib.parse.urlencode({
        "id_token_hint": token["id_token"], "post_logout_redirect_uri": FAREWELL, "state": "xyz"}))
    assert bye.headers["Location"] == FAREWELL + "?state=xyz"
    assert "error=login_required" in person.visit(application.address(prompt="none")).headers["Location"]
    assert application.user(token).status_code == 401
    with pytest.raises(OAuthError, match="invalid_grant"):
        application.refresh(token)


def test_keys_are_rotated_while_the_server_runs(provider, rollcall):
    url, certificate, ann, call = provider
    call("POST", "/ServiceProviders", {
        "name": "es", "inbound": {"openidconnect": APPLICATION | {"clientId": "es", "idTokenAlgorithm": "ES256"}}})
    person, application = Person(url, certificate), Application(url, certificate)
    old = application.tokens(person.authorize(application.address()))
    before = {key["kid"] for key in application.keys()["keys"]}
    assert len(before) == 2
    store = rollcall.folder / "is/directory.sqlite"
    listed = rollcall.json("keys", "rotate", "--store", store)
    assert {key["id"] for key in listed if "retired" in key} == before and len(listed) == 4
    assert {key["kid"] for key in application.keys()["keys"]} == {key["id"] for key in listed}
    new = application.tokens(person.authorize(application.address()))
    heads = [jwt.get_unverified_header(token["id_token"]) for token in (old, new)]
    assert heads[0]["kid"] in before and heads[1]["kid"] not in before
    for token in (old, new):
        assert application.claims(token)["sub"] == ann
    elliptic = Application(url, certificate, "es")
    assert elliptic.claims(elliptic.tokens(person.authorize(elliptic.address())), "ES256")["sub"] == ann
    # The private halves are nowhere but sealed, and the key to them is beside the store, for its owner only.
    assert b"PRIVATE KEY" not in store.read_bytes()
    assert (rollcall.folder / "is/secret.key").stat().st_mode & 0o777 == 0o600
    audit = rollcall("serve", "audit", "--store", store).stdout
    assert "signing key made: ES256" in audit and "signed in with local:basic" in audit
    for secret in ("client-canary", "ann-s-secret", old["access_token"], old["refresh_token"], "PRIVATE"):
        assert secret not in audit


def test_sessions_outlive_a_restart(provider, rollcall, own_server):
    url, certificate, _, _ = provider
    person, application = Person(url, certificate), Application(url, certificate)
    token = application.tokens(person.authorize(application.address()))
    # Cookies belong to a port; tokens and keys to the store.
    other, own_certificate, _ = own_server("is")
    elsewhere = Application(other, own_certificate)
    assert {k["kid"] for k in elsewhere.keys()["keys"]} == {k["kid"] for k in application.keys()["keys"]}
    assert elsewhere.user(token).status_code == 200
    assert elsewhere.refresh(token)["access_token"]
