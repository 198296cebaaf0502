"""Signing in by another provider, as it looks to whoever sits before the browser: which ways there are, what newcomers are
asked, and what is said when it comes to nothing."""

from types import SimpleNamespace

import pytest
import requests

START = "/playground2/oauth2.jsp"


@pytest.fixture
def house(own_server, playground):
    """IS1 with the user ann, whom it asks for a password, and IS2 with the user rashmini, which vouches for its own."""
    servers = {}
    for name in ("is1", "is2"):
        url, certificate, _ = own_server(name)
        admin = requests.Session()
        admin.verify, admin.trust_env, admin.auth = str(certificate), False, ("admin", "s3cret-s3cret")
        servers[name] = SimpleNamespace(url=url, certificate=certificate, admin=admin)
    is1, is2 = servers["is1"], servers["is2"]
    base = playground(is1.url, is1.certificate)

    def create(server, path, body):
        answer = server.admin.post(f"{server.url}/scim2{path}", json=body)
        assert answer.ok, answer.text

    create(is1, "/Users", {"userName": "ann", "password": "ann-s-secret"})
    create(is2, "/Users", {
        "userName": "rashmini", "password": "rashmini-s-secret", "name": {"givenName": "Rashmini", "familyName": "N"},
        "emails": [{"value": "rash@gmail.com", "type": "work"}]})
    create(is2, "/ServiceProviders", {"name": "is1", "displayName": "The first server", "inbound": {"openidconnect": {
        "clientId": "is1", "clientSecret": "is1-canary", "redirectURIs": [is1.url + "/commonauth"], "skipConsent": True}}})
    create(is1, "/ServiceProviders", {
        "name": "playground2", "displayName": "Playground", "authentication": {"steps": [{"local": ["basic"], "federated": ["is2"]}]},
        "inbound": {"openidconnect": {
            "clientId": "playground2", "clientSecret": "client-canary", "redirectURIs": [base + "/playground2/oauth2client"],
            "skipConsent": True}}})

    def trust(issuer=is2.url, **policy):
        create(is1, "/IdentityProviders", {
            "name": "is2", "displayName": "Partner", "claims": {"userId": "preferred_username"},
            "authenticators": [{
                "type": "openidconnect", "clientId": "is1", "clientSecret": "is1-canary", "issuer": issuer,
                "tls": {"caFile": str(is2.certificate)}}],
            "justInTimeProvisioning": {"enabled": True} | policy})

    def user(name):
        found = is1.admin.get(f"{is1.url}/scim2/Users", params={"filter": f'userName eq "{name}"'}).json()
        return next(iter(found.get("Resources", [])), None)

    return SimpleNamespace(is1=is1, is2=is2, playground=base, trust=trust, user=user, create=create)


def go_to_partner(browser, house):
    browser.visit(house.playground + START)
    browser.press("Authorize")
    browser.press("Sign in with Partner")
    assert browser.address.startswith(house.is2.url)
    browser.fill(User_name="rashmini", Password="rashmini-s-secret")
    browser.press("Sign in")


def test_two_ways_to_sign_in(browser, house):
    house.trust()
    browser.visit(house.playground + START)
    browser.press("Authorize")
    assert browser.heading == "Sign in\nto Playground"
    browser.check_accessible()
    browser.picture("ways")
    browser.fill(User_name="ann", Password="ann-s-secret")
    browser.press("Sign in")
    assert browser.find("#loggedUser").text == "ann"
    browser.forget()
    go_to_partner(browser, house)
    assert browser.address == house.playground + START and browser.find("#loggedUser").text == "rashmini"
    assert house.user("rashmini")["emails"] == [{"value": "rash@gmail.com", "type": "work"}]


def test_a_newcomer_is_asked(browser, house):
    house.trust(prompt="password")
    browser.refusals = {403}
    go_to_partner(browser, house)
    assert browser.heading == "Make an account for you?" and "E-mail: rash@gmail.com" in browser.text
    assert browser.focused == "User name"
    browser.check_accessible()
    browser.picture("question")
    browser.fill(User_name="rash", Password="a-password-of-her-own", Password_again="another-one")
    browser.press("Make the account")
    assert browser.find("[role=alert]").text == "The two passwords differ."
    browser.check_accessible()
    assert house.user("rash") is None
    browser.fill(User_name="rash", Password="a-password-of-her-own", Password_again="a-password-of-her-own")
    browser.press("Make the account")
    assert browser.find("#loggedUser").text == "rash"
    # The password that she has chosen is one of IS1.
    browser.forget()
    browser.visit(house.playground + START)
    browser.press("Authorize")
    browser.fill(User_name="rash", Password="a-password-of-her-own")
    browser.press("Sign in")
    assert browser.table("What the ID token says")["sub"] == house.user("rash")["id"]


def test_a_newcomer_who_wants_no_account(browser, house):
    house.trust(prompt="consent")
    browser.refusals = {403}
    go_to_partner(browser, house)
    browser.check_accessible()
    browser.press("Cancel")
    assert browser.heading == "No account was made" and house.user("rashmini") is None
    browser.check_accessible()
    browser.press("Sign in again")
    assert browser.heading == "Sign in\nto Playground"


def test_an_equal_name_is_not_taken_over(browser, house):
    house.trust()
    house.create(house.is1, "/Users", {"userName": "rashmini", "password": "the-other-rashmini"})
    browser.refusals = {403}
    go_to_partner(browser, house)
    assert browser.heading == "There is already an account of this name"
    browser.check_accessible()
    browser.picture("refused")
    assert "emails" not in house.user("rashmini")


def test_a_partner_that_is_away(browser, house):
    house.trust(issuer="https://127.0.0.1:1")
    browser.refusals = {502}
    browser.visit(house.playground + START)
    browser.press("Authorize")
    browser.press("Sign in with Partner")
    assert browser.address.startswith(house.is1.url) and "127.0.0.1" not in browser.text
    browser.check_accessible()
    browser.picture("away")
    browser.press("Sign in again")
    browser.fill(User_name="ann", Password="ann-s-secret")
    browser.press("Sign in")
    assert browser.find("#loggedUser").text == "ann"
