import JSON
import SCIM

extension ResourceRules {
  /// The attributes as they are stored: names spelled as in the schema, read-only, unknown and unassigned ones gone, and
  /// `schemas`, which follows from the others.
  /// - Throws: `SCIMError` 400 that names every problem.
  func validated(_ given: JSONObject) throws(SCIMError) -> JSONObject {
    var attributes = keepingName(withoutRepetitions(try validator.normalized(given)))
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

  /// The attributes with each value of a multi-valued one once: clients take two for two (RFC 7643 section 2.4).
  func withoutRepetitions(_ resource: JSONObject) -> JSONObject {
    var result = resource.withoutRepetitions(attributes)
    for schema in extensionSchemas {
      guard let part = resource[schema.id]?.object else { continue }
      result[schema.id] = .object(part.withoutRepetitions(schema.attributes))
    }
    return result
  }

  /// The attributes as the record of changes may tell them.
  func withoutSecrets(_ attributes: JSONObject) -> JSONObject {
    Projection.standard.applied(to: attributes, of: type, catalog: catalog)
  }
}

extension JSONObject {
  fileprivate func withoutRepetitions(_ attributes: [Attribute]) -> JSONObject {
    var result = self
    for member in members {
      guard let values = member.value.array, values.count > 1,
        let attribute = attributes.first(where: { $0.name == member.key })
      else { continue }
      result[member.key] = .array(values.withoutRepetitions(of: attribute))
    }
    return result
  }
}
