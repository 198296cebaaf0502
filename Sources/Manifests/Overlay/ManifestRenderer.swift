import Foundation
import JSON
import Reconciliation

/// Writes manifests with variables and overlays put in, as documents that read back as the same.
package struct ManifestRenderer {
  private let variables: [String: String]
  private let limits: YAMLReader.Limits

  package init(variables: [String: String] = [:], limits: YAMLReader.Limits = .standard) {
    self.variables = variables
    self.limits = limits
  }

  /// The documents in the order of the sources, each below the place that it comes from. The manifests must be valid.
  /// - Throws: the file system's error, or what is wrong with the text of a file.
  package func text(of sources: [ManifestSource]) throws -> String {
    var text = ""
    for source in sources { text += try self.text(of: source) }
    return text
  }

  private func text(of source: ManifestSource) throws -> String {
    let part = FilePart(path: source.path, overlays: source.overlays?.paths ?? [])
    let variables = source.overlays?.variables(over: variables) ?? variables
    let overlays = source.overlays?.expanded(with: variables)
    let expander = VariableExpander(variables: variables, scope: FileScope(part))
    var text = ""
    var used: Set<PatchID> = []
    var yaml = YAMLReader(try source.bytes(), limits: limits)
    while let document = try yaml.next() {
      guard let root = document.root, !root.isOverlay else { continue }
      let expanded = expander.expanded(root)
      guard let patched = overlays.map({ $0.applied(to: expanded, used: &used) }) ?? expanded else { continue }
      let settled = SettledPaths(part: part, isEndpoint: patched["kind"]?.text == ManifestKind.endpoint.rawValue)
      var writer = YAMLNodeWriter()
      writer.write(settled.settling(patched))
      let place = "\(part.location(root.mark))".filter { !$0.isNewline }
      text += "---\n# \(place)\n\(writer.text)\n"
    }
    return text
  }
}

/// Paths of files are taken from the folder of the manifest that names them; elsewhere they have to begin where the program is
/// started.
private struct SettledPaths {
  let part: FilePart
  let isEndpoint: Bool

  /// The node with the paths of secrets, and in an endpoint those of certificates, as they lead from here.
  func settling(_ node: YAMLNode) -> YAMLNode {
    switch node.content {
    case .scalar: return node
    case .sequence(let items): return YAMLNode(.sequence(items.map(settling)), at: node.mark)
    case .mapping(let entries):
      let isSecret = entries.count == 1
      let isSOPS = Set(entries.map(\.key)) == ["sops", "key"]
      return YAMLNode(
        .mapping(
          entries.map { entry in
            let isPath =
              (isSecret && entry.key == "file") || (isSOPS && entry.key == "sops")
              || (isEndpoint && entry.key == "caFile")
            return YAMLEntry(
              key: entry.key, keyMark: entry.keyMark,
              value: isPath ? settledPath(entry.value) : settling(entry.value))
          }), at: node.mark)
    }
  }

  private func settledPath(_ node: YAMLNode) -> YAMLNode {
    guard case .scalar(let path, let isPlain) = node.content, !node.isNull else { return settling(node) }
    return YAMLNode(.scalar(part.path(of: path, at: node.mark), isPlain: isPlain), at: node.mark)
  }
}

/// Writes nodes as YAML in block style; reading them back yields the same nodes, so that what a scalar means is still for
/// the schema to say.
struct YAMLNodeWriter {
  private(set) var text = ""

  mutating func write(_ node: YAMLNode, indent: Int = 0) {
    switch node.content {
    case .mapping(let entries) where !entries.isEmpty: write(entries, indent: indent)
    case .sequence(let items) where !items.isEmpty: write(items, indent: indent)
    case .mapping: text += "{}"
    case .sequence: text += "[]"
    case .scalar(let scalar, let isPlain): text += Self.scalar(scalar, isPlain: isPlain, indent: max(indent, 2))
    }
  }

  private mutating func write(_ entries: [YAMLEntry], indent: Int) {
    for (index, entry) in entries.enumerated() {
      if index > 0 { breakLine(indent: indent) }
      text += YAMLText(entry.key).inline + ":"
      if entry.value.isBlock { breakLine(indent: indent + 2) } else { text += " " }
      write(entry.value, indent: indent + 2)
    }
  }

  private mutating func write(_ items: [YAMLNode], indent: Int) {
    for (index, item) in items.enumerated() {
      if index > 0 { breakLine(indent: indent) }
      text += "- "
      write(item, indent: indent + 2)
    }
  }

  private mutating func breakLine(indent: Int) {
    text += "\n"
    text.append(contentsOf: repeatElement(" ", count: indent))
  }

  /// A plain scalar that may mean a number, a boolean or null stays plain; `${` is no variable any more.
  private static func scalar(_ scalar: String, isPlain: Bool, indent: Int) -> String {
    let escaped = scalar.escapingVariables
    if isPlain, scalar.isEmpty { return "null" }
    if isPlain, !scalar.isEmpty, scalar.utf8.allSatisfy(isSafe),
      scalar.utf8.first != UInt8(ascii: "-") || scalar.utf8.count > 1
    {
      return scalar
    }
    return YAMLText(escaped).scalar(indent: indent)
  }

  /// What numbers, booleans, nulls and dates are written with.
  private static func isSafe(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension YAMLNode {
  /// A collection with something in it, which takes lines of its own.
  fileprivate var isBlock: Bool {
    switch content {
    case .scalar: false
    case .sequence(let items): !items.isEmpty
    case .mapping(let entries): !entries.isEmpty
    }
  }
}
