import JSON
import NIOHTTP1

/// What Salesforce says when it does not do something: of a request, or of one record of many.
struct SalesforceRefusal: Hashable, Sendable {
  /// `DUPLICATE_USERNAME`, `REQUEST_LIMIT_EXCEEDED`, …
  let code: String
  let message: String
  let fields: [String]

  /// - Parameter entry: an element of the array that answers a request, or of the `errors` of a record.
  init?(_ entry: JSONValue) {
    guard let code = (entry["errorCode"] ?? entry["statusCode"])?.string else { return nil }
    self.code = code
    message = entry["message"]?.string ?? ""
    fields = entry["fields"]?.array?.compactMap(\.string) ?? []
  }

  /// What the refusal means; nil when the status says more.
  var kind: EndpointError.Kind? {
    switch code {
    case "INVALID_SESSION_ID": .unauthorized
    case "REQUEST_LIMIT_EXCEEDED", "UNABLE_TO_LOCK_ROW", "QUERY_TIMEOUT": .rateLimited(retryAfter: nil)
    case "SERVER_UNAVAILABLE": .unavailable(retryAfter: nil)
    case "DUPLICATE_USERNAME", "DUPLICATE_VALUE", "DUPLICATES_DETECTED", "DUPLICATE_DEVELOPER_NAME",
      "DUPLICATE_COMM_NICKNAME":
      .conflict
    case "NOT_FOUND", "ENTITY_IS_DELETED", "MALFORMED_ID": .notFound
    case "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY", "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
      "API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED":
      .forbidden
    default: nil
    }
  }

  /// One line, with a way out where there is one.
  var text: String {
    let place = fields.isEmpty ? "" : " (\(fields.joined(separator: ", ")))"
    let said = MessageText.oneLine("\(code)\(message.isEmpty ? "" : ": \(message)")\(place)")
    return remedy.map { "\(said); \($0)" } ?? said
  }

  private var remedy: String? {
    switch code {
    case "LICENSE_LIMIT_EXCEEDED":
      "every licence for this profile is taken: free one by deactivating a user, or buy more"
    case "MIXED_DML_OPERATION": "an automation of the organisation changes other records in the same transaction"
    case "API_DISABLED_FOR_ORG": "the edition of the organisation has no API, or the user lacks `API Enabled`"
    default: nil
    }
  }
}

extension EndpointError {
  /// Reads the array of refusals that Salesforce answers; nil when the body is something else.
  init?(salesforceStatus status: Int, headers: HTTPHeaders, body: some Collection<UInt8>) {
    let entries = (try? JSONValue(parsing: Array(body.prefix(1 << 16))))?.array ?? []
    let refusals = entries.compactMap(SalesforceRefusal.init)
    guard let first = refusals.first else { return nil }
    let text = refusals.map(\.text).joined(separator: "; ")
    var kind = first.kind ?? EndpointError(status: status, headers: headers, body: []).kind
    if case .rateLimited(nil) = kind { kind = .rateLimited(retryAfter: RetryAfter.parse(headers)) }
    self.init(kind, status: status, "\(status): \(text)")
  }
}
