import JSON
import NIOHTTP1
import SCIM

extension EndpointError {
  /// Reads an answer that is not a success: the one place where HTTP statuses become kinds of errors.
  ///
  /// The status alone does not decide: throttling comes dressed as 400, 403 or 500, a clash of names as 400, and a page of
  /// HTML with status 404 is a proxy's opinion, not the endpoint's.
  package init(status: Int, headers: HTTPHeaders, body: some Collection<UInt8>) {
    if let refusal = EndpointError(salesforceStatus: status, headers: headers, body: body) {
      self = refusal
      return
    }
    let refusal = Refusal(headers: headers, body: body)
    let retryAfter = RetryAfter.parse(headers)
    let kind: Kind =
      switch status {
      case 300..<400: .malformed
      case 401: .unauthorized
      case 409: .conflict
      case 412: .stale
      case 429: .rateLimited(retryAfter: retryAfter)
      case _ where refusal.isThrottling && (status == 400 || status == 403 || (500..<600).contains(status)):
        .rateLimited(retryAfter: retryAfter)
      case 403: .forbidden
      case 400 where refusal.scimType == .uniqueness: .conflict
      case 408: .timedOut
      case 425: .unavailable(retryAfter: retryAfter)
      case 501, 505: .rejected
      case 500..<600: .unavailable(retryAfter: retryAfter)
      case 400..<500 where refusal.isHTML: .malformed
      case 404: .notFound
      case 413: .tooLarge
      case 400..<500: .rejected
      default: .malformed
      }
    let redirect = (300..<400).contains(status) ? Self.redirect(to: headers.first(name: "location")) : nil
    self.init(kind, status: status, redirect ?? "\(status): \(refusal.text)")
  }

  /// An error of the protocol, raised in process.
  package init(_ error: SCIMError) {
    let kind: Kind =
      switch (error.status, error.kind) {
      case (_, .uniqueness), (409, _): .conflict
      case (401, _): .unauthorized
      case (403, _): .forbidden
      case (404, _): .notFound
      case (412, _): .stale
      case (413, _), (_, .tooMany): .tooLarge
      case (500..., _): .unavailable(retryAfter: nil)
      default: .rejected
      }
    self.init(kind, status: error.status, error.detail)
  }

  /// Only scheme, host and path of the address are shown: a query may carry a token.
  private static func redirect(to location: String?) -> String {
    let address = location.map { MessageText.oneLine(String($0.prefix { $0 != "?" && $0 != "#" })) }
    return
      "the endpoint redirects to \(address ?? "another address"); redirects are not followed, so `url` must name the"
      + " final address"
  }
}

/// What the body of an unsuccessful answer says.
private struct Refusal {
  let scimType: SCIMError.Kind?
  /// One line without markup.
  let text: String
  let isHTML: Bool
  let isThrottling: Bool

  init(headers: HTTPHeaders, body: some Collection<UInt8>) {
    let bytes = Array(body.prefix(1 << 16))
    let object = (try? JSONValue(parsing: bytes))?.object
    let excerpt = MessageText.excerpt(of: bytes)
    scimType = object?["scimType"]?.string.flatMap(SCIMError.Kind.init(ignoringCase:))
    text = object.flatMap(Self.sentence).map { MessageText.oneLine($0) } ?? excerpt
    isHTML = headers.first(name: "content-type")?.lowercased().hasPrefix("text/html") ?? false
    let reasons = Self.reasons(in: object).joined(separator: " ")
    let wording = "\(excerpt) \(text) \(reasons)".lowercased()
    isThrottling = Self.throttlingWords.contains { wording.contains($0) }
  }

  /// The sentence meant for people: RFC 7644 section 3.12 first, then SCIM 1.1, then what gateways write.
  private static func sentence(in body: JSONObject) -> String? {
    let legacy = body["Errors"]?.array?.first?["description"]
    let candidates = [
      body["detail"], legacy, body["error_description"], body["description"], body["message"],
      body["error"]?["message"],
    ]
    return candidates.lazy.compactMap { $0?.string }.first { !$0.isEmpty }
  }

  /// Google's words for what is wrong, which its sentences do not tell apart.
  private static func reasons(in body: JSONObject?) -> [String] {
    (body?["error"]?["errors"]?.array ?? []).compactMap { $0["reason"]?.string }
  }

  private static let throttlingWords = [
    "throttlingexception", "throttled", "request_limit_exceeded", "rate exceeded", "rate limit exceeded",
    "ratelimitexceeded", "quotaexceeded", "too many requests", "concurrent limit",
  ]
}
