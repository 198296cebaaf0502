import JSON
import Reconciliation
import SCIM

/// Turns what is live at an endpoint into manifests that ask for just that: compiled again, they plan to nothing.
package struct ManifestWriter {
  /// A file to be written.
  package struct File: Hashable, Sendable {
    /// `users.yaml`, `identity-providers.yaml`.
    package var name: String
    package var text: String
  }

  private let catalog: SchemaCatalog

  package init(catalog: SchemaCatalog = .standard) { self.catalog = catalog }

  /// One file for each resource type that has resources, sorted by name.
  ///
  /// Names are made from what the resources are called there, and references go by these names. What only the endpoint
  /// sets, secrets and empty values are left out.
  ///
  /// - Parameter listings: the resources by the name of their type.
  package func files(for listings: [String: [Resource]]) -> [File] {
    let names = ImportedNames(listings)
    return listings.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { kind, resources in
      var yaml = YAMLWriter()
      let keyed = resources.compactMap { resource in names.key(of: resource.id).map { ($0, resource) } }
      for (key, resource) in keyed.sorted(by: { $0.0 < $1.0 }) {
        yaml.append(document(key, SpecWriter(catalog: catalog, names: names).spec(resource, kind)))
      }
      return File(name: Self.fileName(kind), text: yaml.text)
    }
  }

  private func document(_ key: ResourceKey, _ spec: JSONObject) -> JSONValue {
    let isKnown = ManifestKind(rawValue: key.kind) != nil
    let other: JSONValue = ["resourceType": .string(key.kind), "attributes": .object(spec)]
    return [
      "apiVersion": .string(DocumentReader.apiVersion),
      "kind": .string(isKnown ? key.kind : ManifestKind.resource.rawValue),
      "metadata": ["name": .string(key.name)],
      "spec": isKnown ? .object(spec) : other,
    ]
  }

  /// `IdentityProvider` becomes `identity-providers.yaml`.
  private static func fileName(_ kind: String) -> String {
    let words = kind.reduce(into: "") { text, character in
      if character.isUppercase, !text.isEmpty { text += "-" }
      text += character.lowercased()
    }
    return words + "s.yaml"
  }
}

/// The names that live resources get in Git.
struct ImportedNames {
  private var keys: [String: ResourceKey] = [:]

  init(_ listings: [String: [Resource]]) {
    for (kind, resources) in listings {
      var taken: Set<String> = []
      let wanted = resources.map { (name: Self.wanted($0), id: $0.id) }
      for (name, id) in wanted.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
        keys[id] = ResourceKey(kind, Self.free(name, &taken))
      }
    }
  }

  func key(of id: String) -> ResourceKey? { keys[id] }

  private static func wanted(_ resource: Resource) -> String {
    let candidates = [
      resource["name"]?.string, resource.userName, resource.displayName, resource.externalId, resource.id,
    ]
    let names = candidates.lazy.compactMap { $0 }.map(ManifestName.derived)
    return names.first { !$0.isEmpty } ?? "resource"
  }

  /// The name, or the name with the first number that makes it unique.
  private static func free(_ name: String, _ taken: inout Set<String>) -> String {
    var candidate = name
    var number = 2
    while !taken.insert(candidate).inserted {
      let suffix = "-\(number)"
      candidate = name.prefix(ManifestName.maximumLength - suffix.count) + suffix
      number += 1
    }
    return candidate
  }
}
