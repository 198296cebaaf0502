import JSON
import SCIM

/// A resource as people read it: what its schema calls simple attributes together, every complex one by itself.
struct AttributeDescription {
  private let resource: JSONObject
  private let type: ResourceType
  private let catalog: SchemaCatalog
  /// What the page shows elsewhere.
  private let hidden: Set<String>

  init(_ resource: Resource, _ type: ResourceType, _ catalog: SchemaCatalog, hiding hidden: Set<String>) {
    self.resource = resource.attributes
    self.type = type
    self.catalog = catalog
    self.hidden = hidden
  }

  /// Sections of terms and what is said of them, for templates.
  var content: PageContent {
    let attributes = (catalog.schema(type.schema)?.attributes ?? []).filter { !hidden.contains($0.name) }
    let external = Schema.common.attributes.filter { $0.name == "externalId" }
    let simple = (attributes + external).filter { $0.type != .complex || isBrief($0) }
    let apart = attributes.filter { $0.type == .complex && !isBrief($0) }
    var sections: [Section] = [
      ("Details", simple.flatMap { rows(resource[$0.name], $0, AttributeLabel.text($0.name)) })
    ]
    sections += apart.map { (AttributeLabel.text($0.name), rows(resource[$0.name], $0, nil)) }
    sections += extensions
    sections.append(("Record", record))
    return .list(
      sections.filter { !$0.rows.isEmpty }.map { heading, rows in
        [
          "heading": .text(heading),
          "terms": .list(
            rows.map { term, values in
              ["term": .text(term), "values": .list(values.map { ["item": .text($0)] })]
            }),
        ]
      })
  }

  private typealias Section = (heading: String, rows: [Row])
  private typealias Row = (term: String, values: [String])

  /// Whether the values of a complex attribute need one line each.
  private func isBrief(_ attribute: Attribute) -> Bool {
    attribute.isMultiValued && attribute.subAttribute("value") != nil
  }

  private var extensions: [Section] {
    type.extensions.compactMap { catalog.schema($0.schema) }.map { schema in
      let values = resource[schema.id]
      return (
        AttributeLabel.text(schema.name),
        schema.attributes.flatMap { rows(values?[$0.name], $0, AttributeLabel.text($0.name)) }
      )
    }
  }

  private var record: [Row] {
    let meta = resource["meta"]
    return [
      ("ID", [resource["id"]?.string ?? ""]), ("Added", [ReadableTime.text(meta?["created"]?.string)]),
      ("Last changed", [ReadableTime.text(meta?["lastModified"]?.string)]),
    ]
  }

  // MARK: Rows

  /// - Parameter label: nil when the heading says it.
  private func rows(_ value: JSONValue?, _ attribute: Attribute, _ label: String?) -> [Row] {
    guard let value, !value.isNull else { return [] }
    guard attribute.type == .complex else {
      let texts = value.plainTexts.map { attribute.type == .dateTime ? ReadableTime.text($0) : $0 }
      return [(label ?? AttributeLabel.text(attribute.name), texts)]
    }
    guard attribute.isMultiValued else { return parts(value, attribute, label) }
    let elements = value.array ?? [value]
    if isBrief(attribute) { return [(label ?? AttributeLabel.text(attribute.name), elements.map(Self.line))] }
    return elements.enumerated().flatMap { index, element in
      let name = element["name"]?.string ?? element["type"]?.string.map(AttributeLabel.text)
      return parts(element, attribute, name ?? "\(AttributeLabel.singular(attribute.name)) \(index + 1)")
    }
  }

  private func parts(_ value: JSONValue, _ attribute: Attribute, _ label: String?) -> [Row] {
    attribute.subAttributes.filter { $0.name != "$ref" }.flatMap { part in
      let own = label.map { "\($0): \(AttributeLabel.within(part.name))" } ?? AttributeLabel.text(part.name)
      return rows(value[part.name], part, own)
    }
  }

  /// `ann@corp.example (work, primary)`
  private static func line(_ element: JSONValue) -> String {
    let notes = [
      element["display"]?.string, element["type"]?.string, element["primary"] == true ? "primary" : nil,
    ].compactMap(\.self)
    let value = element["value"]?.plainText ?? element.plainText
    return notes.isEmpty ? value : "\(value) (\(notes.joined(separator: ", ")))"
  }
}
