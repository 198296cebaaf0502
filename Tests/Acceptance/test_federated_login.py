"""Signing in by way of an OpenID provider that is not ours (oidc-provider-mock, over Authlib), with accounts made just in
time, for an application that is not ours either."""

import urllib.parse

import oidc_provider_mock
import pytest
import requests

from conftest import endpoint
from test_openid_provider import REDIRECT, Application, Page, Person

PROVIDER = """apiVersion: rollcall/v1
kind: IdentityProvider
metadata: {name: elsewhere}
spec:
  displayName: Elsewhere
  authenticators:
    - type: openidconnect
      clientId: rollcall
      clientSecret: {env: ELSEWHERE_SECRET}
      %(addresses)s
      scopes: [openid, profile, email]
  claims:
    userId: preferred_username
    roles: groups
    mapping:
      - {remote: email, local: "emails[type eq \\"work\\"].value"}
      - {remote: given_name, local: name.givenName}
      - {remote: family_name, local: name.familyName}
      - {remote: department, local: "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department"}
  roles: {mapping: [{remote: admins, local: auditor}]}
  justInTimeProvisioning: {enabled: %(enabled)s, userStoreDomain: PRIMARY, attributeSync: overrideAll, roleSync: override}
---
apiVersion: rollcall/v1
kind: ServiceProvider
metadata: {name: playground2}
spec:
  inbound:
    openidconnect:
      clientId: playground2
      clientSecret: {env: PLAYGROUND_SECRET}
      redirectURIs: [%(redirect)s]
      grantTypes: [authorization_code, refresh_token]
      skipConsent: true
  authentication: {steps: [{federated: [elsewhere]}]}
"""
ALICE = {
    "preferred_username": "alice", "email": "alice@corp.example", "email_verified": True, "given_name": "Alice",
    "family_name": "A", "department": "Platform", "groups": ["admins", "others"]}
SUBJECT = "5f0d-alice"


class Elsewhere:
    """The other provider, and what its users do there."""

    def __init__(self, url):
        self.url = url

    def tell(self, claims, subject=SUBJECT):
        assert requests.put(f"{self.url}/users/{subject}", json=claims).status_code == 204

    def consent(self, address, **form):
        """Somebody signs in there; answers where that leads."""
        page = requests.get(address)
        assert page.status_code == 200 and "Authorize Client" in page.text
        answer = requests.post(address, data=form or {"sub": SUBJECT}, allow_redirects=False)
        assert answer.is_redirect, answer.text
        return answer.headers["Location"]


@pytest.fixture
def elsewhere():
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        provider = Elsewhere(f"http://localhost:{server.server_port}")
        provider.tell(ALICE)
        yield provider


@pytest.fixture
def here(rollcall, own_server):
    """A server with the role auditor; manifests are applied to it."""
    url, certificate, _ = own_server("is1")
    rollcall.env |= {
        "REMOTE_PASSWORD": "s3cret-s3cret", "ELSEWHERE_SECRET": "elsewhere-canary", "PLAYGROUND_SECRET": "client-canary"}
    rollcall.write(
        "endpoint.yaml",
        endpoint(url + "/scim2", "is1", f"  tls: {{caFile: {certificate}}}\n"))
    rollcall.write(
        "auditor.yaml",
        "apiVersion: rollcall/v1\nkind: Role\nmetadata: {name: auditor}\nspec: {displayName: auditor}\n")
    return url, certificate


def configure(rollcall, addresses, enabled=True):
    rollcall.write(
        "elsewhere.yaml",
        PROVIDER % {"addresses": addresses, "enabled": str(enabled).lower(), "redirect": REDIRECT})
    rollcall("apply", "--yes")


def user(url, certificate, name="alice"):
    found = requests.get(
        f"{url}/scim2/Users", params={"filter": f'userName eq "{name}"'}, verify=str(certificate),
        auth=("admin", "s3cret-s3cret")).json()
    return found["Resources"][0] if found["totalResults"] else None


def sign_in(here, elsewhere):
    """The whole way of a new browser; answers what the application gets."""
    url, certificate = here
    person, application = Person(url, certificate), Application(url, certificate)
    away = person.visit(application.address())
    back = elsewhere.consent(away.headers["Location"])
    answer = person.visit(back)
    assert answer.is_redirect, answer.text
    token = application.tokens(answer.headers["Location"])
    return application.claims(token)


def addresses(url):
    return (
        f"authorizationEndpoint: {url}/oauth2/authorize\n      tokenEndpoint: {url}/oauth2/token\n"
        f"      jwksURI: {url}/jwks\n      issuer: {url}\n      userInfoEndpoint: {url}/userinfo")


@pytest.mark.parametrize("way", ["discovered", "by addresses", "by two addresses"])
def test_a_user_of_a_foreign_provider_is_provisioned_and_signed_in(rollcall, here, elsewhere, way):
    url, certificate = here
    two = f"authorizationEndpoint: {elsewhere.url}/oauth2/authorize\n      tokenEndpoint: {elsewhere.url}/oauth2/token"
    configure(
        rollcall,
        {"discovered": f"issuer: {elsewhere.url}", "by addresses": addresses(elsewhere.url), "by two addresses": two}[way])
    claims = sign_in(here, elsewhere)
    alice = user(url, certificate)
    assert claims["sub"] == alice["id"] and claims["email"] == "alice@corp.example"
    assert alice["name"] == {"givenName": "Alice", "familyName": "A"}
    assert alice["emails"] == [{"value": "alice@corp.example", "type": "work"}]
    assert alice["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] == {"department": "Platform"}
    assert [role["display"] for role in alice["roles"]] == ["auditor"]
    assert sign_in(here, elsewhere)["sub"] == alice["id"]
    audit = rollcall("serve", "audit", "--store", rollcall.folder / "is1/directory.sqlite").stdout
    assert f"identityProvider:elsewhere  127.0.0.1  create User {alice['id']}" in audit
    assert "signed in with federated:elsewhere" in audit and "canary" not in audit
    # Another plan finds nothing to do: who came by sign-ins is none of the manifests' business.
    assert "auditor" not in rollcall("plan").stdout


def test_later_sign_ins_bring_changes_and_a_restart_none(rollcall, here, elsewhere, own_server):
    url, certificate = here
    configure(rollcall, f"issuer: {elsewhere.url}")
    first = sign_in(here, elsewhere)["sub"]
    changed = {name: value for name, value in ALICE.items() if name not in ("department", "groups")}
    elsewhere.tell(changed | {"email": "a.smith@corp.example", "preferred_username": "a.smith"})
    again = own_server("is1")[:2]
    assert sign_in(again, elsewhere)["sub"] == first
    alice = user(*again)
    assert alice["emails"] == [{"value": "a.smith@corp.example", "type": "work"}]
    assert "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User" not in alice and "roles" not in alice
    assert user(*again, "a.smith") is None


def test_nobody_gets_in_who_should_not(rollcall, here, elsewhere):
    url, certificate = here
    configure(rollcall, f"issuer: {elsewhere.url}", enabled=False)

    def attempt(**form):
        person, application = Person(url, certificate), Application(url, certificate)
        return person.visit(elsewhere.consent(person.visit(application.address()).headers["Location"], **form))

    assert attempt().status_code == 403 and "You have no account here" in attempt().text
    # This provider forgets the state when the user says no, so that the answer is nobody's.
    denied = attempt(action="deny")
    assert denied.status_code == 400 and "has not gone to sign in elsewhere" in denied.text
    configure(rollcall, f"issuer: {elsewhere.url}")
    requests.post(
        f"{url}/scim2/Users", json={"userName": "alice", "password": "alice-s-own-secret"}, verify=str(certificate),
        auth=("admin", "s3cret-s3cret")).raise_for_status()
    taken = attempt()
    assert taken.status_code == 403 and "There is already an account of this name" in taken.text
    elsewhere.tell(ALICE | {"preferred_username": "admin"})
    assert "There is already an account of this name" in attempt().text
    assert "emails" not in user(url, certificate)


def test_an_answer_is_for_the_browser_that_asked(rollcall, here, elsewhere):
    url, certificate = here
    configure(rollcall, f"issuer: {elsewhere.url}")
    person, other = Person(url, certificate), Person(url, certificate)
    back = elsewhere.consent(person.visit(Application(url, certificate).address()).headers["Location"])
    assert other.visit(back).status_code == 400
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))
    mixed = person.visit(f"{url}/commonauth?" + urllib.parse.urlencode(query | {"iss": "https://evil.example"}))
    assert mixed.status_code == 502 and "could not be trusted" in mixed.text
    assert not Page(mixed.text).forms and user(url, certificate) is None
    assert person.visit(back).is_redirect
