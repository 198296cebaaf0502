import Foundation
import JSON
import Reconciliation
import SCIM

/// Reads one rule of an endpoint's `mapping`: `to`, one of `from`, `firstOf`, `template` and `constant`, and what is done
/// with the value on its way.
struct MappingReader {
  static let sources = ["from", "firstOf", "template", "constant"]
  /// What `from` says for the roles that name a user.
  private static let roles = "roles"

  let paths: PathReader

  private var scope: FileScope { paths.scope }

  func read(_ node: YAMLNode) -> AttributeMapping? {
    guard var fields = Fields(node, scope, what: "a mapping rule") else { return nil }
    let target = fields.require("to", of: "a mapping rule").flatMap { paths.uncheckedPath($0, what: "`to`") }
    let sources = Self.sources.compactMap { name in fields.take(name).map { (name, $0) } }
    let isConstant = sources.first?.0 == "constant"
    let table = isConstant ? nil : fields.take("lookup").flatMap(table)
    let separator = isConstant ? nil : fields.string("join")
    let fallback = isConstant ? nil : fields.take("default")?.untyped
    let lowercased = fields.bool("lower") ?? false
    fields.finish(isConstant ? "a mapping rule with a constant" : "a mapping rule")
    guard let (name, value) = sources.first, sources.count == 1 else {
      let names = Self.sources.quoted(and: "and")
      scope.report(.conflictingFields, "a mapping rule needs exactly one of \(names)", at: node.mark)
      return nil
    }
    guard let target, let source = source(name, value) else { return nil }
    return AttributeMapping(
      to: target, from: source, table: table, separator: separator, lowercased: lowercased, fallback: fallback,
      location: scope.location(node.mark))
  }

  private func source(_ name: String, _ node: YAMLNode) -> AttributeMapping.Source? {
    switch name {
    case "constant": .constant(node.untyped)
    case "template": scope.text(node, what: "`template`").flatMap { template($0, in: node) }.map { .template($0) }
    case "firstOf": firstOf(node).map { .firstOf($0) }
    default: node.text == Self.roles ? .roles : paths.path(node, what: "`from`").map { .attribute($0) }
    }
  }

  /// nil, and a fault, when one of the paths is none, or there are none.
  private func firstOf(_ node: YAMLNode) -> [AttributePath]? {
    guard let items = scope.items(node, what: "`firstOf`") else { return nil }
    let read = items.map { paths.path($0, what: "an attribute of `firstOf`") }
    if items.isEmpty { scope.report(.missingField, "`firstOf` names no attribute", at: node.mark) }
    return items.isEmpty || read.contains(nil) ? nil : read.compactMap { $0 }
  }

  private func table(_ node: YAMLNode) -> [String: JSONValue]? {
    guard let entries = node.entries, !entries.isEmpty else {
      scope.report(.wrongShape, "`lookup` must be a mapping of values to values", at: node.mark)
      return nil
    }
    return Dictionary(entries.map { ($0.key, $0.value.untyped) }, uniquingKeysWith: { first, _ in first })
  }

  /// Text with `{{path}}` in it.
  private func template(_ text: String, in node: YAMLNode) -> [AttributeMapping.TemplatePart]? {
    var parts: [AttributeMapping.TemplatePart] = []
    var rest = text[...]
    while let open = rest.firstRange(of: "{{") {
      guard let close = rest[open.upperBound...].firstRange(of: "}}") else {
        scope.report(.invalidTemplate, "`{{` is not closed", at: node.mark, hint: "write {{attribute}}")
        return nil
      }
      let name = rest[open.upperBound..<close.lowerBound].trimmingCharacters(in: .whitespaces)
      guard let path = paths.path(name, in: node) else { return nil }
      paths.check(path, at: node.mark)
      if open.lowerBound > rest.startIndex { parts.append(.text(String(rest[..<open.lowerBound]))) }
      parts.append(.attribute(path))
      rest = rest[close.upperBound...]
    }
    if !rest.isEmpty { parts.append(.text(String(rest))) }
    return parts
  }
}
