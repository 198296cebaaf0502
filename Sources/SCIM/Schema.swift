import JSON

/// A schema: a named set of attributes (RFC 7643 section 7).
package struct Schema: Hashable, Sendable {
  /// The URN, for example `urn:ietf:params:scim:schemas:core:2.0:User`.
  package var id: String
  package var name: String
  package var description: String
  package var attributes: [Attribute]

  package init(id: String, name: String, description: String = "", attributes: [Attribute]) {
    self.id = id
    self.name = name
    self.description = description
    self.attributes = attributes
  }

  /// The attribute of this name, compared without regard to case.
  package func attribute(_ name: String) -> Attribute? {
    attributes.first { $0.name == name } ?? attributes.first { $0.name.isEqual(ignoringCase: name) }
  }
}

/// A kind of resource that a service provider holds (RFC 7643 section 6).
package struct ResourceType: Hashable, Sendable {
  package struct Extension: Hashable, Sendable {
    package var schema: String
    package var isRequired: Bool

    package init(schema: String, isRequired: Bool = false) {
      self.schema = schema
      self.isRequired = isRequired
    }
  }

  /// `User`, `Group`, `Role`, …: the value of `meta.resourceType`.
  package var name: String
  /// The path below the base address, with its slash: `/Users`.
  package var endpoint: String
  package var description: String
  /// The URN of the core schema.
  package var schema: String
  package var extensions: [Extension]

  package init(
    name: String, endpoint: String, description: String = "", schema: String, extensions: [Extension] = []
  ) {
    self.name = name
    self.endpoint = endpoint
    self.description = description
    self.schema = schema
    self.extensions = extensions
  }
}
