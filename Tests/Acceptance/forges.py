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
    def named(elements, key, value, status=404):
        found = next((e for e in elements if str(e[key]) == str(value)), None)
        if found is None:
            raise Refused(status, f"{key} {value} is not there")
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

    def say(self, number, login, body):
        comment = {"id": 1000 + len(self.comments), "issue": number, "user": {"login": login}, "body": body}
        self.comments.append(comment)
        return comment

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
