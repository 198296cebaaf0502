import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Testing

/// Any server on a free port of the loopback.
enum LoopbackServer {
  /// Runs it while the body is at work.
  static func run(
    _ respond: @escaping @Sendable (Request) async throws -> Response,
    _ body: @escaping @Sendable (_ url: String) async throws -> Void
  ) async throws {
    let (ports, announce) = AsyncStream<Int>.makeStream()
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
      configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        announce.yield(channel.localAddress?.port ?? 0)
        announce.finish()
      }, logger: quiet)
    // Ended gently: a server that is cancelled drops the connections that it has just accepted, and NIO ends the process then.
    let services = ServiceGroup(configuration: .init(services: [.init(service: application)], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await services.run() }
      let port = try #require(await ports.first { _ in true })
      let result: Result<Void, any Error>
      do { result = .success(try await body("http://127.0.0.1:\(port)")) } catch { result = .failure(error) }
      await services.triggerGracefulShutdown()
      try await tasks.waitForAll()
      try result.get()
    }
  }

  private static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension FaultPlan {
  /// The answer of a server that meets its faults.
  func respond(to request: Request, _ answer: () async -> Response) async throws -> Response {
    switch take(request.head) {
    case .refuse(let status, let headers, let body): return .test(status, headers: headers, text: body)
    case .drop: return .broken
    case .obeyThenAnswer(let status):
      _ = await answer()
      return .test(status, text: "{}")
    case .obeyThenDrop:
      _ = await answer()
      return .broken
    case nil: return await answer()
    }
  }
}

extension Response {
  static func test(_ status: Int, headers: [String: String] = [:], text: String = "") -> Response {
    var fields = HTTPFields()
    for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
    return Response(
      status: .init(code: status), headers: fields,
      body: text.isEmpty ? .init() : .init(byteBuffer: ByteBuffer(string: text)))
  }

  /// Promises a hundred bytes, brings one, and hangs up.
  fileprivate static var broken: Response {
    struct HangUp: Error {}
    return Response(
      status: .ok,
      body: .init(contentLength: 100) { writer in
        try await writer.write(ByteBuffer(string: "{"))
        throw HangUp()
      })
  }
}
