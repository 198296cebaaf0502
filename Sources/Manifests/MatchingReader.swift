import Reconciliation
import SCIM

/// Reads what of an endpoint we look at, and how its resources are matched with manifests.
struct MatchingReader {
  let paths: PathReader

  private var scope: FileScope { paths.scope }

  func scope(_ node: YAMLNode) -> EndpointDeclaration.Scope {
    var result = EndpointDeclaration.Scope()
    guard var fields = Fields(node, scope, what: "`scope`") else { return result }
    result.kinds = fields.items("kinds").map { Set($0.compactMap(kind)) }
    result.matchLabels = fields.take("selector").map(scope.selector) ?? [:]
    result.filter = fields.take("filter").flatMap { paths.filter($0, what: "`filter`") }
    fields.finish("`scope`")
    return result
  }

  /// A kind of ours, or any other resource type; what is nearly one of ours is a slip.
  private func kind(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "a kind") else { return nil }
    let known = paths.rules.catalog.resourceTypes.map(\.name)
    guard !known.contains(text), let hint = Spelling.hint(for: text, among: known) else { return text }
    scope.report(.invalidChoice, "the kind `\(text)` is not known", at: node.mark, hint: hint)
    return nil
  }

  func situations(_ node: YAMLNode) -> EndpointDeclaration.Situations {
    typealias Situations = EndpointDeclaration.Situations
    var situations = Situations()
    guard var fields = Fields(node, scope, what: "`situations`") else { return situations }
    situations.found = fields.choice("found", Situations.Found.self) ?? situations.found
    situations.unmatched = fields.choice("unmatched", Situations.Unmatched.self) ?? situations.unmatched
    situations.ambiguous = fields.choice("ambiguous", Situations.Ambiguous.self) ?? situations.ambiguous
    situations.missing = fields.choice("missing", Situations.Missing.self) ?? situations.missing
    fields.finish("`situations`")
    return situations
  }

  func correlation(_ nodes: [YAMLNode]) -> [String] {
    nodes.compactMap { node in
      paths.path(node, what: "an attribute of `correlation`").flatMap { _ in node.text }
    }
  }

  func ignored(_ nodes: [YAMLNode]) -> [AttributePath] {
    nodes.compactMap { paths.uncheckedPath($0, what: "a path of `ignore`") }
  }
}
