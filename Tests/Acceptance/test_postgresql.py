"""Servers that share one PostgreSQL: a real one, made for this run in a folder of its own."""

import base64
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import urllib.request
from pathlib import Path

import pytest

PASSWORD = "s3cret-s3cret"
DATABASE_PASSWORD = "n0b0dy-may-read-this"
AUTHORIZATION = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


class Database:
    """A cluster on a socket, run by `postgres` when we are the superuser, for PostgreSQL refuses to run as that."""

    def __init__(self, folder):
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        assert programs, "These tests need PostgreSQL's server: apt-get install postgresql"
        self.programs, self.folder = programs[-1].parent, Path(folder)
        self.data = self.folder / "data"
        self.user = []
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        self.start()

    def run(self, program, *arguments):
        done = subprocess.run(
            [*self.user, self.programs / program, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        assert done.returncode == 0, done.stdout

    def start(self):
        self.run(
            "pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "-o",
            f"-c listen_addresses='' -c unix_socket_directories='{self.folder}' -c fsync=off", "start")

    def stop(self, mode="fast"):
        """In the mode `immediate` it ends as in a crash."""
        self.run("pg_ctl", "-D", self.data, "-w", "-m", mode, "stop")

    @property
    def address(self):
        return f"postgresql://postgres:{DATABASE_PASSWORD}@/postgres?host={self.folder}"


@pytest.fixture
def database():
    # Short, for a socket's path may have 107 bytes.
    folder = tempfile.mkdtemp(prefix="rollcall-", dir="/tmp")
    database = None
    try:
        database = Database(folder)
        yield database
    finally:
        if database and (database.data / "postmaster.pid").exists():
            database.stop()
        shutil.rmtree(folder)


@pytest.fixture
def servers(rollcall, database):
    """Two servers that start at the same time on the empty database; afterwards, what they have said."""
    rollcall.env["ADMIN_PASSWORD"] = PASSWORD
    processes = [
        rollcall.start(
            "serve", "--no-tls", "--port=0", f"--store={database.address}", "--admin-password-env=ADMIN_PASSWORD")
        for _ in range(2)
    ]
    try:
        ports = []
        for process in processes:
            ready = re.match(r"ready http://localhost:(\d+)", process.stdout.readline())
            assert ready, process.stderr.read()
            ports.append(int(ready[1]))
        yield ports
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        said = [process.communicate(timeout=30) for process in processes]
    for process, (out, err) in zip(processes, said):
        assert process.returncode == 0, err
        assert DATABASE_PASSWORD not in out + err


def call(port, method, path, body=None):
    connection = http.client.HTTPConnection("localhost", port, timeout=30)
    connection.request(
        method, "/scim2" + path, body=None if body is None else json.dumps(body),
        headers={"Authorization": AUTHORIZATION, "Content-Type": "application/scim+json"})
    answer = connection.getresponse()
    status, text = answer.status, answer.read()
    connection.close()
    return status, json.loads(text or b"{}")


def test_names_are_unique_over_all_servers(servers):
    answers = {port: [] for port in servers}

    def create(port):
        for number in range(25):
            answers[port].append(call(port, "POST", "/Users", {"userName": f"user-{number}"}))

    threads = [threading.Thread(target=create, args=[port]) for port in servers for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = [status for answered in answers.values() for status, _ in answered]
    assert statuses.count(201) == 25 and statuses.count(409) == 75
    for port in servers:
        assert call(port, "GET", "/Users?filter=userName+sw+%22user-%22")[1]["totalResults"] == 25
    # What one has written the other reads at once.
    status, user = call(servers[0], "POST", "/Users", {"userName": "late"})
    assert call(servers[1], "GET", f"/Users/{user['id']}")[0] == 200


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_database_that_was_away_is_found_again(servers, database, mode):
    database.stop(mode)
    for port in servers:
        assert call(port, "GET", "/Users?count=1")[0] == 503
    database.start()
    for port in servers:
        assert call(port, "GET", "/Users?count=1")[0] == 200
        assert call(port, "POST", "/Users", {"userName": f"user-{port}"})[0] == 201


def test_a_crash_of_the_database_between_two_requests_is_not_noticed(servers, database):
    for port in servers:
        assert call(port, "GET", "/Users?count=1")[0] == 200
    database.stop("immediate")
    database.start()
    for port in servers:
        assert call(port, "POST", "/Users", {"userName": f"user-{port}"})[0] == 201
        assert call(port, "GET", "/Users?count=1")[0] == 200


def test_metrics_are_told_while_the_database_is_away(servers, database):
    database.stop()
    for port in servers:
        assert call(port, "GET", "/Users?count=1")[0] == 503
        with urllib.request.urlopen(f"http://localhost:{port}/metrics", timeout=30) as answer:
            assert re.search(r'rollcall_store_transactions_failed_total\{kind="read"\} [1-9]', answer.read().decode())


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_servers_end_well_while_their_database_is_away(servers, database, mode):
    database.stop(mode)


def test_a_database_that_cannot_be_reached_is_one_sentence(rollcall):
    address = f"postgresql://carol:{DATABASE_PASSWORD}@127.0.0.1:1/people"
    said = rollcall("serve", "--no-tls", "--port=0", f"--store={address}", expect=1)
    assert "postgresql://carol@127.0.0.1:1/people cannot be reached" in said.stderr
    assert said.stderr.count("\n") == 1
    assert DATABASE_PASSWORD not in said.stdout + said.stderr
