"""The console, in a real browser: by mouse, by keyboard, in light and dark, on a large screen and on a small one."""

import signal
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import requests
from chromium import Keys

PASSWORD = "s3cret-s3cret"


@pytest.fixture
def site(own_server, browser):
    """A server, its SCIM service as admin, and a browser that has signed in at its console."""
    url, certificate, _ = own_server("is")
    scim = requests.Session()
    scim.verify, scim.trust_env, scim.auth = str(certificate), False, ("admin", PASSWORD)

    def make(path, **attributes):
        answer = scim.post(f"{url}/scim2/{path}", json=attributes)
        assert answer.ok, answer.text
        return answer.json()["id"]

    def user(name):
        found = scim.get(f"{url}/scim2/Users", params={"filter": f'userName eq "{name}"'}).json()["Resources"]
        return found[0] if found else None

    browser.visit(url + "/console")
    assert browser.heading == "Sign in"
    browser.fill(User_name="admin", Password=PASSWORD)
    browser.press("Sign in")
    assert browser.heading == "Overview"
    return SimpleNamespace(url=url, scim=scim, make=make, user=user)


def check(box, browser):
    """Checks the box with this label."""
    browser.field(box).click()


def test_a_user_by_mouse(site, browser):
    site.make("Groups", displayName="engineers")
    browser.check_accessible()
    browser.picture("1-overview")
    browser.press("Users")
    browser.press("Add a user")
    browser.check_accessible()
    browser.fill(
        User_store="PRIMARY", User_name="ann", Password="ann-s-secret", Password_again="ann-s-secre", Given_name="Ann",
        Family_name="Berg")
    browser.field("E-mail").send_keys("ann@corp.example")
    check("engineers", browser)
    browser.refusals = {400}
    browser.press("Add user")
    assert "The two passwords are not the same" in browser.find("[role=alert]").text
    assert browser.field("Given name").get_attribute("value") == "Ann" and browser.field("engineers").is_selected()
    assert browser.field("Password").get_attribute("value") == ""
    browser.check_accessible()
    browser.picture("2-mistake")
    browser.fill(Password="ann-s-secret", Password_again="ann-s-secret")
    browser.press("Add user")
    assert browser.heading == "ann Active" and browser.find("[role=status]").text == "The user was added."
    browser.check_accessible()
    browser.picture("3-added")
    assert site.user("ann")["groups"][0]["display"] == "engineers"

    browser.press("Users")
    browser.fill(**{"User_name,_name_or_e-mail,_or_a_SCIM_filter": "ANN@corp"})
    browser.press("Search")
    assert [link.text for link in browser.driver.find_elements("css selector", "tbody th a")] == ["ann"]
    browser.check_accessible()
    browser.picture("4-found")
    browser.press("ann")
    browser.press("Disable")
    assert browser.heading == "ann Disabled" and site.user("ann")["active"] is False
    browser.press("Delete")
    assert browser.heading == "Delete ann?" and site.user("ann")
    browser.check_accessible()
    browser.picture("5-delete")
    browser.press("Delete user")
    assert browser.find("[role=status]").text == "The user was deleted." and site.user("ann") is None
    browser.press("Audit")
    assert "Deleted user" in browser.text
    browser.check_accessible()
    browser.picture("6-audit")
    browser.press("Sign out")
    assert browser.heading == "You are signed out"


def test_a_user_by_keyboard(site, browser):
    """From the top of the list to the saved user, without a mouse."""
    browser.visit(site.url + "/console/users")
    browser.type(Keys.TAB)
    assert browser.focused == "Skip to the content"
    browser.type(Keys.ENTER, Keys.TAB)
    assert browser.focused == "Add a user"
    browser.enter()
    browser.type(Keys.TAB, Keys.ENTER, Keys.TAB)
    assert browser.focused == "All users"
    browser.type(Keys.TAB)
    assert browser.focused == "User store"
    browser.type(Keys.TAB)
    assert browser.focused == "User name"
    browser.type("bob")
    browser.enter()
    assert browser.heading == "bob Active" and site.user("bob")


def test_two_at_once(site, browser):
    ann = site.make("Users", userName="ann", title="Dr")
    browser.visit(f"{site.url}/console/users/{ann}/edit")
    site.scim.put(f"{site.url}/scim2/Users/{ann}", json={"userName": "ann", "title": "Professor"})
    browser.fill(Display_name="Ann Berg")
    browser.refusals = {412}
    browser.press("Save changes")
    assert browser.find("[role=alert]").text.startswith("Somebody has changed ann since you opened this form")
    assert "By now it is: Professor" in browser.text
    assert browser.field("Display name").get_attribute("value") == "Ann Berg"
    browser.check_accessible()
    browser.picture()
    browser.fill(Title="Professor")
    browser.press("Save changes")
    assert site.user("ann")["title"] == "Professor" and site.user("ann")["displayName"] == "Ann Berg"


def test_members_and_access(site, browser):
    ann = site.make("Users", userName="ann")
    team = site.make("Groups", displayName="team")
    site.make("Groups", displayName="staff", members=[{"value": team}])
    browser.visit(f"{site.url}/console/groups/{team}/members")
    browser.fill(**{"Name_or_e-mail,_or_a_SCIM_filter": "an"})
    browser.press("Find")
    browser.press("Add ann")
    assert browser.find("[role=status]").text == "The member was added."
    browser.check_accessible()
    browser.picture("members")
    browser.visit(f"{site.url}/console/users/{ann}")
    browser.press("How this comes about")
    assert "ann → team → staff" in " ".join(browser.text.split()).replace("→ in ", "→ ")
    browser.check_accessible()
    browser.picture("access")
    browser.visit(f"{site.url}/console/groups/{team}/members")
    browser.press("Remove ann")
    assert "Nobody yet." in browser.text


@pytest.mark.parametrize("width", [400, 320])
def test_on_a_narrow_screen(site, browser, width):
    ann = site.make("Users", userName="ann-with-a-name-that-does-not-end-soon@subdomain.corp.example", displayName="Ann")
    group = site.make("Groups", displayName="engineers", members=[{"value": ann}])
    provider = site.make("IdentityProviders", name="is2", authenticators=[{"type": "openidconnect", "clientId": "a"}])
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True})
    try:
        for name, path in {
                "overview": "", "list": "/users", "user": f"/users/{ann}", "form": f"/users/{ann}/edit",
                "members": f"/groups/{group}/members", "provider": f"/identity-providers/{provider}/edit",
                "audit": "/audit"}.items():
            browser.visit(f"{site.url}/console{path}")
            assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= width, path
            browser.picture(name)
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_words_do_not_break_beside_a_long_name(site, browser):
    site.make("Users", userName="n" * 400, displayName="d" * 400)
    browser.visit(site.url + "/console/users")
    lines = browser.driver.execute_script("""
        return [...document.querySelectorAll("td[data-label='State'], td[data-label='Last changed']")].map(cell => {
          const text = document.createRange();
          text.selectNodeContents(cell);
          return new Set([...text.getClientRects()].map(line => line.top)).size;
        })""")
    assert lines == [1, 1] * 2
    assert browser.driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth")
    browser.picture()


def test_a_name_turns_no_words_round(site, browser):
    """A name may say that what follows is written from right to left; it ends where the name does."""
    for name in ("\u202enimda", "\u2069\u202enimda"):
        provider = site.make("IdentityProviders", name=f"is{len(name)}", displayName=name, enabled=True)
        for path in ("", "/delete"):
            browser.visit(f"{site.url}/console/identity-providers/{provider}{path}")
            first, last = browser.driver.execute_script("""
                const [heading, place] = [document.querySelector("h1"), document.createRange()];
                const side = at => {
                  place.setStart(heading.firstChild, at);
                  place.setEnd(heading.firstChild, at + 1);
                  return place.getBoundingClientRect().left;
                };
                const badge = heading.querySelector(".badge");
                return badge ? [heading.firstChild, badge].map(part => part.getBoundingClientRect().left) : [side(1), side(4)];""")
            assert first < last, path  # the name before its state; Delete
        browser.picture(str(len(name)))


def test_light_and_dark(site, browser):
    paper = {}
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        browser.picture(scheme)
        paper[scheme] = browser.find("body").value_of_css_property("background-color")
    assert paper["light"] != paper["dark"]


def test_every_form_is_accessible(site, browser):
    for path in (
            "groups/new", "roles/new", "identity-providers/new", "service-providers/new", "provisioning", "roles",
            "identity-providers", "service-providers"):
        browser.visit(f"{site.url}/console/{path}")
        browser.check_accessible()


def test_whoever_is_no_administrator(site, browser):
    site.make("Users", userName="ann", password="ann-s-secret")
    browser.press("Sign out")
    browser.press("Sign in again")
    browser.visit(site.url + "/console")
    browser.fill(User_name="ann", Password="ann-s-secret")
    browser.refusals = {403}
    browser.press("Sign in")
    assert browser.heading == "You may not see this"
    browser.check_accessible()
    browser.press("Go to your own account")
    assert browser.heading == "ann Active" and "Edit" not in browser.text


def test_numbers_change_while_one_looks(site, browser):
    """What provisioning has yet to do, on a page that nobody loads again."""
    site.make("IdentityProviders", name="is2", provisioning={"connectors": [{
        "name": "scim", "type": "scim2", "username": "a", "password": "b",
        "userEndpoint": "https://localhost:1/scim2/Users"}]})
    site.make("ServiceProviders", name="resident", outboundProvisioning=[{"identityProvider": "is2", "connector": "scim"}])

    def failing():
        browser.visit(site.url + "/console/provisioning")
        return "is2/scim Failing" in browser.text

    browser.wait(failing, "the connector that fails")
    behind = '[data-name="is2/scim behind"]'
    before = int(browser.find(behind).text)
    site.make("Users", userName="ann")
    browser.wait(lambda: int(browser.find(behind).text) > before, "one more event")
    browser.check_accessible()
    browser.picture()


def endpoint(url, drift="correct"):
    return f"""apiVersion: rollcall/v1
kind: Endpoint
metadata: {{name: remote}}
spec:
  type: scim2
  url: {url}
  auth: {{basic: {{username: admin, password: {{env: REMOTE_PASSWORD}}}}}}
  drift: {drift}
"""


def people(count):
    return "".join(f"""---
apiVersion: rollcall/v1
kind: User
metadata: {{name: user{number}}}
spec: {{userName: user{number}, title: Engineer}}
""" for number in range(count))


@pytest.fixture
def controller(rollcall, scim_server):
    """A controller over a server that is not ours, in the folder where the console's server runs as well."""
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    remote = scim_server()
    rollcall.write("manifests/endpoint.yaml", endpoint(remote.url))
    rollcall.write("manifests/people.yaml", people(30))
    process = rollcall.start("run", "--prune")
    assert process.stdout.readline().startswith("ready ")
    yield remote
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0


def test_an_endpoint_of_a_controller(site, controller, rollcall, browser):
    """The state store of `run` is found: it is suspended, resumed, and looked at while it works."""
    def there(text):
        browser.visit(site.url + "/console/endpoints")
        return text in browser.text

    browser.wait(lambda: there("ready"), "the endpoint")
    assert len(controller.users()) == 30
    browser.check_accessible()
    browser.picture("1-endpoints")
    browser.press("remote")
    assert browser.heading == "remote ready" and "30 applied" in browser.text
    browser.check_accessible()
    browser.picture("2-endpoint")
    browser.press("Suspend")
    browser.check_accessible()
    browser.fill(Reason="an audit")
    browser.press("Suspend")
    assert browser.find("[role=status]").text.startswith("remote is suspended")
    assert browser.heading == "remote suspended" and "an audit" in browser.text
    rollcall("status", expect=0)
    browser.wait(lambda: "suspended" in rollcall("status").stdout, "the controller to know of it")
    browser.press("Resume")
    # Without loading the page again.
    browser.wait(lambda: browser.heading == "remote ready", "the endpoint to be ready again")


def test_a_refused_plan_is_approved_by_mouse(site, controller, rollcall, browser):
    def seen(text):
        browser.visit(site.url + "/console")
        return text in browser.text

    browser.wait(lambda: seen("remote ready"), "the endpoint")
    rollcall.write("manifests/people.yaml", people(16))
    browser.wait(lambda: seen("remote is quarantined"), "the refusal")
    browser.check_accessible()
    browser.picture("1-overview")
    browser.press("remote")
    browser.press("Plan")
    assert "14 to disable, 0 to delete" in browser.text and "disable User user29" in browser.text
    browser.check_accessible()
    browser.picture("2-plan")
    browser.press("Approve plan")
    assert browser.heading.startswith("Approve plan ") and browser.heading.endswith(" of remote?")
    browser.check_accessible()
    browser.picture("3-approve")
    browser.press("Approve plan")
    assert browser.find("[role=status]").text.startswith("Approved:")
    browser.wait(lambda: browser.heading == "remote ready", "the plan to be carried out")
    assert sum(user.get("active") is not False for user in controller.users().values()) == 16
    browser.press("Plan")
    assert "All of it was applied." in browser.text
    browser.check_accessible()


@pytest.mark.parametrize("width", [400, 320])
def test_an_endpoint_on_a_narrow_screen(site, controller, browser, width):
    def ready():
        browser.visit(site.url + "/console/endpoints/remote")
        return "30 applied" in browser.text

    browser.refusals = {404}  # before the controller has looked at it
    browser.wait(ready, "the first pass")
    browser.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True})
    try:
        for name, path in {"overview": "", "endpoints": "/endpoints", "endpoint": "/endpoints/remote",
                           "plan": "/endpoints/remote/plan", "drift": "/endpoints/remote/drift", "suspend": "/endpoints/remote/suspend"}.items():
            browser.visit(f"{site.url}/console{path}")
            assert browser.driver.execute_script("return document.documentElement.scrollWidth") <= width, path
            browser.picture(name)
    finally:
        browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_drift_behind_the_controllers_back(site, controller, rollcall, browser):
    """Somebody changes a person at the endpoint: the console shows it, and it is acknowledged there."""
    rollcall.write("manifests/endpoint.yaml", endpoint(controller.url, drift="report"))
    browser.wait(lambda: len(controller.users()) == 30, "the first pass")
    browser.visit(site.url + "/console/endpoints/remote/drift")
    browser.wait(lambda: browser.driver.refresh() or "In sync: no drift." in browser.text, "a pass that finds nothing")
    ann = controller.users()["user7"]
    controller.call("PATCH", f"/Users/{ann['id']}", {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Intern"}]})
    browser.visit(site.url + "/console/endpoints/remote")
    browser.press("Reconcile")
    assert browser.find("[role=status]").text.startswith("A pass is asked for")
    # Without loading the page again.
    browser.wait(lambda: "1 changed" in browser.text, "the drift")
    browser.press("Drift")
    assert "User user7" in browser.text and "Intern" in browser.text and "changed at the endpoint" in browser.text
    browser.check_accessible()
    browser.picture("1-drift")
    for width in (1200, 360):
        browser.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True})
        # What stands beside the chart can be read, whatever the screen, and nothing of it is cut off.
        inside, sizes = browser.driver.execute_script("""
            const [chart, texts] = [document.querySelector(".area").getBoundingClientRect(), [...document.querySelectorAll(".area span")]];
            return [texts.every(text => {
              const place = text.getBoundingClientRect();
              return place.left >= chart.left && place.right <= chart.right + 1 && place.top >= chart.top - 1
                && place.bottom <= chart.bottom + 1;
            }), texts.map(text => parseFloat(getComputedStyle(text).fontSize))]""")
        assert inside and len(sizes) == 4 and min(sizes) >= 12
        browser.picture(f"1-drift-{width}")
    browser.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.press("Acknowledge User user7")
    browser.check_accessible()
    browser.fill(Until=(date.today() + timedelta(days=30)).isoformat(), Reason="a trainee")
    browser.press("Acknowledge")
    assert "by user:admin: a trainee" in browser.text
    assert "a trainee" in rollcall("drift", "list").stdout
    browser.check_accessible()
    browser.picture("2-acknowledged")
    browser.visit(site.url + "/console")
    browser.check_accessible()
    browser.picture("3-overview")
    assert controller.users()["user7"]["title"] == "Intern"
