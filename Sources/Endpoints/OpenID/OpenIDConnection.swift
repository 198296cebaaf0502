import JSON
import NIOHTTP1
import Reconciliation

/// The calls that a sign-in at another OpenID provider takes of us. Each is made once and within a short time, for somebody
/// is waiting; nothing is repeated and no redirect followed.
package struct OpenIDConnection: Sendable {
  /// In bytes.
  private static let maxAnswerSize = 1 << 18

  private let trust: EndpointDeclaration.Trust
  private let userAgent: String

  /// - Parameter userAgent: `rollcall/<version>`.
  package init(trust: EndpointDeclaration.Trust, userAgent: String) {
    self.trust = trust
    self.userAgent = userAgent
  }

  /// A JSON document that everybody may read.
  /// - Parameter token: a bearer token for what not everybody may read.
  package func document(at url: String, token: Secret? = nil) async throws(EndpointError) -> JSONObject {
    try await send(EndpointRequest(.GET, url), as: token.map(EndpointCredential.bearer))
  }

  /// What a form is answered with.
  /// - Parameters:
  ///   - client: the identifier and the secret, when they go into the header (RFC 6749 section 2.3.1).
  ///   - secrets: values in the form that no message may repeat.
  package func answer(
    to form: [(name: String, value: String)], at url: String, as client: (id: String, secret: Secret)?,
    secrets: [String]
  ) async throws(EndpointError) -> JSONObject {
    var request = EndpointRequest(.POST, url, secrets: secrets)
    let text = form.map { "\($0.name)=\(SCIM2Address.encode($0.value))" }.joined(separator: "&")
    request.content = .init(mediaType: MessageFormat.form.contentType, bytes: Array(text.utf8))
    let credential = client.map { client in
      EndpointCredential.basic(
        username: SCIM2Address.encode(client.id), password: Secret(SCIM2Address.encode(client.secret.revealed)))
    }
    return try await send(request, as: credential)
  }

  private func send(
    _ request: EndpointRequest, as credential: EndpointCredential?
  ) async throws(EndpointError) -> JSONObject {
    let configuration = ConnectionConfiguration(
      credential: credential, trust: trust,
      timeouts: .init(connect: .seconds(5), read: .seconds(10), request: .seconds(15)),
      maxAnswerSize: Self.maxAnswerSize, userAgent: userAgent)
    let transport = try HTTPTransport(configuration, base: "", format: .json)
    var request = request
    // An answer may hold tokens whatever its status is, so that no error repeats it.
    request.expected = Set(300..<600)
    let answer: EndpointResponse
    do throws(EndpointError) {
      answer = try await transport.send(request)
    } catch {
      await transport.shutdown()
      throw error
    }
    await transport.shutdown()
    let object = try? answer.object()
    guard answer.status < 300 else {
      throw transport.redacted(Self.refusal(answer.status, object), request)
    }
    guard let object else { throw EndpointError(.malformed, status: answer.status, "the answer is no JSON object") }
    return object
  }

  /// RFC 6749 section 5.2.
  private static func refusal(_ status: Int, _ body: JSONObject?) -> EndpointError {
    let code = body?["error"]?.string.map { " \($0)" } ?? ""
    let description = body?["error_description"]?.string.map { ": \($0)" } ?? ""
    return EndpointError(
      .rejected, status: status, MessageText.oneLine("answered with status \(status)\(code)\(description)"))
  }
}
