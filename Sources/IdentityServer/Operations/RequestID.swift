import HTTPTypes

/// The name of a request in the log, in the answer's header, and in the body of an error that is ours.
enum RequestID {
  static let header = HTTPField.Name("X-Request-Id")

  /// The one that the client or a proxy chose, so that one name follows a request through all logs.
  /// - Returns: nil when there is none, or it is more than a name: it comes back in headers and stands in logs.
  static func chosen(in headers: HTTPFields) -> String? {
    guard let header, let text = headers[single: header], isWellFormed(text) else { return nil }
    return text
  }

  static func isWellFormed(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(allowed.contains)
  }

  private static let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:=/+@".utf8)
}
