"""The browser of the tests notices what it is there to notice."""

import http.server
import threading

import pytest

GOOD = "<!DOCTYPE html><html lang=en><head><title>A page</title></head><body><main><h1>A page</h1>{}</main></body></html>"


@pytest.fixture
def page():
    """Serves one page; answers its address."""
    class Page(http.server.BaseHTTPRequestHandler):
        content, policy, status = "", "default-src 'none'; img-src 'self'", 200

        def do_GET(self):
            self.send_response({"/": self.status, "/favicon.ico": 200}.get(self.path, 404))
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", self.policy)
            self.end_headers()
            self.wfile.write(GOOD.format(self.content).encode())

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def show(browser, content="", status=200):
        Page.content, Page.status = content, status
        browser.visit(f"http://localhost:{server.server_port}/")

    yield show
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("content, complaint", [
    ("<script>document.title = 'run'</script>", "Content Security Policy"),
    ("<p style='color: red'>Red</p>", "Content Security Policy"),
    ("<img src=https://127.0.0.1:1/x.png alt=X>", "Content Security Policy"),
    ("<img src=missing.png alt=X>", "status of 404")])
def test_what_the_console_complains_of(browser, page, content, complaint):
    page(browser, content)
    with pytest.raises(AssertionError, match=complaint):
        browser.check_console()
    assert browser.driver.title == "A page"


def test_only_the_status_that_is_meant_passes(browser, page):
    page(browser, status=403)
    browser.refusals = {400}
    with pytest.raises(AssertionError, match="status of 403"):
        browser.check_console()


@pytest.mark.parametrize("content, rule", [
    ("<form><input name=unlabelled></form>", "label"), ("<form><button></button></form>", "button-name"),
    ("<p><font color='#999999'>Pale on white</font></p>", "color-contrast")])
def test_what_is_not_accessible(browser, page, content, rule):
    page(browser, content)
    with pytest.raises(AssertionError, match=rule):
        browser.check_accessible()


def test_every_test_starts_as_a_stranger(browser, page):
    assert browser.cookies() == []
    page(browser)
    browser.check_accessible()
    with pytest.raises(AssertionError, match="no table"):
        browser.table("Tokens")
