"""A small SPML 2.0 provider (SOAP 1.1, DSML v2 profile) in the memory of the tests.

It refuses what its grammar (spml_requests.rng) does not know, and every write that changes nothing."""

import base64
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

CORE = "urn:oasis:names:tc:SPML:2:0"
NAMESPACES = {
    "spml": CORE, "search": CORE + ":search", "suspend": CORE + ":suspend", "pass": CORE + ":password",
    "dsml": "urn:oasis:names:tc:DSML:2:0:core", "d": CORE + ":DSML"}
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("spml_requests.rng")))
READS = {"listTargets", "lookup", "search", "iterate", "closeIterator", "active"}


class Refusal(Exception):
    """A failure with its code (SPML 2.0 section 3.1.2.3)."""


class Provider:
    """The objects, by their ids; what is asked of them, in `calls`."""

    classes = {
        "person": [
            "uid", "externalId", "cn", "sn", "givenName", "displayName", "title", "mail", "telephoneNumber", "mobile",
            "departmentNumber", "manager"],
        "team": ["cn", "member"],
    }

    def __init__(self, page=3):
        self.page, self.objects, self.iterators, self.calls, self.faults = page, {}, {}, [], []
        # Whether the identifier of an object is made of its name, and changes with it.
        self.is_named = False
        self.numbers, self.lock = itertools.count(1), threading.Lock()

    def one(self, name):
        """The object whose uid or cn this is."""
        return next((o for o in self.objects.values() if name in o["uid"] + o["cn"]), None)

    def writes(self):
        return [call for call in self.calls if call not in READS]

    def answer(self, body):
        """The status and the document that answer a message."""
        try:
            document = etree.fromstring(body)
            GRAMMAR.assertValid(document)
        except etree.Error as error:
            return 500, envelope(f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{escape(str(error))}"
                                 "</faultstring></s:Fault>")
        request = document[-1][0]
        name = etree.QName(request).localname.removesuffix("Request")
        with self.lock:
            self.calls.append(name)
            fault = self.faults.pop(0) if self.faults and name == self.faults[0][0] else None
            if fault and not fault[1]:
                return 503, ""
            try:
                attributes, content = getattr(self, name)(request)
                attributes = {"status": "success", **attributes}
            except Refusal as refusal:
                code, text = refusal.args
                attributes = {"status": "failure", "error": code}
                content = f"<spml:errorMessage>{escape(text)}</spml:errorMessage>"
            if fault:
                return 503, ""
        namespaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
        told = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        response = f"<r:{name}Response xmlns:r={quoteattr(etree.QName(request).namespace)}{namespaces}{told}>"
        return 200, envelope(f"{response}{content}</r:{name}Response>")

    def listTargets(self, _):
        definitions = "".join(
            f'<d:objectClassDefinition name="{name}"><d:memberAttributes>'
            + "".join(f'<d:attributeDefinitionReference name="{attribute}"/>' for attribute in attributes)
            + "</d:memberAttributes></d:objectClassDefinition>" for name, attributes in self.classes.items())
        capabilities = "".join(
            f'<spml:capability namespaceURI="{CORE}:{name}"/>' for name in ("search", "suspend", "password"))
        return {}, (
            f'<spml:target targetID="hr" profile="{CORE}:DSML"><spml:schema><d:schema>{definitions}</d:schema>'
            + "".join(f'<spml:supportedSchemaEntity entityName="{name}"/>' for name in self.classes)
            + f"</spml:schema><spml:capabilities>{capabilities}</spml:capabilities></spml:target>")

    def add(self, request):
        attributes = {a.get("name"): values(a) for a in request[0]}
        (kind,) = attributes.pop("objectclass")
        made = dict.fromkeys(self.classes["person"] + self.classes["team"], [])
        made |= {name: attributes.pop(name) for name in self.classes[kind] if name in attributes}
        if attributes:
            raise Refusal("customError", f"no attributes {sorted(attributes)}")
        if any(o["class"] == kind and (o["uid"], o["cn"])[kind == "team"] == (made["uid"], made["cn"])[kind == "team"]
               for o in self.objects.values()):
            raise Refusal("alreadyExists", "somebody else has the name")
        id = self.name(made) if self.is_named else f"{kind}-{next(self.numbers)}"
        self.objects[id] = {**made, "class": kind, "active": True, "password": None}
        self.check_references(id)
        return {}, self.shown(id, "spml")

    def modify(self, request):
        id = self.known(request)
        known, changed = self.objects[id], False
        for modification in request.iterfind(".//dsml:modification", NAMESPACES):
            name, operation, new = modification.get("name"), modification.get("operation"), values(modification)
            if name not in self.classes[known["class"]]:
                raise Refusal("customError", f"no attribute {name}")
            old = known[name]
            if operation == "add" and set(new) & set(old) or operation == "delete" and (not old or set(new) - set(old)):
                raise Refusal("customError", f"{name}: {operation} of what is so already")
            after = {"add": old + new, "replace": new}.get(operation, [v for v in old if new and v not in new])
            changed |= after != old
            known[name] = after
        self.check_references(id)
        if not changed:
            raise Refusal("customError", "nothing changes")
        if self.is_named:
            del self.objects[id]
            id = self.name(known)
            self.objects[id] = known
        return {}, f"<spml:pso>{identifier(id)}</spml:pso>"

    def delete(self, request):
        id = self.known(request)
        del self.objects[id]
        for other in self.objects.values():
            other["member"] = [member for member in other["member"] if member != id]
        return {}, ""

    def lookup(self, request):
        return {}, self.shown(self.known(request), "spml")

    def search(self, request):
        tests = [(t.get("name"), values(t)[0].lower()) for t in request.iterfind(".//dsml:equalityMatch", NAMESPACES)]
        found = [id for id, o in self.objects.items() if all(
            wanted in [v.lower() for v in ([o["class"]] if name == "objectclass" else o.get(name, []))]
            for name, wanted in tests)]
        return self.part(f"i{next(self.numbers)}", found)

    def iterate(self, request):
        iterator = request[0].get("ID")
        if iterator not in self.iterators:
            raise Refusal("noSuchIdentifier", "the search is over")
        return self.part(iterator, self.iterators.pop(iterator))

    def closeIterator(self, request):
        self.iterators.pop(request[0].get("ID"), None)
        return {}, ""

    def suspend(self, request):
        return self.set_active(request, False)

    def resume(self, request):
        return self.set_active(request, True)

    def active(self, request):
        return {"active": str(self.objects[self.known(request)]["active"]).lower()}, ""

    def setPassword(self, request):
        self.objects[self.known(request)]["password"] = request[1].text
        return {}, ""

    def set_active(self, request, active):
        known = self.objects[self.known(request)]
        if known["active"] == active:
            raise Refusal("customError", "it is so already")
        known["active"] = active
        return {}, ""

    def known(self, request):
        if request[0].get("targetID") != "hr" or request[0].get("ID") not in self.objects:
            raise Refusal("noSuchIdentifier", "there is no such object")
        return request[0].get("ID")

    def name(self, known):
        return f"name={(known['uid'] + known['cn'])[0]}"

    def check_references(self, id):
        for reference in self.objects[id]["member"] + self.objects[id]["manager"]:
            if reference not in self.objects:
                raise Refusal("customError", f"nobody is {reference}")

    def part(self, iterator, found):
        rest = found[self.page:]
        if rest:
            self.iterators[iterator] = rest
        shown = "".join(self.shown(id, "search") for id in found[:self.page])
        return {}, shown + (f'<search:iterator ID="{iterator}"/>' if rest else "")

    def shown(self, id, prefix):
        data = {"objectclass": [self.objects[id]["class"]], **self.objects[id]}
        attributes = "".join(
            f'<dsml:attr name="{name}">' + "".join(f"<dsml:value>{escape(v)}</dsml:value>" for v in data[name])
            + "</dsml:attr>" for name in data if isinstance(data[name], list) and data[name])
        return f"<{prefix}:pso>{identifier(id)}<spml:data>{attributes}</spml:data></{prefix}:pso>"


def values(element):
    return [value.text or "" for value in element.iterfind("dsml:value", NAMESPACES)]


def identifier(id):
    return f'<spml:psoID ID="{id}" targetID="hr"/>'


def envelope(content):
    return f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{content}</s:Body></s:Envelope>'


def serve(provider, credentials="admin:s3cret"):
    """Starts the provider on a free port; `server_port` tells it, `shutdown` ends it."""
    expected = "Basic " + base64.b64encode(credentials.encode()).decode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers["Authorization"] != expected:
                status, text = 401, ""
            elif self.headers["Content-Type"] != "text/xml; charset=utf-8" or "SOAPAction" not in self.headers:
                status, text = 415, ""
            else:
                status, text = provider.answer(body)
            self.send_response(status)
            if status == 503:
                self.send_header("Retry-After", "0")
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
