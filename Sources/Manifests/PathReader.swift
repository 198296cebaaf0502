import JSON
import Reconciliation
import SCIM

/// Reads attribute paths and filters that stand in manifests, where `enterprise.` is short for the URN of the extension
/// as it is in a `spec`, and checks that they speak of attributes that exist: a filter over a misspelt attribute would
/// match nobody, and protect nobody.
struct PathReader {
  private static let shorthand = "enterprise"

  let rules: RuleBook
  let scope: FileScope

  /// A path into the attributes of manifests.
  func path(_ node: YAMLNode, what: String) -> AttributePath? {
    guard let path = uncheckedPath(node, what: what) else { return nil }
    check(path, at: node.mark)
    return path
  }

  /// A path into attributes that an endpoint may have on top of those that we know.
  func uncheckedPath(_ node: YAMLNode, what: String) -> AttributePath? {
    scope.text(node, what: what).flatMap { path($0, in: node) }
  }

  /// A path that stands in a scalar: the whole of its text, or a part.
  func path(_ text: String, in node: YAMLNode) -> AttributePath? {
    do throws(SCIMError) {
      return expanded(try AttributePath(parsing: text))
    } catch {
      report(.invalidPath, error, of: text, in: node)
      return nil
    }
  }

  func filter(_ node: YAMLNode, what: String) -> Filter? {
    guard let text = scope.text(node, what: what) else { return nil }
    do throws(SCIMError) {
      let filter = expanded(try Filter(parsing: text))
      for path in filter.paths { check(path, at: node.mark) }
      return filter
    } catch {
      report(.invalidFilter, error, of: text, in: node)
      return nil
    }
  }

  /// Reports a path whose attribute no resource type has. Schemas that the catalog does not know are taken on trust.
  func check(_ path: AttributePath, at mark: YAMLMark) {
    guard let names = attributeNames(of: path.schema) else { return }
    let name = path.attribute.lowercased()
    guard !names.contains(where: { $0.lowercased() == name }) else { return }
    scope.report(
      .unknownAttribute, "there is no attribute `\(path.attribute)`", at: mark,
      hint: Spelling.hint(for: path.attribute, among: names))
  }

  private func attributeNames(of schema: String?) -> Set<String>? {
    guard let schema else { return rules.attributeNames }
    return rules.extensionRules(schema).map { Set($0.parts.keys) }
  }
}

extension PathReader {
  /// The parsers say `column 7: …`; in a scalar that stands on one line as it is, that is a column of the file.
  private func report(_ code: DiagnosticCode, _ error: SCIMError, of text: String, in node: YAMLNode) {
    let words = error.detail.split(separator: ": ", maxSplits: 1)
    guard words.count == 2, words[0].hasPrefix("column "), let column = Int(words[0].dropFirst(7)),
      case .scalar(text, let isPlain) = node.content,
      Int(node.mark.length) == text.unicodeScalars.count + (isPlain ? 0 : 2)
    else { return scope.report(code, error.detail, at: node.mark) }
    let start = Int(node.mark.column) + (isPlain ? 0 : 1)
    let mark = YAMLMark(line: Int(node.mark.line), column: start + column - 1)
    scope.report(code, String(words[1]), at: mark.moved(to: node.mark.origin))
  }

  private func expanded(_ path: AttributePath) -> AttributePath {
    guard path.schema == nil, path.attribute == Self.shorthand, let name = path.subAttribute else { return path }
    return AttributePath(schema: SchemaURN.enterpriseUser, name)
  }

  private func expanded(_ filter: Filter) -> Filter {
    switch filter {
    case .present(let path): .present(expanded(path))
    case .compare(let path, let comparison, let value): .compare(expanded(path), comparison, value)
    case .valuePath(let path, let inner): .valuePath(expanded(path), inner)
    case .and(let a, let b): .and(expanded(a), expanded(b))
    case .or(let a, let b): .or(expanded(a), expanded(b))
    case .not(let inner): .not(expanded(inner))
    }
  }
}

extension Filter {
  /// The paths of a resource that it asks about; those within brackets are relative and not among them.
  var paths: [AttributePath] {
    switch self {
    case .present(let path), .compare(let path, _, _), .valuePath(let path, _): [path]
    case .and(let a, let b), .or(let a, let b): a.paths + b.paths
    case .not(let inner): inner.paths
    }
  }
}
