"""`rollcall serve` as the people see it who keep it running: metrics, logs, certificates, stopping, and what it says when it cannot start."""

import base64
import concurrent.futures
import http.client
import json
import shutil
import signal
import socket
import sqlite3
import ssl
import threading
import time

import pytest
from prometheus_client.parser import text_string_to_metric_families

BASIC = "Basic " + base64.b64encode(b"admin:s3cret-s3cret").decode()


def address(url):
    return "localhost", int(url.rsplit(":", 1)[1])


def connection(url, certificate):
    context = ssl.create_default_context(cafile=str(certificate))
    return http.client.HTTPSConnection(*address(url), context=context, timeout=60)


def ask(url, certificate, method, path, body=None, **headers):
    server = connection(url, certificate)
    text = None if body is None else json.dumps(body)
    server.request(method, path, text, {
        "Authorization": BASIC, "Content-Type": "application/scim+json",
        **{name.replace("_", "-"): value for name, value in headers.items()}})
    answer = server.getresponse()
    data = answer.read()
    server.close()
    return answer, data


def test_prometheus_reads_the_metrics(own_server):
    url, certificate, _ = own_server()
    ask(url, certificate, "POST", "/scim2/Users", {"userName": "ann"})
    answer, text = ask(url, certificate, "GET", "/metrics")
    assert answer.getheader("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    families = {family.name: family for family in text_string_to_metric_families(text.decode())}
    samples = {(s.name, tuple(sorted(s.labels.items()))): s.value for f in families.values() for s in f.samples}
    assert samples["rollcall_http_requests_total",
                   (("method", "POST"), ("route", "scim2/Users"), ("status", "201"))] == 1
    assert samples["rollcall_directory_resources", (("type", "User"),)] == 2
    assert samples["rollcall_store_transaction_duration_seconds_count", (("kind", "write"),)] >= 2
    assert abs(time.time() - samples["process_start_time_seconds", ()]) < 600
    assert all(family.documentation and family.type != "unknown" for family in families.values())


def test_a_line_a_request(rollcall, own_server):
    rollcall.env["ROLLCALL_LOG_FORMAT"] = "json"
    url, certificate, process = own_server()
    ask(url, certificate, "GET", "/scim2/Users?count=0", X_Request_Id="my-request")
    process.send_signal(signal.SIGTERM)
    lines = [json.loads(line) for line in process.communicate(timeout=60)[1].splitlines()]
    line, = [line for line in lines if line.get("request") == "my-request"]
    assert (line["message"], line["method"], line["path"], line["status"], line["actor"]) == (
        "request", "GET", "/scim2/Users", 200, "user:admin")
    assert line["seconds"] > 0


def test_warnings_are_lines_of_the_log_where_machines_read_it(rollcall):
    for form, warned in [("text", "warning: admin has the password admin"), ("json", '"level":"warning"')]:
        process = rollcall.start("serve", "--port", "0", "--log-format", form)
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        lines = process.communicate(timeout=60)[1].splitlines()
        assert [line for line in lines if warned in line and "admin has the password admin" in line], lines
        assert form == "text" or all(json.loads(line) for line in lines)


def test_requests_in_flight_are_answered_before_the_end(own_server):
    """Hashing a password takes a while: the stop comes while many of them are under way."""
    url, certificate, process = own_server()
    count = 24
    sent = threading.Barrier(count + 1)

    def create(number):
        server = connection(url, certificate)
        server.connect()
        body = json.dumps({"userName": f"user{number}", "password": "correct horse battery"}).encode()
        server.putrequest("POST", "/scim2/Users")
        for name, value in {"Authorization": BASIC, "Content-Type": "application/scim+json",
                            "Content-Length": str(len(body))}.items():
            server.putheader(name, value)
        # The header alone begins the request.
        server.endheaders(body[:1])
        sent.wait(60)
        server.send(body[1:])
        return server.getresponse().status

    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = [pool.submit(create, number) for number in range(count)]
        sent.wait(60)
        process.send_signal(signal.SIGTERM)
        statuses = [answer.result(60) for answer in answers]
    assert statuses == [201] * count
    assert process.wait(60) == 0


@pytest.mark.parametrize("notice", ["signal", "files"])
def test_a_renewed_certificate_is_served_without_a_restart(own_server, notice):
    url, certificate, process = own_server("first")
    _, other, second = own_server("second")
    old, new = certificate.read_text(), other.read_text()
    assert served(url) == old != new
    for name in ("tls-key.pem", "tls-certificate.pem"):
        shutil.copy(other.parent / name, certificate.parent / name)
    if notice == "signal":
        process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 60
    while served(url) != new:
        assert time.monotonic() < deadline, "the new certificate is not served"
        time.sleep(0.05)
    assert ask(url, certificate, "GET", "/health/live")[0].status == 200


def served(url):
    return ssl.get_server_certificate(address(url))


def test_a_taken_port_is_said_with_a_way_out(rollcall):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = rollcall("serve", "--port", port, expect=1)
        assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in done.stderr
        assert "--port" in done.stderr


def test_a_locked_store_is_said_with_a_way_out(rollcall):
    holder = sqlite3.connect(rollcall.folder / "directory.sqlite")
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    done = rollcall("serve", "--port", 0, "--store", "directory.sqlite", expect=1)
    assert "directory.sqlite is locked by another process" in done.stderr
    holder.close()


@pytest.mark.parametrize("content, complaint", [(None, "cannot be read"), ("no certificate", "cannot be used")])
def test_an_unusable_certificate_is_said(rollcall, content, complaint):
    if content:
        rollcall.write("server.pem", content)
        rollcall.write("server.key", content)
    done = rollcall("serve", "--port", 0, "--tls-cert", "server.pem", "--tls-key", "server.key", expect=1)
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr and "Error(" not in done.stderr


def test_limits_are_options_and_settings(rollcall):
    assert "max-connections must be above 0" in rollcall("serve", "--max-connections", 0, expect=64).stderr
    rollcall.env["ROLLCALL_IDLE_TIMEOUT"] = "soon"
    assert 'the setting idle-timeout cannot be "soon"' in rollcall("serve", expect=64).stderr
