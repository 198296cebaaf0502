import JSON

/// One attribute of a schema with its characteristics (RFC 7643 sections 2.2 and 7).
package struct Attribute: Hashable, Sendable {
  package enum DataType: String, Sendable, CaseIterable {
    case string, boolean, decimal, integer, dateTime, binary, reference, complex
  }

  package enum Mutability: String, Sendable, CaseIterable { case readOnly, readWrite, immutable, writeOnly }
  package enum Returned: String, Sendable, CaseIterable { case always, never, `default`, request }
  package enum Uniqueness: String, Sendable, CaseIterable { case none, server, global }

  package var name: String
  package var type: DataType
  package var isMultiValued: Bool
  package var description: String
  package var isRequired: Bool
  package var canonicalValues: [String]
  package var isCaseExact: Bool
  package var mutability: Mutability
  package var returned: Returned
  package var uniqueness: Uniqueness
  /// `User`, `Group`, `external`, `uri`, … for references.
  package var referenceTypes: [String]
  package var subAttributes: [Attribute]

  package init(
    _ name: String, _ type: DataType = .string, isMultiValued: Bool = false, description: String = "",
    isRequired: Bool = false, canonicalValues: [String] = [], isCaseExact: Bool = false,
    mutability: Mutability = .readWrite, returned: Returned = .default, uniqueness: Uniqueness = .none,
    referenceTypes: [String] = [], subAttributes: [Attribute] = []
  ) {
    self.name = name
    self.type = type
    self.isMultiValued = isMultiValued
    self.description = description
    self.isRequired = isRequired
    self.canonicalValues = canonicalValues
    self.isCaseExact = isCaseExact
    self.mutability = mutability
    self.returned = returned
    self.uniqueness = uniqueness
    self.referenceTypes = referenceTypes
    self.subAttributes = subAttributes
  }

  /// The sub-attribute of this name, compared without regard to case.
  package func subAttribute(_ name: String) -> Attribute? {
    subAttributes.first { $0.name == name } ?? subAttributes.first { $0.name.lowercased() == name.lowercased() }
  }

  /// The resource types that the `value` of this complex attribute may name, read off its `$ref` (`members`, `manager`).
  package var referencedTypes: [String] { subAttribute("$ref")?.referenceTypes ?? [] }
}
