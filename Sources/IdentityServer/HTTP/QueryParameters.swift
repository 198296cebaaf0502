import SCIM

/// The parameters of a query string, by name; of two with one name the first counts.
struct QueryParameters: Sendable {
  private let values: [String: String]

  /// - Throws: `SCIMError` 400 when an escape is broken.
  init(_ query: String?) throws(SCIMError) {
    guard let fields = (query ?? "").formFields else {
      throw SCIMError(status: 400, .invalidValue, "The query string is not percent-encoded UTF-8.")
    }
    values = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// nil when the parameter is absent or empty.
  subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// The parameter as it stands there, be it empty; nil when it is absent.
  func text(_ name: String) -> String? { values[name] }

  /// - Throws: `SCIMError` 400 when the parameter is not a whole number.
  func int(_ name: String) throws(SCIMError) -> Int? {
    guard let text = self[name] else { return nil }
    guard let value = Int(text) else { throw SCIMError(status: 400, .invalidValue, "\(name) must be a whole number.") }
    return value
  }

  /// The comma-separated attribute paths of a parameter (RFC 7644 section 3.9).
  func paths(_ name: String) throws(SCIMError) -> [AttributePath] {
    var paths: [AttributePath] = []
    for text in self[name]?.split(whereSeparator: { $0 == "," || $0 == " " }) ?? [] {
      paths.append(try AttributePath(parsing: String(text)))
    }
    return paths
  }
}
