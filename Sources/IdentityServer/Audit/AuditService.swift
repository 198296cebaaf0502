import Foundation
import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import NIOCore
import OpenID
import SCIM

/// The audit over HTTP, for administrators and for tokens with the scope `audit:read`: as JSON, or as CSV for a table.
struct AuditService: WebService {
  static let path = "/api/rollcall/v1/audit"
  /// The most entries of one answer.
  private static let most = 1000

  let directory: Directory
  let log: any AccessLog
  let now: @Sendable () -> Date

  func owns(_ path: String) -> Bool { path == Self.path }

  func response(to refusal: Refusal) -> Response { .scim(refusal.error, headers: refusal.headers) }

  func respond(to exchange: Exchange) async throws -> Response {
    guard exchange.request.method == .get else { throw Refusal.methodNotAllowed([.get]) }
    guard try await exchange.authenticated().maySeeAudit else { throw Refusal.forbidden }
    let query = try QueryParameters(exchange.request.uri.query)
    let part = try Self.choice("of", query, AuditReading.Part.self) ?? .changes
    let format = try Self.choice("format", query, AuditFormat.self) ?? .json
    let size = try query.int("limit") ?? 50
    guard (1...Self.most).contains(size) else {
      throw SCIMError(status: 400, .invalidValue, "limit must be between 1 and \(Self.most).")
    }
    let reading = AuditReading(
      directory: directory, log: log, search: try AuditSearch(query, now: now()), size: size)
    let page = try await reading.page(of: part, before: try query.int("before"))
    var response = format.response(page.entries, older: page.older)
    if let older = page.older {
      // As the request was, but for where it begins (RFC 8288).
      var fields = Dictionary(
        ["of", "format", "limit"].compactMap { name in query[name].map { (name, $0) } },
        uniquingKeysWith: { first, _ in first })
      for (field, text) in reading.search.texts { fields[field.rawValue] = text }
      fields["before"] = String(older)
      response.headers[.link] = "<\(Self.path)?\(FormEncoding.encoded(fields))>; rel=\"next\""
    }
    return response
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ query: QueryParameters, _ type: Choice.Type
  ) throws(SCIMError) -> Choice? where Choice.RawValue == String {
    guard let text = query[name] else { return nil }
    guard let choice = Choice(rawValue: text) else {
      let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw SCIMError(status: 400, .invalidValue, "\(name) must be \(words).")
    }
    return choice
  }
}

/// How entries of the audit are written for other programs.
enum AuditFormat: String, CaseIterable, Sendable {
  case json, csv

  /// - Parameter older: where the entries before these begin.
  func response(_ entries: [AuditEntry], older: Int?) -> Response {
    switch self {
    case .json:
      var body: JSONObject = ["entries": .array(entries.map { .object($0.json) })]
      body["older"] = older.map { .number(JSONNumber($0)) }
      var response = Response.plain(.ok, .object(body))
      response.headers[.cacheControl] = "private, no-cache"
      return response
    case .csv:
      return Response(
        status: .ok,
        headers: [.contentType: "text/csv; charset=utf-8; header=present", .cacheControl: "private, no-cache"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: AuditTable(entries: entries).text)))
    }
  }
}

extension Principal {
  /// Whether the audit is open to the principal.
  var maySeeAudit: Bool {
    switch rights {
    case .everything: true
    case .scoped(let scopes): scopes.contains(ScopeGrant.audit)
    case .itself: false
    }
  }
}

extension HTTPField.Name {
  static let link = HTTPField.Name("Link") ?? .location
}
