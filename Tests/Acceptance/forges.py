"""Stand-ins for GitHub's and GitLab's REST APIs on the loopback: they keep comments and issues in memory, and they hold each request
against the public documentation. What a real one would refuse, or would silently not understand, is a complaint that fails the test."""

import json
import re
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKEN = "forge-token-canary"


class Refused(Exception):
    """An answer other than a success: a complaint, unless the documentation foresees it in normal work."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class Forge:
    """A server with one repository; `routes` of the subclass answer (method, pattern) with a method each."""

    routes = {}
    page_size = (30, 100)

    def __init__(self):
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                try:
                    status, body = forge.handle(self.command, self.path, self.headers, self.rfile.read(length))
                except Refused as refused:
                    forge.complaints.append(f"{self.command} {self.path}: {refused.message}")
                    status, body = refused.status, {"message": refused.message}
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        self.complaints = []
        self.requests = {}
        self.comments = []
        self.issues = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def handle(self, method, target, headers, data):
        path, _, query = target.partition("?")
        self.check_headers(headers)
        for (verb, pattern), route in self.routes.items():
            found = re.fullmatch(pattern, path)
            if verb == method and found:
                query = dict(urllib.parse.parse_qsl(query, strict_parsing=True)) if query else {}
                return route(self, *found.groups(), *([query] if method == "GET" else [self.body(headers, data)]))
        raise Refused(404, "there is no such resource")

    def body(self, headers, data):
        if headers.get("Content-Type") != "application/json":
            raise Refused(415, f"the body is sent as {headers.get('Content-Type')}")
        return json.loads(data)

    def page(self, elements, query, *known):
        """One page of a list; a parameter that is not in the documentation would be ignored, so it is refused."""
        default, most = self.page_size
        strangers = set(query) - {"per_page", "page", *known}
        size, number = int(query.get("per_page", default)), int(query.get("page", 1))
        if strangers or not 1 <= size <= most or number < 1:
            raise Refused(422, f"the parameters {query} are not as documented")
        return 200, elements[(number - 1) * size:number * size]

    @staticmethod
    def fields(body, required, optional=()):
        if not set(required) <= set(body) <= {*required, *optional} or not all(isinstance(v, str) for v in body.values()):
            raise Refused(422, f"the fields {sorted(body)} are not as documented")

    @staticmethod
    def named(elements, key, value):
        found = next((e for e in elements if str(e[key]) == str(value)), None)
        if found is None:
            raise Refused(404, f"{key} {value} is not there")
        return found


class GitHub(Forge):
    """docs.github.com/rest, version 2022-11-28: issues, issue comments, pull requests, commits."""

    REPOSITORY = "corp/people"
    BOT = "github-actions[bot]"
    LIMIT = 65_536
    base = f"/repos/{REPOSITORY}"

    def check_headers(self, headers):
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Bad credentials")
        if headers.get("Accept") != "application/vnd.github+json" or headers.get("X-GitHub-Api-Version") != "2022-11-28":
            raise Refused(400, "the headers Accept and X-GitHub-Api-Version are recommended")
        if not headers.get("User-Agent"):
            raise Refused(403, "a User-Agent is required")

    def open_request(self, number, head):
        self.requests[number] = {"number": number, "head": {"sha": head}, "merge_commit_sha": None, "state": "open"}

    def merged(self, number, commit):
        self.requests[number] |= {"merge_commit_sha": commit, "state": "closed"}

    def say(self, number, login, body):
        comment = {"id": 1000 + len(self.comments), "issue": number, "user": {"login": login}, "body": body}
        self.comments.append(comment)
        return comment

    def said(self, number):
        return [c["body"] for c in self.comments if c["issue"] == number]

    def told(self):
        """The issues: whether each is open, and its text."""
        return [(i["state"] == "open", i["body"]) for i in self.issues]

    def check_text(self, body):
        if not body.get("body") or len(body["body"]) > self.LIMIT:
            raise Refused(422, f"body is too long (maximum is {self.LIMIT} characters) or blank")

    def list_comments(self, number, query):
        self.named(self.requests.values(), "number", number)
        return self.page([c for c in self.comments if str(c["issue"]) == number], query, "since")

    def create_comment(self, number, body):
        self.fields(body, ["body"])
        self.check_text(body)
        self.named(self.requests.values(), "number", number)
        return 201, self.say(int(number), self.BOT, body["body"])

    def update_comment(self, number, body):
        self.fields(body, ["body"])
        self.check_text(body)
        comment = self.named(self.comments, "id", number)
        comment["body"] = body["body"]
        return 200, comment

    def requests_of_commit(self, sha, query):
        return self.page([r for r in self.requests.values() if sha in (r["merge_commit_sha"], r["head"]["sha"])], query)

    def request(self, number, query):
        return 200, self.named(self.requests.values(), "number", number)

    def list_issues(self, query):
        """Every pull request is an issue as well."""
        everything = self.issues + [
            {"number": r["number"], "state": r["state"], "user": {"login": self.BOT}, "body": None, "pull_request": {}}
            for r in self.requests.values()]
        state = query.get("state", "open")
        return self.page(
            [i for i in everything if state in ("all", i["state"])], query, "state", "labels", "creator", "sort", "direction")

    def create_issue(self, body):
        self.fields(body, ["title"], ["body"])
        self.check_text(body)
        issue = {"number": 500 + len(self.issues), "state": "open", "user": {"login": self.BOT}, **body}
        self.issues.append(issue)
        return 201, issue

    def update_issue(self, number, body):
        self.fields(body, [], ["title", "body", "state", "state_reason"])
        if body.get("state") not in (None, "open", "closed"):
            raise Refused(422, "state is open or closed")
        if body.get("state_reason") not in (None, "completed", "not_planned", "duplicate", "reopened"):
            raise Refused(422, "state_reason is none of the documented ones")
        if "body" in body:
            self.check_text(body)
        issue = self.named(self.issues, "number", number)
        issue.update(body)
        return 200, issue

    routes = {
        ("GET", rf"{base}/issues/(\d+)/comments"): list_comments,
        ("POST", rf"{base}/issues/(\d+)/comments"): create_comment,
        ("PATCH", rf"{base}/issues/comments/(\d+)"): update_comment,
        ("GET", rf"{base}/commits/([0-9a-f]{{40}})/pulls"): requests_of_commit,
        ("GET", rf"{base}/pulls/(\d+)"): request,
        ("GET", rf"{base}/issues"): list_issues,
        ("POST", rf"{base}/issues"): create_issue,
        ("PATCH", rf"{base}/issues/(\d+)"): update_issue,
    }


class GitLab(Forge):
    """docs.gitlab.com/api, version 4: notes, issues, merge requests, commits."""

    PROJECT = 42
    BOT = "project_42_bot_5f1c"
    page_size = (20, 100)
    base = f"/projects/{PROJECT}"

    def check_headers(self, headers):
        if headers.get("PRIVATE-TOKEN") != TOKEN:
            raise Refused(401, "401 Unauthorized")

    def open_request(self, number, head):
        self.requests[number] = {
            "iid": number, "sha": head, "merge_commit_sha": None, "squash_commit_sha": None, "state": "opened"}

    def merged(self, number, commit):
        self.requests[number] |= {"merge_commit_sha": commit, "state": "merged"}

    def say(self, number, login, body):
        note = {"id": 1000 + len(self.comments), "noteable_iid": number, "author": {"username": login}, "body": body}
        self.comments.append(note)
        return note

    def said(self, number):
        return [n["body"] for n in self.comments if n["noteable_iid"] == number]

    def told(self):
        return [(i["state"] == "opened", i["description"]) for i in self.issues]

    def check_text(self, text):
        if not text or len(text) > 1_000_000:
            raise Refused(400, "the text is too long (maximum is 1000000 characters) or blank")

    def user(self, query):
        return 200, {"id": 7, "username": self.BOT}

    def list_notes(self, number, query):
        self.named(self.requests.values(), "iid", number)
        notes = [n for n in self.comments if str(n["noteable_iid"]) == number]
        return self.page(notes if query.get("sort") == "asc" else notes[::-1], query, "sort", "order_by")

    def create_note(self, number, body):
        self.fields(body, ["body"])
        self.check_text(body["body"])
        self.named(self.requests.values(), "iid", number)
        return 201, self.say(int(number), self.BOT, body["body"])

    def update_note(self, number, note, body):
        self.fields(body, ["body"])
        self.check_text(body["body"])
        found = self.named([n for n in self.comments if str(n["noteable_iid"]) == number], "id", note)
        found["body"] = body["body"]
        return 200, found

    def requests_of_commit(self, sha, query):
        return self.page([r for r in self.requests.values() if sha in (r["merge_commit_sha"], r["sha"])], query, "state")

    def request(self, number, query):
        return 200, self.named(self.requests.values(), "iid", number)

    def list_issues(self, query):
        if query.get("state", "all") not in ("all", "opened", "closed"):
            raise Refused(400, "state does not have a valid value")
        state = query.get("state", "all")
        return self.page([i for i in self.issues if state in ("all", i["state"])], query, "state", "labels", "search")

    def create_issue(self, body):
        self.fields(body, ["title"], ["description", "labels"])
        self.check_text(body["description"])
        issue = {"iid": 500 + len(self.issues), "state": "opened", "author": {"username": self.BOT}, **body}
        self.issues.append(issue)
        return 201, issue

    def update_issue(self, number, body):
        self.fields(body, [], ["title", "description", "labels", "state_event"])
        issue = self.named(self.issues, "iid", number)
        if body.get("state_event") not in (None, "close", "reopen"):
            raise Refused(400, "state_event does not have a valid value")
        if "description" in body:
            self.check_text(body["description"])
            issue["description"] = body["description"]
        if "state_event" in body:
            issue["state"] = {"close": "closed", "reopen": "opened"}[body["state_event"]]
        return 200, issue

    routes = {
        ("GET", r"/user"): user,
        ("GET", rf"{base}/merge_requests/(\d+)/notes"): list_notes,
        ("POST", rf"{base}/merge_requests/(\d+)/notes"): create_note,
        ("PUT", rf"{base}/merge_requests/(\d+)/notes/(\d+)"): update_note,
        ("GET", rf"{base}/repository/commits/([0-9a-f]{{40}})/merge_requests"): requests_of_commit,
        ("GET", rf"{base}/merge_requests/(\d+)"): request,
        ("GET", rf"{base}/issues"): list_issues,
        ("POST", rf"{base}/issues"): create_issue,
        ("PUT", rf"{base}/issues/(\d+)"): update_issue,
    }
