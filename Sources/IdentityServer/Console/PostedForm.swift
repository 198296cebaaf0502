import HTTPTypes
import HummingbirdCore
import NIOCore
import SCIM

/// The fields of a form of the console, empty ones included: a field that was emptied says something.
struct PostedForm: Sendable {
  /// The field with the token that shows where the form comes from.
  static let token = "form_token"
  /// The field with the version of the resource that the form was made from.
  static let version = "version"
  /// In bytes.
  private static let maxSize = 1 << 20

  private let values: [String: String]

  /// What is in it, as far as it says anything.
  var fields: [String: String] { values.filter { !$0.value.isEmpty } }

  init(_ values: [String: String] = [:]) { self.values = values }

  /// - Throws: `SCIMError` 400 for what is no form, and as `bytes(maxSize:)`.
  init(_ request: Request) async throws {
    let bytes = try await request.bytes(maxSize: Self.maxSize)
    guard request.isForm,
      let fields = String(validating: bytes.readableBytesView, as: UTF8.self)?.formFields,
      Set(fields.map(\.name)).count == fields.count
    else {
      throw SCIMError(status: 400, .invalidSyntax, "This is not a form as the pages of the console send it.")
    }
    values = Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  /// The text as it was sent; nil when there is no such field.
  subscript(name: String) -> String? { values[name] }

  /// The text without the white space around it; nil when nothing is left.
  func text(_ name: String) -> String? {
    guard let text = values[name] else { return nil }
    let trimmed = text.trimmed
    return trimmed.isEmpty ? nil : trimmed
  }

  func setting(_ name: String, _ value: String) -> PostedForm {
    PostedForm(values.merging([name: value]) { _, new in new })
  }

  /// Whether the box is checked.
  func isOn(_ name: String) -> Bool { values[name] != nil }

  /// The lines of a text that are not empty.
  func lines(_ name: String) -> [String] {
    (values[name] ?? "").split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }
  }

  /// What stands behind the beginning in the names of the boxes that are checked.
  func names(startingWith beginning: String) -> [String] {
    values.keys.filter { $0.hasPrefix(beginning) }.map { String($0.dropFirst(beginning.count)) }.sorted()
  }
}

extension String {
  /// The text without the white space around it.
  var trimmed: String {
    let start = self[...].drop(while: \.isWhitespace)
    guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...end])
  }
}
