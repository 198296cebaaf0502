import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Reconciliation
import SeededRandom
import Synchronization
import XML

@testable import Endpoints

/// A small, strict SPML 2.0 provider on the loopback, with faults on demand: what is no message of the schemas is refused,
/// and so is every change that changes nothing.
final class SPMLTestServer: Sendable {
  /// How the provider differs from the others.
  struct Manners: Sendable {
    var capabilities: [SPMLCapability] = [.search, .suspend, .password]
    var targetID: String? = "hr"
    /// What the target declares of its classes; `!` stands behind what each object must have.
    var userAttributes = [
      "uid!", "externalId", "sn", "givenName", "displayName", "cn", "title", "mail", "telephoneNumber", "mobile", "l",
      "st", "departmentNumber", "employeeNumber", "manager",
    ]
    var groupAttributes = ["cn!", "externalId", "member"]
    /// The most that a part of a search brings, whatever is asked for.
    var pageCap = 100
    /// Whether the identifier of an object is made of its name, and changes with it.
    var namesObjectsByName = false
    /// Whether answers are written as careless providers do: namespaces left out, children in another order, CDATA, base64.
    var isCareless = false
  }

  enum Fault: Sendable {
    case fail(String, String = "")
    case soapFault(String, String)
    /// Puts it off: the outcome is told after so many questions; nil never.
    case putOff(Int?)
    case drop, obeyThenDrop
    case answer(Int, String)
  }

  struct Object: Sendable {
    var objectClass: String
    var attributes: DSMLAttributes
    var isActive = true
    var password: String?
  }

  struct Outcome: Sendable {
    var document: String
    var questions: Int?
  }

  struct State: Sendable {
    var objects: [String: Object] = [:]
    var order: [String] = []
    var iterators: [String: [String]] = [:]
    var requests: [String] = []
    var violations: [String] = []
    var outcomes: [String: Outcome] = [:]
    var faults: [(name: String, fault: Fault)] = []
    var count = 0
  }

  let manners: Manners
  private let state = Mutex(State())

  init(_ manners: Manners = Manners()) { self.manners = manners }

  /// The next requests of this name meet these faults, one each.
  func queue(_ name: String, _ faults: Fault...) { state.withLock { $0.faults += faults.map { (name, $0) } } }

  /// The names of the requests, in the order of arrival.
  var requests: [String] { state.withLock { $0.requests } }
  /// What was no message of the schemas.
  var violations: [String] { state.withLock { $0.violations } }
  var objects: [Object] { state.withLock { state in state.order.compactMap { state.objects[$0] } } }
  var openIterators: Int { state.withLock { $0.iterators.count } }

  func forgetRequests() { state.withLock { $0.requests = [] } }

  /// Changes an object behind everybody's back; nil takes it away.
  func edit(_ id: String, _ change: (inout Object?) -> Void) {
    state.withLock { state in
      change(&state.objects[id])
      state.order.removeAll { state.objects[$0] == nil }
    }
  }

  func forgetIterators() { state.withLock { $0.iterators = [:] } }

  /// Runs a provider on a free port while the body is at work with a client of it, whose waits take no time.
  func use(
    clock: ManualClock = ManualClock(), settings: SPML2Settings = SPML2Settings(groupClass: "group"),
    configure: @escaping @Sendable (inout SPML2Configuration) -> Void = { _ in },
    _ body: @escaping @Sendable (SPML2Endpoint) async throws -> Void
  ) async throws {
    try await LoopbackServer.run({ request in try await self.respond(to: request) }) { url in
      var configuration = SPML2Configuration(
        name: "hr", url: url + "/spml2", settings: settings, connection: .forTests)
      configure(&configuration)
      let endpoint = try SPML2Endpoint(configuration, clock: clock, generator: SplitMix64(seed: 7))
      try await endpoint.using(body)
    }
  }

  private func respond(to request: Request) async throws -> Response {
    guard request.headers[.authorization] == SCIMTestServer.authorization else { return .test(401) }
    guard request.method == .post, request.uri.path == "/spml2" else { return .test(404, text: "<html>no") }
    guard request.headers[.contentType] == "text/xml; charset=utf-8",
      HTTPField.Name("SOAPAction").flatMap({ request.headers[$0] }) == "\"\""
    else { return Self.xml(500, SPMLTestMessages.fault("Client", "no SOAP 1.1")) }
    let bytes = Array(try await request.body.collect(upTo: 1 << 24).readableBytesView)
    do {
      let envelope = try MessageElement(parsing: bytes, charset: nil)
      guard envelope.name == "Envelope", envelope.namespace == "http://schemas.xmlsoap.org/soap/envelope/",
        envelope.children.count == 1, let body = envelope["Body"], body.namespace == envelope.namespace,
        body.children.count == 1
      else { throw SPMLMessageRule.Violation(description: "no envelope of one request") }
      try SPMLMessageRule.check(body.children[0])
      return try await answer(body.children[0])
    } catch {
      state.withLock { $0.violations.append("\(error)") }
      return Self.xml(500, SPMLTestMessages.fault("Client", "\(error)"))
    }
  }

  private func answer(_ request: MessageElement) async throws -> Response {
    let fault = state.withLock { state -> Fault? in
      state.requests.append(request.name)
      let index = state.faults.firstIndex { $0.name == request.name }
      return index.map { state.faults.remove(at: $0).fault }
    }
    switch fault {
    case .fail(let code, let text): return Self.xml(200, SPMLTestMessages.failure(request, code, text))
    case .soapFault(let code, let text): return Self.xml(500, SPMLTestMessages.fault(code, text))
    case .answer(let status, let text): return Self.xml(status, text)
    case .drop: return try await Self.broken()
    case .obeyThenDrop:
      _ = perform(request)
      return try await Self.broken()
    case .putOff(let questions):
      let document = perform(request)
      state.withLock {
        $0.outcomes[request.attribute("requestID") ?? ""] = Outcome(document: document, questions: questions)
      }
      return Self.xml(200, SPMLTestMessages.pending(request))
    case nil: return Self.xml(200, SPMLTestMessages.envelope(perform(request)))
    }
  }

  /// Does what the request says, and answers the response to it.
  private func perform(_ request: MessageElement) -> String {
    state.withLock { state in
      if request.name == "statusRequest" { return Self.outcome(request, &state) }
      do throws(SPMLTestFailure) {
        return try SPMLTestOperation(request: request, manners: manners).perform(&state)
      } catch {
        return SPMLTestMessages.response(request, ["status": "failure", "error": error.code], "", error.text)
      }
    }
  }

  private static func outcome(_ request: MessageElement, _ state: inout State) -> String {
    let id = request.attribute("asyncRequestID") ?? ""
    guard let outcome = state.outcomes[id] else {
      return SPMLTestMessages.response(request, ["status": "failure", "error": "noSuchRequest"], "")
    }
    guard let left = outcome.questions, left > 0 else {
      let isDone = outcome.questions != nil
      return SPMLTestMessages.response(
        request, ["status": isDone ? "success" : "pending", "asyncRequestID": id], isDone ? outcome.document : "")
    }
    state.outcomes[id]?.questions = left - 1
    return SPMLTestMessages.response(request, ["status": "pending", "asyncRequestID": id], "")
  }

  private static func xml(_ status: Int, _ document: String) -> Response {
    .test(status, headers: ["Content-Type": "text/xml; charset=utf-8"], text: document)
  }

  private static func broken() async throws -> Response {
    let plan = FaultPlan()
    plan.queue(.post, .drop)
    let request = Request(
      head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/"), body: RequestBody(buffer: ByteBuffer()))
    return try await plan.respond(to: request) { .test(500) }
  }
}
