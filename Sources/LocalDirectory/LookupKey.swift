import Foundation
import JSON
import SCIM

/// An entry of a store's index: an attribute that is often asked for, and its value folded, so that an index of bytes
/// finds it whatever its case. What the index finds may match; only the full comparison knows.
package struct LookupKey: Hashable, Sendable {
  /// `userName`, `emails.value`.
  package var attribute: String
  /// Lower case, Unicode normalisation form C.
  package var value: String

  package init(attribute: String, value: String) {
    self.attribute = attribute
    self.value = Self.folded(value)
  }

  private static func folded(_ text: String) -> String {
    let lowered = text.lowercased()
    return lowered.utf8.allSatisfy { $0 < 0x80 } ? lowered : lowered.precomposedStringWithCanonicalMapping
  }

  /// The single-valued string attributes of every type that are indexed; `emails.value` is indexed besides.
  private static let attributes = ["userName", "externalId", "displayName", "name"]

  /// The keys under which a resource is found.
  package static func keys(of resource: StoredResource) -> Set<LookupKey> {
    var keys: Set<LookupKey> = []
    for attribute in attributes {
      guard let value = resource.attributes[attribute]?.string else { continue }
      keys.insert(LookupKey(attribute: attribute, value: value))
    }
    for email in resource.attributes["emails"]?.array ?? [] {
      guard let value = email["value"]?.string else { continue }
      keys.insert(LookupKey(attribute: "emails.value", value: value))
    }
    return keys
  }
}

extension LookupKey {
  /// Where to look instead of everywhere.
  package enum Narrowing: Hashable, Sendable {
    case ids(Set<String>)
    case keys(Set<LookupKey>)
  }

  /// A narrowing that loses no match of the filter; nil when only a full scan is sure to find all.
  package static func narrowing(_ filter: Filter?) -> Narrowing? {
    switch filter {
    case .compare(let path, .equal, .string(let value)): narrowing(path, equals: value)
    case .valuePath(let path, .compare(let sub, .equal, .string(let value))) where sub.subAttribute == nil:
      narrowing(AttributePath(schema: path.schema, path.attribute, sub: sub.attribute), equals: value)
    case .and(let a, let b): narrowing(a) ?? narrowing(b)
    case .or(let a, let b): union(narrowing(a), narrowing(b))
    default: nil
    }
  }

  private static func narrowing(_ path: AttributePath, equals value: String) -> Narrowing? {
    guard path.valueFilter == nil else { return nil }
    let name = path.attribute.lowercased()
    switch (name, path.subAttribute?.lowercased()) {
    case ("id", nil): return .ids([value])
    case ("emails", nil), ("emails", "value"): return .keys([LookupKey(attribute: "emails.value", value: value)])
    case (_, nil):
      return attributes.first { $0.lowercased() == name }
        .map { .keys([LookupKey(attribute: $0, value: value)]) }
    default: return nil
    }
  }

  private static func union(_ a: Narrowing?, _ b: Narrowing?) -> Narrowing? {
    switch (a, b) {
    case (.ids(let a), .ids(let b)): .ids(a.union(b))
    case (.keys(let a), .keys(let b)): .keys(a.union(b))
    default: nil
    }
  }
}
