"""samples/monitoring: the rules hold what their own tests say, and all that rules and dashboard ask for is there in a real Prometheus."""

import contextlib
import json
import re
import socket
import subprocess
import time

import pytest
import requests
import yaml
from conftest import ROOT, user
from grafana_foundation_sdk.cog import plugins
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from test_outbound import configuration
from test_sample_files import check
from test_scim1 import Curl

MONITORING = ROOT / "samples/monitoring"
DASHBOARD = json.loads((MONITORING / "dashboard.json").read_text())
RULES = [r for g in yaml.safe_load((MONITORING / "rules.yml").read_text())["groups"] for r in g["rules"]]
METRIC = re.compile(r"\b(?:rollcall|process|node)_[a-z_]+\b")


def panels(row=None):
    """The panels below a heading, or all of them."""
    heading = None
    for panel in DASHBOARD["panels"]:
        if panel["type"] == "row":
            heading = panel["title"]
        elif row in (None, heading):
            yield panel


def queries(row=None):
    """What the panels ask for, with Grafana's variables replaced as Grafana does."""
    return [
        target["expr"].replace("$__rate_interval", "1m").replace("$endpoint", ".*")
        for panel in panels(row) for target in panel["targets"]]


def test_rules_hold_their_tests():
    check("promtool", "check", "rules", MONITORING / "rules.yml")
    check("promtool", "check", "config", "--syntax-only", MONITORING / "prometheus.yml")
    check("promtool", "test", "rules", MONITORING / "rules.test.yml")


def test_every_alert_is_raised_by_a_test():
    tests = yaml.safe_load((MONITORING / "rules.test.yml").read_text())["tests"]
    raised = {c["alertname"] for t in tests for c in t["alert_rule_test"] if c.get("exp_alerts")}
    assert raised == {rule["alert"] for rule in RULES}


def test_every_alert_says_what_to_do_with_it():
    for rule in RULES:
        assert rule["labels"]["severity"] in ("page", "ticket") and rule["annotations"]["summary"], rule


def test_the_dashboard_is_whole(tmp_path):
    everything = DASHBOARD["panels"]
    assert len({p["id"] for p in everything}) == len(everything)
    cells = [(x, y) for p in everything for g in [p["gridPos"]]
             for x in range(g["x"], g["x"] + g["w"]) for y in range(g["y"], g["y"] + g["h"])]
    assert len(set(cells)) == len(cells) and max(x for x, _ in cells) == 23, "panels lie upon each other"
    for panel in panels():
        refs = [t["refId"] for t in panel["targets"]]
        assert len(set(refs)) == len(refs) and all(t["datasource"]["uid"] == "${datasource}" for t in panel["targets"])
    rules = {"groups": [{"name": "panels", "rules": [
        {"record": f"panel:{n}", "expr": expression} for n, expression in enumerate(queries())]}]}
    (tmp_path / "panels.yml").write_text(yaml.safe_dump(rules))
    check("promtool", "check", "rules", tmp_path / "panels.yml")


def lost(written, read, path=""):
    """Where a value was not read as it was written."""
    if isinstance(written, dict) and isinstance(read, dict):
        for key, value in written.items():
            yield from lost(value, read.get(key), f"{path}/{key}")
    elif isinstance(written, list) and isinstance(read, list) and len(written) == len(read):
        for index, pair in enumerate(zip(written, read)):
            yield from lost(*pair, f"{path}/{index}")
    elif written != read:
        yield path


def test_grafana_knows_all_of_the_dashboard():
    """Read by Grafana's own types and written again, nothing of it is missing."""
    plugins.register_default_plugins()
    read = json.loads(JSONEncoder().encode(Dashboard.from_json(DASHBOARD)))
    assert list(lost(DASHBOARD, read)) == []


class Prometheus:
    """The real one, scraping every second."""

    def __init__(self, folder, jobs):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        (folder / "prometheus.yml").write_text(yaml.safe_dump({
            "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(MONITORING / "rules.yml")], "scrape_configs": jobs}))
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def query(self, expression):
        answer = requests.get(f"{self.url}/api/v1/query", params={"query": expression}, timeout=10)
        answer.raise_for_status()
        return answer.json()["data"]["result"]

    def metrics(self):
        return set(requests.get(f"{self.url}/api/v1/label/__name__/values", timeout=10).json()["data"])

    def await_answers(self, expressions):
        """Waits until each expression has an answer; says which has none after a minute."""
        missing, end = list(expressions), time.monotonic() + 60
        while missing:
            with contextlib.suppress(requests.ConnectionError, requests.HTTPError):
                missing = [e for e in missing if not self.query(e)]
            assert self.process.poll() is None and (not missing or time.monotonic() < end), f"no answer to {missing}"
            time.sleep(0.2)


@pytest.fixture
def prometheus(tmp_path):
    started = []

    def start(*jobs):
        started.append(Prometheus(tmp_path, list(jobs)))
        return started[0]

    yield start
    for each in started:
        each.process.terminate()
        each.process.wait(30)


def server_job(url, certificate):
    return {
        "job_name": "rollcall-server", "scheme": "https", "tls_config": {"ca_file": str(certificate)},
        "static_configs": [{"targets": [url.removeprefix("https://")]}]}


def named(texts):
    return {name for text in texts for name in METRIC.findall(text)}


def test_prometheus_answers_what_is_asked_of_a_server(rollcall, scim_server, own_server, prometheus):
    url, certificate, _ = own_server("here")
    rollcall.env["REMOTE_PASSWORD"] = "s3cret"
    rollcall.write("manifests/provisioning.yaml", configuration(scim_server().url))
    rollcall("apply", "--yes")
    curl = Curl(url, certificate)
    curl("POST", "/scim2/Users", {"userName": "alice", "name": {"familyName": "A"}})
    started = prometheus(server_job(url, certificate))
    started.await_answers(
        [q for row in ("Server", "Outbound provisioning", "Processes") for q in queries(row)])
    asked = named([*queries("Server"), *queries("Outbound provisioning"), *queries("Processes")]) | asked_by_rules(
        "_http_", "_provisioning_", "_store_", "_logins_", "process_")
    assert asked - started.metrics() == set()


def asked_by_rules(*words):
    return named(rule["expr"] for rule in RULES if any(word in rule["expr"] for word in words))


def test_a_report_has_what_the_rules_ask_for(rollcall):
    rollcall.write("manifests/all.yaml", user("alice"))
    rollcall("drift", "--report", "prom=rollcall.prom", expect=2)
    told = named([(rollcall.folder / "rollcall.prom").read_text()])
    asked = named(r["expr"] for r in RULES if r["alert"] in ("RollcallDriftReported", "RollcallReportFailed"))
    assert asked and asked <= told
    check("promtool", "check", "metrics", stdin=(rollcall.folder / "rollcall.prom").open())
