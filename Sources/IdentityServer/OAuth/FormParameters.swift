import OpenID

/// The fields of a form (`application/x-www-form-urlencoded`) as RFC 6749 section 3.2 reads them: a field without a value is
/// as if it were not there, and none may come twice.
struct FormParameters {
  let values: [String: String]

  /// - Throws: `OAuthError` invalid_request for broken percent escapes and for a field that comes twice.
  init(parsing text: String) throws(OAuthError) {
    var values: [String: String] = [:]
    for pair in text.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts[0].percentDecoded(plusIsSpace: true),
        let value = parts.count == 1 ? "" : parts[1].percentDecoded(plusIsSpace: true)
      else { throw OAuthError(.invalidRequest, "The form is not percent-encoded UTF-8.") }
      guard !value.isEmpty else { continue }
      guard values.updateValue(value, forKey: name) == nil else {
        throw OAuthError(.invalidRequest, "A parameter comes twice.")
      }
    }
    self.values = values
  }
}
