"""Runs the PyPI package scim2-server (in memory, RFC 7643 and 7644) with Basic authentication, a request log and faults.

The SCIM behaviour is the package's own; only what stands around it is here."""

import argparse
import base64
import io
import itertools
import json
import sys
import threading
import time
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from scim2_models import ScimProvider
from scim2_server.applications.wsgi import WSGIApplication
from scim2_server.memory import InMemoryStorage
from scim2_server.service import ScimService
from scim2_server.utils import (
    load_default_resource_types,
    load_default_schemas,
    load_default_service_provider_config,
)

REASONS = {
    400: "Bad Request", 401: "Unauthorized", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--log", required=True, help="append a JSON line for each request")
    parser.add_argument("--credentials", default="admin:s3cret")
    parser.add_argument("--max-results", type=int, default=1000)
    parser.add_argument("--without", default="", help="comma list of features off: patch,etag,filter,sort,bulk")
    parser.add_argument("--fault", default="", help="STATUS:N,..: answer STATUS to every Nth request")
    parser.add_argument("--refused", help="a file: users whose names stand in it are refused with 400")
    parser.add_argument("--delay", type=float, default=0, help="seconds that every write takes")
    parser.add_argument("--read-delay", type=float, default=0, help="seconds that every read takes")
    parser.add_argument("--html-from", type=int, default=0, help="answer HTML from this request on")
    return parser.parse_args()


def application(options):
    config = load_default_service_provider_config().model_dump()
    for feature in filter(None, options.without.split(",")):
        config[feature]["supported"] = False
    config["filter"]["maxResults"] = options.max_results
    config["authenticationSchemes"] = [{"type": "httpbasic", "name": "basic", "description": "HTTP Basic"}]
    provider = ScimProvider.from_discovery(
        load_default_schemas().values(), load_default_resource_types().values(),
        config=type(load_default_service_provider_config()).model_validate(config))
    service = ScimService(provider, secret="a-secret-for-tests-only-0123456789abcdef")
    return WSGIApplication(InMemoryStorage(), provider, service=service)


def around(application, options):
    expected = "Basic " + base64.b64encode(options.credentials.encode()).decode()
    faults = [tuple(map(int, fault.split(":"))) for fault in filter(None, options.fault.split(","))]
    counter, lock = itertools.count(1), threading.Lock()
    log = open(options.log, "a", buffering=1)

    def refuse(start, status, *headers):
        body = json.dumps({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": str(status),
            "detail": REASONS[status]}).encode()
        start(f"{status} {REASONS[status]}", [("Content-Type", "application/scim+json"), ("Content-Length", str(len(body))), *headers])
        return [body]

    def handle(environ, start):
        if environ.get("HTTP_X_BEHIND_OUR_BACK"):
            return application(environ, start)
        number = next(counter)
        with lock:
            log.write(json.dumps({
                "method": environ["REQUEST_METHOD"], "path": environ["PATH_INFO"], "query": environ["QUERY_STRING"],
                "bytes": int(environ.get("CONTENT_LENGTH") or 0), "if_match": environ.get("HTTP_IF_MATCH")}) + "\n")
        time.sleep(options.read_delay if environ["REQUEST_METHOD"] in ("GET", "HEAD") else options.delay)
        if environ.get("HTTP_AUTHORIZATION") != expected:
            return refuse(start, 401, ("WWW-Authenticate", "Basic"))
        if options.html_from and number >= options.html_from:
            body = b"<html><body><h1>Maintenance</h1></body></html>"
            start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(body)))])
            return [body]
        if options.refused and environ["REQUEST_METHOD"] == "POST":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BytesIO(body)
            with open(options.refused) as names:
                if json.loads(body).get("userName") in names.read().split():
                    return refuse(start, 400)
        for status, every in faults:
            if number % every == 0:
                return refuse(start, status, *([("Retry-After", "0")] if status in (429, 503) else []))
        return application(environ, start)

    return handle


class Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass


class ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    options = arguments()
    server = make_server("127.0.0.1", 0, around(application(options), options), ThreadingServer, Handler)
    print(f"ready http://127.0.0.1:{server.server_port}/v2", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)


if __name__ == "__main__":
    main()
