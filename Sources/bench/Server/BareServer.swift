import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The HTTP library alone: answers every request with the same document.
struct BareServer: HTTPResponder {
  typealias Context = BasicRequestContext

  private let document: ByteBuffer

  /// - Parameter size: of the document, in bytes.
  init(size: Int) { document = ByteBuffer(repeating: UInt8(ascii: "a"), count: size) }

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    Response(
      status: .ok, headers: [.contentType: "application/scim+json"], body: ResponseBody(byteBuffer: document))
  }

  /// Prints the port and runs until the process is ended.
  func run() async throws {
    var logger = Logger(label: "bare")
    logger.logLevel = .error
    let application = Application(
      responder: self, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in
        FileHandle.standardOutput.write(Data("\(channel.localAddress?.port ?? 0)\n".utf8))
      }, logger: logger)
    try await application.runService()
  }
}
