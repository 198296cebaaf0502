import XML

/// A schema of the WSDL: the types and elements of one namespace.
struct SOAPSchema {
  let namespace: SOAPNamespace
  let structures: [SOAPType.Structure]
  let elements: [(name: String, fields: [SOAPField])]

  /// One for each namespace: the structures that the operations' fields need, and the elements of the messages.
  static let all: [SOAPSchema] = {
    let structures = Self.structures(in: elements.flatMap(\.fields))
    return SOAPNamespace.allCases.map { namespace in
      SOAPSchema(
        namespace: namespace, structures: structures.filter { $0.namespace == namespace },
        elements: namespace == .service ? elements : [])
    }.filter { !$0.structures.isEmpty || !$0.elements.isEmpty }
  }()

  private static let elements: [(name: String, fields: [SOAPField])] =
    UserStoreOperation.all.flatMap { operation in
      [(operation.name, operation.parameters.map(\.field))]
        + (operation.returns.map { [(operation.responseName, [$0])] } ?? [])
    } + [(SOAPFault.elementName, [SOAPFault.detail])]

  /// Each structure that the fields reach, once, in the order in which they are met.
  private static func structures(in fields: [SOAPField]) -> [SOAPType.Structure] {
    var found: [SOAPType.Structure] = []
    for case .structure(let structure) in fields.map(\.type) {
      for met in [structure] + structures(in: structure.fields) where !found.contains(met) { found.append(met) }
    }
    return found
  }

  func write(to writer: inout XMLWriter) {
    let imports = Set(fields.compactMap(\.type.namespace)).subtracting([namespace]).sorted { $0.rawValue < $1.rawValue }
    writer.elementDeclaring(
      "xs:schema", (imports + [namespace]).map(\.declaration),
      [
        ("elementFormDefault", "qualified"), ("attributeFormDefault", "qualified"),
        ("targetNamespace", namespace.rawValue),
      ]
    ) { writer in
      for other in imports { writer.empty("xs:import", ["namespace": other.rawValue]) }
      for structure in structures { Self.write(structure.fields, as: ["name": structure.name], &writer) }
      for element in elements {
        writer.element("xs:element", ["name": element.name]) { Self.write(element.fields, as: [:], &$0) }
      }
    }
  }

  private var fields: [SOAPField] { structures.flatMap(\.fields) + elements.flatMap(\.fields) }

  private static func write(
    _ fields: [SOAPField], as attributes: KeyValuePairs<String, String?>, _ writer: inout XMLWriter
  ) {
    writer.element("xs:complexType", attributes) { writer in
      writer.element("xs:sequence") { writer in
        for field in fields {
          writer.empty(
            "xs:element",
            [
              "minOccurs": "0", "maxOccurs": field.isRepeated ? "unbounded" : nil, "name": field.name,
              "nillable": field.type.isNillable ? "true" : nil, "type": field.type.qualifiedName,
            ])
        }
      }
    }
  }
}

extension SOAPType {
  /// nil for the types of XML Schema itself.
  fileprivate var namespace: SOAPNamespace? {
    if case .structure(let structure) = self { structure.namespace } else { nil }
  }
}
