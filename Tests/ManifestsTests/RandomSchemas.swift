import SCIM
import SeededRandom

/// Schemas in which nothing contradicts itself.
struct RandomSchemas {
  var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  mutating func schema() -> SchemaExtension {
    let types = SchemaCatalog.standard.resourceTypes.map(\.name)
    let number = Int.random(in: 0..<1000, using: &generator)
    return SchemaExtension(
      Schema(
        id: "urn:example:params:scim:schemas:s\(number):2.0:User", name: "S\(number)", description: text(),
        attributes: attributes(arePartsOfComplex: false)),
      of: types.randomElement(using: &generator) ?? "User", isRequired: flag())
  }

  private mutating func attributes(arePartsOfComplex: Bool) -> [Attribute] {
    (0...Int.random(in: 0..<4, using: &generator)).map { attribute("a\($0)", isPart: arePartsOfComplex) }
  }

  private mutating func attribute(_ name: String, isPart: Bool) -> Attribute {
    let types = Attribute.DataType.allCases.filter { $0 != .complex || !isPart }
    let type = types.randomElement(using: &generator) ?? .string
    var attribute = Attribute(
      name, type, isMultiValued: flag(), description: text(),
      isCaseExact: flag() || type == .reference || type == .binary,
      mutability: Attribute.Mutability.allCases.randomElement(using: &generator) ?? .readWrite,
      returned: Attribute.Returned.allCases.randomElement(using: &generator) ?? .default)
    switch type {
    case .string: attribute.canonicalValues = flag() ? ["red", "no", "1e3", "#"] : []
    case .reference: attribute.referenceTypes = flag() ? ["User", "external"] : []
    case .complex: attribute.subAttributes = attributes(arePartsOfComplex: true)
    case .boolean, .decimal, .integer, .dateTime, .binary: break
    }
    if attribute.mutability == .writeOnly { becomeSecret(&attribute) }
    if attribute.mutability == .readWrite || attribute.mutability == .immutable { attribute.isRequired = flag() }
    let comparable: [Attribute.DataType] = [.string, .integer, .decimal, .reference, .binary]
    if !isPart, !attribute.isMultiValued, attribute.mutability != .writeOnly, comparable.contains(type) {
      attribute.uniqueness = Attribute.Uniqueness.allCases.randomElement(using: &generator) ?? .none
    }
    return attribute
  }

  private mutating func becomeSecret(_ attribute: inout Attribute) {
    guard attribute.type == .string else { return attribute.mutability = .readWrite }
    attribute.isMultiValued = false
    attribute.returned = .never
  }

  private mutating func flag() -> Bool { Bool.random(using: &generator) }

  private mutating func text() -> String {
    ["", "A badge.", "yes", "two\nlines: \"quoted\" # and é", "$${not a variable}"].randomElement(using: &generator)
      ?? ""
  }
}
