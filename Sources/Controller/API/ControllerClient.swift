import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1

/// Sends calls to a running controller.
package struct ControllerClient: Sendable {
  package enum Address: Hashable, Sendable {
    case socket(String)
    /// - Parameter url: `http://127.0.0.1:9464`.
    case server(url: String, token: String)
  }

  /// Why there is no good answer.
  package enum Failure: Error, Hashable, Sendable {
    /// Nobody listens there.
    case notRunning
    case refused(status: Int, message: String)
    case malformed(String)
  }

  /// In bytes: an answer tells of every endpoint.
  private static let maxAnswerSize = 1 << 24
  private static let patience = TimeAmount.seconds(30)

  private let address: Address
  private let client: HTTPClient

  package init(_ address: Address) {
    self.address = address
    client = HTTPClient(eventLoopGroupProvider: .singleton)
  }

  package func close() async { try? await client.shutdown() }

  /// - Parameter operator: who asks; over TCP the controller knows a token only.
  package func send(_ call: ControllerCall, by operator: String) async throws(Failure) -> JSONObject {
    guard let request = request(for: call, by: `operator`) else { throw .malformed("the address cannot be used") }
    let response: HTTPClientResponse
    do {
      response = try await client.execute(request, timeout: Self.patience)
    } catch {
      throw .notRunning
    }
    let body = try? await response.body.collect(upTo: Self.maxAnswerSize)
    guard let bytes = body.map({ Array($0.readableBytesView) }), let object = try? JSONValue(parsing: bytes).object
    else { throw .malformed("the answer is not a JSON object: status \(response.status.code)") }
    guard (200..<300).contains(response.status.code) else {
      throw .refused(status: Int(response.status.code), message: object["error"]?.string ?? "refused")
    }
    return object
  }

  private func request(for call: ControllerCall, by operator: String) -> HTTPClientRequest? {
    guard let url else { return nil }
    var request = HTTPClientRequest(url: url(call.path))
    if case .server(_, let token) = address { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    guard !call.isRead else { return request }
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/json")
    var parameters = call.parameters
    parameters["by"] = .string(`operator`)
    request.body = .bytes(JSONValue.object(parameters).serialized())
    return request
  }

  /// Makes the address of a path; nil where ours cannot be one.
  private var url: ((String) -> String)? {
    switch address {
    case .socket(let path):
      let full = URL(fileURLWithPath: path).path
      guard let base = URL(httpURLWithSocketPath: full, uri: "/")?.absoluteString.dropLast() else { return nil }
      return { base + $0 }
    case .server(let url, _):
      let base = url.hasSuffix("/") ? String(url.dropLast()) : url
      return { base + $0 }
    }
  }
}
