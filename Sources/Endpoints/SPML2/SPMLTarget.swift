import Reconciliation
import XML

/// A target as `listTargetsResponse` describes it (SPML 2.0 section 3.5.2): what it holds, and what can be done there.
struct SPMLTarget: Hashable, Sendable {
  /// A class of objects, as the schema of the DSML v2 profile has it.
  struct ObjectClass: Hashable, Sendable {
    let name: String
    /// The names of all attributes that its objects may have; empty when the schema does not say.
    var attributes: [String] = []
    /// The names of those that each has.
    var required: [String] = []
    /// The names of the classes whose attributes it has too.
    var superiors: [String] = []

    /// Whether the attribute is one of these, or nobody knows.
    func mayHave(_ name: String) -> Bool { attributes.isEmpty || attributes.contains { $0.isSameName(as: name) } }

    func requires(_ name: String) -> Bool { required.contains { $0.isSameName(as: name) } }
  }

  /// nil where the provider has one target, and gives it no name.
  let id: String?
  let profile: String?
  private(set) var classes: [ObjectClass] = []
  /// For each capability the classes that it applies to; an empty set stands for all.
  private var capabilities: [SPMLCapability: Set<String>] = [:]

  /// Reads a `target` element.
  init(_ element: MessageElement) {
    id = element.attribute("targetID")
    profile = element.attribute("profile")
    for schema in element.children where schema.name == "schema" { read(schema) }
    for capability in element["capabilities"]?.children ?? [] where capability.name == "capability" {
      guard let known = capability.attribute("namespaceURI").flatMap(SPMLCapability.init) else { continue }
      let names = capability.children.filter { $0.name == "appliesTo" }.compactMap { $0.attribute("entityName") }
      capabilities[known] = Set(names.map { $0.lowercased() })
    }
  }

  func can(_ capability: SPMLCapability, with objectClass: String? = nil) -> Bool {
    guard let classes = capabilities[capability] else { return false }
    return classes.isEmpty || objectClass.map { classes.contains($0.lowercased()) } ?? true
  }

  /// The class of this name, with what it has of its superiors; nil when the target says what it has, and this is not
  /// among it.
  func objectClass(_ name: String) -> ObjectClass? {
    guard !classes.isEmpty else { return ObjectClass(name: name) }
    guard var found = classes.first(where: { $0.name.isSameName(as: name) }) else { return nil }
    var waiting = found.superiors
    var met = [found.name]
    while let name = waiting.popLast() {
      guard !met.contains(where: { $0.isSameName(as: name) }) else { continue }
      met.append(name)
      guard let superior = classes.first(where: { $0.name.isSameName(as: name) }) else { continue }
      found.attributes += superior.attributes
      found.required += superior.required
      waiting += superior.superiors
    }
    return found
  }

  /// The classes that the schema defines, and those that it only calls supported.
  private mutating func read(_ schema: MessageElement) {
    for inner in schema.children {
      switch inner.name {
      case "schema": for defined in inner.children where defined.name == "objectClassDefinition" { add(defined) }
      case "supportedSchemaEntity":
        guard let name = inner.attribute("entityName"), classes.allSatisfy({ !$0.name.isSameName(as: name) }) else {
          continue
        }
        classes.append(ObjectClass(name: name))
      default: continue
      }
    }
  }

  private mutating func add(_ definition: MessageElement) {
    guard let name = definition.attribute("name") else { return }
    let references = definition["memberAttributes"]?.children ?? []
    let required = references.filter { ["true", "1"].contains($0.attribute("required")) }
    let added = ObjectClass(
      name: name, attributes: references.compactMap { $0.attribute("name") },
      required: required.compactMap { $0.attribute("name") },
      superiors: definition["superiorClasses"]?.children.compactMap { $0.attribute("name") } ?? [])
    // It may have been called supported before it is defined.
    classes.removeAll { $0.name.isSameName(as: name) }
    classes.append(added)
  }
}

extension SPMLTarget {
  /// The target that the manifest means, among those of a `listTargetsResponse`.
  /// - Throws: `misconfigured` when there is none, or not one only; `malformed` when the answer names none at all.
  static func chosen(by settings: SPML2Settings, in answer: MessageElement) throws(EndpointError) -> SPMLTarget {
    let targets = answer.children.filter { $0.name == "target" }.map(SPMLTarget.init)
    let names = targets.compactMap(\.id).map { "'\(MessageText.oneLine($0))'" }.joined(separator: ", ")
    guard let first = targets.first else { throw EndpointError(.malformed, "the provider names no targets") }
    let fitting = targets.filter { settings.target == nil || $0.id == settings.target }
    // A provider of one target need not name it.
    let chosen = fitting.first ?? (targets.count == 1 && first.id == nil ? first : nil)
    guard let chosen else {
      throw EndpointError(.misconfigured, "the provider has no target '\(settings.target ?? "")'; it has \(names)")
    }
    guard fitting.count <= 1 else {
      throw EndpointError(
        .misconfigured, "the provider has several targets, and `spml2.target` must say which: \(names)")
    }
    guard chosen.profile?.lowercased().hasSuffix("dsml") ?? true else {
      throw EndpointError(.misconfigured, "the target does not follow the DSML v2 profile, but \(chosen.profile ?? "")")
    }
    return chosen
  }

  /// - Throws: `misconfigured` when the target has no such class.
  func required(_ name: String, field: String) throws(EndpointError) -> ObjectClass {
    if let found = objectClass(name) { return found }
    let names = classes.map { "'\(MessageText.oneLine($0.name))'" }.joined(separator: ", ")
    throw EndpointError(.misconfigured, "the target has no class '\(name)' (`\(field)`); it has \(names)")
  }
}

extension String {
  /// Names of attributes and classes are compared without regard to case, as directories do.
  func isSameName(as other: String) -> Bool { self == other || lowercased() == other.lowercased() }
}
