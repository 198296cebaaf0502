import Foundation
import XML

/// What names an object of a provider: an id, and where that is not enough, the container that it is unique in
/// (SPML 2.0 section 3.3.1).
struct PSOIdentifier: Hashable, Sendable {
  let id: String
  /// The ids of the containers, the outermost first.
  var containers: [String] = []

  init(_ id: String, in containers: [String] = []) {
    self.id = id
    self.containers = containers
  }
}

extension PSOIdentifier {
  /// What stands before an id that tells containers too.
  private static let prefix = "pso:"

  /// The identifier in one line, as a resource's `id`: the bare id; with containers, `pso:` and the percent-encoded ids
  /// from the outermost on, between slashes.
  var text: String {
    guard !containers.isEmpty || id.hasPrefix(Self.prefix) else { return id }
    return Self.prefix + (containers + [id]).map(SCIM2Address.encode).joined(separator: "/")
  }

  /// Reads what ``text`` wrote; what it cannot have written is a bare id.
  init(text: String) {
    let parts = text.dropFirst(Self.prefix.count).split(separator: "/", omittingEmptySubsequences: false)
    let ids = parts.compactMap { String($0).removingPercentEncoding }
    if text.hasPrefix(Self.prefix), ids.count == parts.count, let last = ids.last {
      self.init(last, in: Array(ids.dropLast()))
    } else {
      self.init(text)
    }
  }
}

extension PSOIdentifier {
  /// Reads an element of the type `PSOIdentifierType`; nil when it has no `ID`.
  init?(_ element: MessageElement) {
    guard let id = element.attribute("ID") else { return nil }
    let container = element["containerID"].flatMap { PSOIdentifier($0) }
    self.init(id, in: container.map { $0.containers + [$0.id] } ?? [])
  }

  /// Writes an element of the type `PSOIdentifierType`, whose own children are always of the core schema.
  /// - Parameter name: with its prefix.
  func write(as name: String, target: String?, to writer: inout XMLWriter) {
    guard let outer = containers.last else { return writer.empty(name, ["ID": id, "targetID": target]) }
    let container = PSOIdentifier(outer, in: containers.dropLast())
    writer.element(name, ["ID": id, "targetID": target]) { writer in
      container.write(as: "spml:containerID", target: target, to: &writer)
    }
  }
}
