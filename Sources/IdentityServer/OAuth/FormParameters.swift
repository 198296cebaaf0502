import JSON
import OpenID

/// The fields of a form (`application/x-www-form-urlencoded`) as RFC 6749 section 3.2 reads them: a field without a value is
/// as if it were not there, and none may come twice. Names beyond ASCII are nobody's and left out, as unknown ones are.
struct FormParameters {
  let values: [String: String]

  /// - Throws: `OAuthError` invalid_request for broken percent escapes and for a field that comes twice.
  init(parsing text: String) throws(OAuthError) {
    guard let fields = text.formFields else {
      throw OAuthError(.invalidRequest, "The form is not percent-encoded UTF-8.")
    }
    var values: [String: String] = [:]
    for field in fields where !field.value.isEmpty && field.name.isASCII {
      guard values.updateValue(field.value, forKey: field.name) == nil else {
        throw OAuthError(.invalidRequest, "A parameter comes twice.")
      }
    }
    self.values = values
  }
}
