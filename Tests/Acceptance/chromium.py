"""A real browser: headless Chromium, driven as a person drives it, by what stands on buttons and beside fields."""

import importlib.resources
import os
import re
import shutil
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import TimeoutException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as expected
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 30  # seconds, on a busy machine; nothing waits longer than it has to

AXE = importlib.resources.files("axe_core_python") / "axe.min.js"


def start(folder):
    """A Chromium of its own, with a profile that is gone with the folder. Nothing is downloaded."""
    programs = {name: shutil.which(name) for name in ("chromium", "chromedriver")}
    missing = [name for name, path in programs.items() if path is None]
    assert not missing, f"{' and '.join(missing)} not found: .ci/deps installs them"
    options = webdriver.ChromeOptions()
    options.binary_location = programs["chromium"]
    options.accept_insecure_certs = True  # our servers' own certificates
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1000,900", "--lang=en",
            "--disable-background-networking", "--disable-component-update", "--no-first-run", "--disable-sync",
            f"--user-data-dir={folder}"):
        options.add_argument(argument)
    service = Service(programs["chromedriver"], env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"})
    return webdriver.Chrome(service=service, options=options)


class Browser:
    """One person's browser for one test. What its console complains of fails the test, unless `refusals` allows the
    status of an answer that is meant to be one."""

    def __init__(self, driver, artifacts, name):
        self.driver, self.artifacts, self.name = driver, Path(artifacts), re.sub(r"[^\w.-]+", "-", name)
        self.refusals = set()
        self.forget()

    def forget(self):
        """As if it had never been anywhere."""
        self.driver.get("about:blank")
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        self.prefer("light")
        self.driver.get_log("browser")

    def prefer(self, scheme):
        """light or dark, as the reader has set the system."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    # Looking

    @property
    def address(self):
        return self.driver.current_url

    @property
    def text(self):
        return self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def heading(self):
        return self.driver.find_element(By.TAG_NAME, "h1").text

    @property
    def focused(self):
        """What has the focus, by what it is called."""
        element = self.driver.switch_to.active_element
        return element.accessible_name or element.tag_name

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def cookies(self):
        """Those of all hosts, which scripts of pages do not see."""
        return self.driver.execute_cdp_cmd("Storage.getCookies", {})["cookies"]

    def table(self, label):
        """The rows of the table with this label, by their first column."""
        for table in self.driver.find_elements(By.TAG_NAME, "table"):
            if table.accessible_name == label:
                rows = [row.find_elements(By.CSS_SELECTOR, "th, td") for row in table.find_elements(By.TAG_NAME, "tr")]
                return {row[0].text: row[1].text for row in rows}
        raise AssertionError(f"no table {label!r} in: {self.text}")

    def picture(self, step=""):
        """Keeps what is to be seen; the file is named after the test."""
        self.artifacts.mkdir(parents=True, exist_ok=True)
        file = self.artifacts / f"{self.name}{step and '-'}{step}.png"
        assert self.driver.save_screenshot(str(file))
        return file

    # Doing

    def visit(self, address):
        self.driver.get(address)

    def wait(self, condition, what):
        # While pages change places the driver may find neither the old one nor the new one: then it is asked again.
        waiting = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05, ignored_exceptions=[WebDriverException])
        try:
            return waiting.until(lambda _: condition())
        except TimeoutException:
            raise AssertionError(f"{what} does not come; there is, at {self.address}: {self.text}") from None

    def fill(self, **fields):
        """Types into the fields with these labels: `User_name="ann"`."""
        for label, value in fields.items():
            field = self.field(label.replace("_", " "))
            field.clear()
            field.send_keys(value)

    def field(self, label):
        found = [
            element for element in self.driver.find_elements(By.CSS_SELECTOR, "input:not([type=hidden]), select, textarea")
            if element.accessible_name == label]
        assert len(found) == 1, f"{len(found)} fields are called {label!r} in: {self.text}"
        return found[0]

    def press(self, name):
        """Presses the button, or follows the link, of this name and waits for the next page."""
        found = [
            element for element in self.driver.find_elements(By.CSS_SELECTOR, "button, a[href], [role=button]")
            if element.is_displayed() and element.accessible_name == name]
        assert len(found) == 1, f"{len(found)} buttons and links are called {name!r} in: {self.text}"
        self.leaving(found[0].click)

    def type(self, *keys):
        """Presses keys, wherever the focus is."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def back(self):
        """Moves the focus to what stands before."""
        webdriver.ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()

    def enter(self):
        """Presses Enter and waits for the next page."""
        self.leaving(lambda: self.type(Keys.ENTER))

    def leaving(self, act):
        page = self.driver.find_element(By.TAG_NAME, "html")
        act()
        is_gone = expected.staleness_of(page)
        self.wait(
            lambda: is_gone(self.driver) and self.driver.execute_script("return document.readyState") == "complete",
            "the next page")

    # Judging

    def check_accessible(self):
        """Holds the page against axe's rules, in light and in dark. No script of the page runs: the driver brings its own."""
        for scheme in ("light", "dark"):
            self.prefer(scheme)
            self.driver.execute_script(AXE.read_text())
            results = self.driver.execute_async_script(
                "const done = arguments[arguments.length - 1];"
                "axe.run(document, {preload: false, resultTypes: ['violations']}).then(done, e => done({error: String(e)}));")
            assert "error" not in results, results["error"]
            found = [
                f"{violation['id']}: {violation['help']}: {[node['html'] for node in violation['nodes']]}"
                for violation in results["violations"]]
            assert not found, f"{self.address} in {scheme}: {found}"
            assert len(results["passes"]) > 5
        self.prefer("light")

    def check_console(self):
        """Nothing is complained of: no error, and nothing that the content security policy has held up."""
        complaints = [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING") and not self.is_meant(entry)]
        assert not complaints, complaints

    def is_meant(self, entry):
        status = re.search(r"the server responded with a status of (\d+)", entry["message"])
        return entry["source"] == "network" and status is not None and int(status[1]) in self.refusals
