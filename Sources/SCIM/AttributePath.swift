/// Names an attribute, or a part of one (RFC 7644 sections 3.5.2 and 3.10):
/// `userName`, `name.givenName`, `emails[type eq "work"].value`, `urn:…:enterprise:2.0:User:manager.displayName`.
package struct AttributePath: Hashable, Sendable {
  /// The schema's URN when the path is written with one; nil means the core schema of the resource type.
  package var schema: String?
  package var attribute: String
  /// The value filter between brackets.
  package var valueFilter: Filter?
  package var subAttribute: String?

  package init(schema: String? = nil, _ attribute: String, valueFilter: Filter? = nil, sub subAttribute: String? = nil)
  {
    self.schema = schema
    self.attribute = attribute
    self.valueFilter = valueFilter
    self.subAttribute = subAttribute
  }
}
