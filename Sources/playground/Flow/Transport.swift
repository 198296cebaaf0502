import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOSSL
import OpenID

/// Requests to the provider, from server to server: nothing is followed or repeated.
struct Transport: Sendable {
  private static let timeout = TimeAmount.seconds(10)
  /// In bytes.
  private static let maxAnswerSize = 1 << 20

  private let client: HTTPClient

  init(_ client: HTTPClient) { self.client = client }

  /// - Parameter certificates: trusted instead of the system's; nil for the system's.
  static func configuration(trusting certificates: [NIOSSLCertificate]?) -> HTTPClient.Configuration {
    var tls = TLSConfiguration.makeClientConfiguration()
    if let certificates { tls.trustRoots = .certificates(certificates) }
    return HTTPClient.Configuration(
      tlsConfiguration: tls, redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5), read: timeout))
  }

  /// - Throws: `FederationError`; every answer but an object of JSON is one.
  func get(_ url: String, bearer token: TokenSecret? = nil) async throws(FederationError) -> JSONObject {
    var request = HTTPClientRequest(url: url)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token.text)") }
    return try await send(request)
  }

  func post(
    _ url: String, _ form: [String: String], authorization: String? = nil
  ) async throws(FederationError) -> JSONObject {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: "application/x-www-form-urlencoded")
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    request.body = .bytes(ByteBuffer(string: FormEncoding.encoded(form)))
    return try await send(request)
  }

  private func send(_ request: HTTPClientRequest) async throws(FederationError) -> JSONObject {
    var request = request
    request.headers.add(name: "Accept", value: "application/json")
    let (status, json): (Int, JSONObject?)
    do {
      let response = try await client.execute(request, timeout: Self.timeout)
      let body = try await response.body.collect(upTo: Self.maxAnswerSize)
      (status, json) = (Int(response.status.code), try? JSONValue(parsing: body.readableBytesView).object)
    } catch {
      throw FederationError(.unavailable, "there is no answer of \(Self.place(of: request.url)): \(Self.reason(error))")
    }
    if status == 200, let json { return json }
    if let code = json?["error"]?.string {
      let description = json?["error_description"]?.string.map { ": \($0)" } ?? ""
      throw FederationError(.denied(OAuthError.Code(rawValue: code)), "it answered \(code)\(description)")
    }
    throw FederationError(
      .unavailable, "the answer of \(Self.place(of: request.url)) has status \(status), and is not as OAuth has it")
  }

  /// The address without what might be secret in it.
  private static func place(of url: String) -> String { String(url.prefix { $0 != "?" }) }

  private static func reason(_ error: any Error) -> String {
    let text = "\(error)"
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return "its certificate is not trusted; name a file that it is in with --ca-file"
    }
    return switch error {
    case let error as HTTPClientError: error.shortDescription
    default: String(text.prefix(200))
    }
  }
}
