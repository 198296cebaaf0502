"""What the server has acknowledged is there after it was killed."""

import base64
import http.client
import json
import os
import re
import signal
import sqlite3
import stat
import threading

PASSWORD = "s3cret-s3cret"
AUTHORIZATION = "Basic " + base64.b64encode(f"admin:{PASSWORD}".encode()).decode()


class Served:
    """`rollcall serve` over plain HTTP on a free port of the loopback."""

    def __init__(self, rollcall, *options):
        rollcall.env["ADMIN_PASSWORD"] = PASSWORD
        self.process = rollcall.start(
            "serve", "--no-tls", "--port=0", "--store=directory.sqlite", "--admin-password-env=ADMIN_PASSWORD",
            "--quiet", *options)
        line = self.process.stdout.readline()
        ready = re.match(r"ready http://([^:]+):(\d+)", line)
        assert ready, f"the server did not start: {line}{self.process.stderr.read()}"
        self.host, self.port = ready[1], int(ready[2])

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=30)

    def kill(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()
        self.process.stderr.close()


def call(connection, method, path, body=None):
    connection.request(
        method, "/scim2" + path, body=None if body is None else json.dumps(body),
        headers={"Authorization": AUTHORIZATION, "Content-Type": "application/scim+json"})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"{}")


class Writer(threading.Thread):
    """Creates users over a connection of its own until the server is gone; remembers what was acknowledged."""

    def __init__(self, server, name, started):
        super().__init__()
        self.server, self.name, self.started = server, name, started
        self.acknowledged = {}
        self.refusals = []

    def run(self):
        connection = self.server.connect()
        number = 0
        while True:
            name = f"{self.name}-{number}"
            try:
                status, user = call(connection, "POST", "/Users", {"userName": name, "title": "Dr"})
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                return
            if status != 201:
                self.refusals.append((status, user))
                return
            self.acknowledged[user["id"]] = name
            number += 1
            self.started.release()


def write_until_killed(server, writers, creates):
    """Kills the server in the middle of its writing, once so many creates were acknowledged."""
    started = threading.Semaphore(0)
    threads = [Writer(server, f"{server.port}-{number}", started) for number in range(writers)]
    for thread in threads:
        thread.start()
    for _ in range(creates):
        assert started.acquire(timeout=60), [thread.refusals for thread in threads]
    server.kill()
    for thread in threads:
        thread.join(60)
    assert not [thread.refusals for thread in threads if thread.refusals]
    return {id: name for thread in threads for id, name in thread.acknowledged.items()}


def check_integrity(path):
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        # The totals that listings show are what is there.
        counted = dict(database.execute("SELECT type, sum(resources) FROM tally GROUP BY type"))
        assert counted == dict(database.execute("SELECT type, count(*) FROM resource GROUP BY type"))
        created = {row[0] for row in database.execute("SELECT id FROM event WHERE action = 'create'")}
        assert created == {row[0] for row in database.execute("SELECT id FROM resource")}
    database.close()


def test_an_acknowledged_write_survives_a_kill(rollcall):
    acknowledged = {}
    for _ in range(3):
        server = Served(rollcall)
        acknowledged |= write_until_killed(server, writers=8, creates=150)
    assert len(acknowledged) >= 450
    server = Served(rollcall)
    try:
        connection = server.connect()
        for id, name in acknowledged.items():
            status, user = call(connection, "GET", f"/Users/{id}")
            assert (status, user.get("userName")) == (200, name)
        status, page = call(connection, "GET", "/Users?count=1")
        # Those that were made and not acknowledged may be there too; and the administrator.
        assert page["totalResults"] > len(acknowledged)
    finally:
        server.kill(signal.SIGTERM)
    check_integrity(rollcall.folder / "directory.sqlite")


def test_the_file_alone_is_whole_after_a_server_has_ended(rollcall):
    server = Served(rollcall)
    assert call(server.connect(), "POST", "/Users", {"userName": "alice"})[0] == 201
    server.kill(signal.SIGTERM)
    copy = rollcall.folder / "copy.sqlite"
    copy.write_bytes((rollcall.folder / "directory.sqlite").read_bytes())
    check_integrity(copy)
    with sqlite3.connect(copy) as database:
        assert database.execute("SELECT count(*) FROM resource").fetchone() == (2,)
    database.close()


def test_a_backup_of_a_serving_directory(rollcall):
    server = Served(rollcall)
    backups = [rollcall.folder / f"backup-{number}.sqlite" for number in range(3)]
    started = threading.Semaphore(0)
    writer = Writer(server, "writer", started)
    writer.start()
    try:
        for backup in backups:
            for _ in range(10):
                assert started.acquire(timeout=60)
            said = rollcall("serve", "backup", backup, "--store=directory.sqlite").stdout
            assert str(backup) in said and "directory.sqlite" in said
            assert stat.S_IMODE(os.stat(backup).st_mode) == 0o600
            before = backup.read_bytes()
            refused = rollcall("serve", "backup", backup, "--store=directory.sqlite", expect=1)
            assert f"{backup} is there already" in refused.stderr
            assert backup.read_bytes() == before
    finally:
        server.kill()
        writer.join(60)
    for number, backup in enumerate(backups):
        check_integrity(backup)
        with sqlite3.connect(backup) as database:
            assert database.execute("SELECT count(*) FROM resource").fetchone()[0] > 10 * (number + 1)
        database.close()


def test_a_backup_of_postgresql_is_left_to_its_tools(rollcall):
    said = rollcall("serve", "backup", "copy", "--store=postgresql://carol:s3cret@127.0.0.1:1/people", expect=64)
    assert "pg_dump" in said.stderr
    assert "s3cret" not in said.stdout + said.stderr
