import JSON
import SCIM

extension ResourceRules {
  /// The attributes as they are stored: names spelled as in the schema, read-only, unknown and unassigned ones gone, and
  /// `schemas`, which follows from the others.
  /// - Throws: `SCIMError` 400 that names every problem.
  func validated(_ given: JSONObject) throws(SCIMError) -> JSONObject {
    var attributes = keepingName(try validator.normalized(given))
    attributes["schemas"] = nil
    try requireNonEmptyNames(attributes)
    return attributes
  }

  /// A unique attribute that is required tells resources apart, so blanks do not do.
  private func requireNonEmptyNames(_ attributes: JSONObject) throws(SCIMError) {
    for attribute in unique where attribute.isRequired {
      guard let name = attributes[attribute.name]?.string, name.contains(where: { !$0.isWhitespace }) else {
        throw SCIMError(status: 400, .invalidValue, "\(attribute.name) is required and must not be empty.")
      }
    }
  }

  /// The attributes as the record of changes may tell them.
  func withoutSecrets(_ attributes: JSONObject) -> JSONObject {
    Projection.standard.applied(to: attributes, of: type, catalog: catalog)
  }
}
