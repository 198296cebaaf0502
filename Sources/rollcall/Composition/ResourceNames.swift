import JSON
import Manifests
import Reconciliation
import Reports

/// Finds the resources of manifests by what people call them.
struct ResourceNames {
  private let resources: [DesiredResource]

  init(_ resources: [DesiredResource]) { self.resources = resources }

  /// `Kind/name`.
  func key(_ text: String) throws -> ResourceKey {
    let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw CommandFailure(.usage, "\"\(text)\" is not Kind/name", hint: "for example User/alice")
    }
    return ResourceKey(parts[0], parts[1])
  }

  /// A user by name or userName, or anything as `Kind/name`.
  func member(_ text: String) throws -> DesiredResource {
    let found = try matches(text, among: ["User"])
    guard let first = found.first else { throw missing(text, "user", among: ["User"]) }
    return first
  }

  /// A group or role.
  /// - Parameter isRequired: whether it must be in the manifests; an endpoint may hold others.
  func container(_ text: String, isRequired: Bool) throws -> ResourceKey? {
    let kinds = Set(resources.lazy.filter { $0.members != nil }.map(\.key.kind)).union(["Group", "Role"])
    let found = try matches(text, among: kinds)
    if found.count > 1 {
      throw CommandFailure(
        .usage, "\"\(text)\" is the name of \(found.map(\.key.description).joined(separator: " and of "))",
        hint: "write Kind/name")
    }
    guard let first = found.first else {
      if isRequired { throw missing(text, "group or role", among: kinds) }
      return nil
    }
    return first.key
  }

  /// By the name in Git first, then by the name that people see.
  private func matches(_ text: String, among kinds: Set<String>) throws -> [DesiredResource] {
    if text.contains("/"), let exact = resources.first(where: { $0.key.description == text }) { return [exact] }
    let candidates = resources.filter { kinds.contains($0.key.kind) }
    let named = candidates.filter { $0.key.name == text }
    guard named.isEmpty else { return named }
    return candidates.filter { resource in
      ["userName", "displayName"].contains { resource.attributes[$0]?.string?.lowercased() == text.lowercased() }
    }
  }

  private func missing(_ text: String, _ what: String, among kinds: Set<String>) -> CommandFailure {
    let names = resources.lazy.filter { kinds.contains($0.key.kind) }.map(\.key.name)
    return CommandFailure(
      .usage, "no manifest describes the \(what) \"\(text)\"", hint: Spelling.hint(for: text, among: names))
  }
}
