import JSON

/// SCIM 1.1 (core schema and protocol of 2012) beside SCIM 2.0: the same attributes, but for the URNs of schemas and a
/// few names. Everything here maps values of the one to values of the other and back.
package enum Dialect11 {
  /// The schema of users, groups and every message.
  package static let core = "urn:scim:schemas:core:1.0"
  package static let enterpriseUser = "urn:scim:schemas:extension:enterprise:1.0"

  /// The extensions that the two versions call differently; any other has one URN in both.
  static let extensions = [(version1: enterpriseUser, version2: SchemaURN.enterpriseUser)]

  /// The parts of complex attributes that the two versions call differently.
  static let parts = [(attribute: "manager", version1: "managerId", version2: "value")]

  /// The URN of an extension as SCIM 2.0 has it.
  static func version2(ofExtension urn: String) -> String {
    extensions.first { $0.version1.lowercased() == urn.lowercased() }?.version2 ?? urn
  }

  /// The URN of an extension as SCIM 1.1 has it.
  static func version1(ofExtension urn: String) -> String {
    extensions.first { $0.version2.lowercased() == urn.lowercased() }?.version1 ?? urn
  }

  /// The name of a part of an attribute as SCIM 2.0 has it.
  static func version2(ofPart name: String, in attribute: String) -> String {
    let match = parts.first { part in
      part.attribute.lowercased() == attribute.lowercased() && part.version1.lowercased() == name.lowercased()
    }
    return match?.version2 ?? name
  }

  /// The name of a part of an attribute as SCIM 1.1 has it.
  static func version1(ofPart name: String, in attribute: String) -> String {
    let match = parts.first { part in
      part.attribute.lowercased() == attribute.lowercased() && part.version2.lowercased() == name.lowercased()
    }
    return match?.version1 ?? name
  }
}
