import Synchronization
import XML

/// Asks a provider, and waits for what it puts off.
final class SPMLDialogue: Sendable {
  private let connection: EndpointConnection
  private let timeline: Timeline
  /// The most that one request is waited for, once it is put off.
  private let patience: Duration
  private let idPrefix: String
  private let count = Atomic(0)
  /// Whether the provider tells the outcome of requests that it put off.
  private let tellsOutcomes = Atomic(false)

  /// - Parameter idPrefix: sets our request ids apart from everybody else's.
  init(_ connection: EndpointConnection, clock: any Clock<Duration>, patience: Duration, idPrefix: String) {
    self.connection = connection
    timeline = Timeline(clock)
    self.patience = patience
    self.idPrefix = idPrefix
  }

  func close() async { await connection.close() }

  /// Takes note of the async capability.
  func expectOutcomes(_ isTold: Bool) { tellsOutcomes.store(isTold, ordering: .relaxed) }

  /// An id for a request, an `xsd:ID`.
  func nextID() -> String { "r\(idPrefix)-\(count.add(1, ordering: .relaxed).newValue)" }

  /// Sends a request and answers its response, of which the provider says that it succeeded.
  func ask(_ request: SPMLRequest) async throws(EndpointError) -> MessageElement {
    let response = try await connection.send(request.http) { answer throws(EndpointError) in
      try SPMLResponse(answer, to: request)
    }
    return try await final(response, to: request)
  }

  /// Sends a request that must not be done twice; before it is repeated, `look` says what came of the earlier attempt.
  /// - Parameter read: what was made, as the response tells it.
  func creating<Value: Sendable>(
    _ request: SPMLRequest, reading read: (MessageElement) throws(EndpointError) -> Value?,
    look: () async throws(EndpointError) -> Value?
  ) async throws(EndpointError) -> Value? {
    let outcome = try await connection.creating(
      request.http,
      reading: { answer throws(EndpointError) -> Outcome<Value> in
        .answered(try SPMLResponse(answer, to: request))
      }, look: { () throws(EndpointError) -> Outcome<Value>? in try await look().map(Outcome.found) })
    switch outcome {
    case .found(let value): return value
    case .answered(let response): return try read(try await final(response, to: request))
    }
  }

  /// How it became known what a request has made.
  private enum Outcome<Value: Sendable>: Sendable {
    case answered(SPMLResponse)
    case found(Value)
  }

  /// The outcome of a request, asked for again and again where the provider has put it off (SPML 2.0 section 3.6.2).
  private func final(
    _ response: SPMLResponse, to request: SPMLRequest
  ) async throws(EndpointError) -> MessageElement {
    var response = response
    var wait = Duration.seconds(1)
    let start = timeline.now
    while response.isPending {
      guard tellsOutcomes.load(ordering: .relaxed) else {
        throw EndpointError(
          .interrupted, "the provider puts \(request.name) off, and cannot be asked what becomes of it")
      }
      guard timeline.now - start < patience else {
        throw EndpointError(.timedOut, "\(request.name) is put off for longer than \(patience.components.seconds) s")
      }
      try await timeline.sleep(wait)
      wait = min(wait * 2, .seconds(30))
      response = try await outcome(of: request) ?? response
    }
    return response.element
  }

  /// nil when it is not told yet.
  private func outcome(of request: SPMLRequest) async throws(EndpointError) -> SPMLResponse? {
    let question = SPMLRequest(
      "statusRequest", SPMLNamespace.async, id: nextID(), effect: .read, secrets: request.secrets,
      [("asyncRequestID", request.id), ("returnResults", "true")])
    let answer = try await connection.send(question.http) { answer throws(EndpointError) in
      try SPMLResponse(answer, to: question)
    }
    let inner = answer.element.children.first { $0.name.hasSuffix("Response") }
    return try inner.map { element throws(EndpointError) in try SPMLResponse(element, to: request) }
  }
}
