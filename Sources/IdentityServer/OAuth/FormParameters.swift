import OpenID

/// The fields of a form (`application/x-www-form-urlencoded`) as RFC 6749 section 3.2 reads them: a field without a value is
/// as if it were not there, and none may come twice.
struct FormParameters {
  let values: [String: String]

  /// - Throws: `OAuthError` invalid_request for broken percent escapes, endless combining marks and a field that comes twice.
  init(parsing text: String) throws(OAuthError) {
    guard let fields = text.formFields else {
      throw OAuthError(
        .invalidRequest, "The form is not percent-encoded UTF-8, or has more combining marks in a row than any script.")
    }
    var values: [String: String] = [:]
    for field in fields where !field.value.isEmpty {
      guard values.updateValue(field.value, forKey: field.name) == nil else {
        throw OAuthError(.invalidRequest, "A parameter comes twice.")
      }
    }
    self.values = values
  }
}
