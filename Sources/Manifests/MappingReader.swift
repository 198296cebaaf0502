import Foundation
import JSON
import Reconciliation
import SCIM

/// Reads one rule of an endpoint's `mapping`: `to` and one of `from`, `template` and `constant`.
struct MappingReader {
  /// What `from` says for the roles that name a user.
  private static let roles = "roles"

  let paths: PathReader

  private var scope: FileScope { paths.scope }

  func read(_ node: YAMLNode) -> AttributeMapping? {
    guard var fields = Fields(node, scope, what: "a mapping rule") else { return nil }
    let target = fields.require("to", of: "a mapping rule").flatMap { paths.uncheckedPath($0, what: "`to`") }
    let sources = ["from", "template", "constant"].compactMap { name in fields.take(name).map { (name, $0) } }
    let lowercased = fields.bool("lower") ?? false
    fields.finish("a mapping rule")
    guard let (name, value) = sources.first, sources.count == 1 else {
      scope.report(
        .conflictingFields, "a mapping rule needs exactly one of `from`, `template` and `constant`", at: node.mark)
      return nil
    }
    guard let target, let source = source(name, value) else { return nil }
    return AttributeMapping(to: target, from: source, lowercased: lowercased)
  }

  private func source(_ name: String, _ node: YAMLNode) -> AttributeMapping.Source? {
    switch name {
    case "constant": .constant(node.untyped)
    case "template": scope.text(node, what: "`template`").flatMap { template($0, in: node) }.map { .template($0) }
    default: node.text == Self.roles ? .roles : paths.path(node, what: "`from`").map { .attribute($0) }
    }
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
