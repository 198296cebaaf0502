import JSON
import Reconciliation
import SCIM

/// Turns drift into changes of the manifests: what endpoints say becomes what the files say, where there is one place that
/// says it. What cannot be written so is left, with the reason and the place; nothing is guessed.
package struct WriteBack: Sendable {
  /// A file that changes.
  package struct File: Hashable, Sendable {
    package var path: String
    package var before: String
    package var after: String
    /// Whether it was not in the canonical layout, which the change brings it into.
    package var isReformatted: Bool
  }

  /// A difference that stays.
  package struct Remainder: Hashable, Sendable {
    package var key: ResourceKey
    /// The attribute; empty for the whole resource.
    package var path: String
    package var reason: String
    package var location: SourceLocation?
  }

  /// A difference that the files take over.
  package struct Place: Hashable, Sendable {
    package var endpoint: String
    package var key: ResourceKey
    package var path: String
  }

  package private(set) var files: [File] = []
  /// What the files say as the endpoint does now, all of it.
  package private(set) var written: [Place] = []
  package private(set) var remainders: [Remainder] = []

  /// - Parameter plan: from the very files that the sources are.
  package init(_ plan: Plan, of desired: DesiredState, in sources: [ManifestSource], catalog: SchemaCatalog) {
    let wishes = Wishes(plan, of: desired)
    remainders = wishes.remainders
    let keys = Set(desired.resources.map(\.key))
    for (path, wishes) in Dictionary(grouping: wishes.wishes, by: \.source.file).sorted(by: { $0.key < $1.key }) {
      guard let source = sources.first(where: { $0.path == path }) else { continue }
      do {
        var editor = try FileEditor(source, catalog: catalog, keys: keys)
        for wish in wishes { editor.carryOut(wish) }
        remainders += editor.remainders
        if let file = editor.file { files.append(file) }
      } catch {
        remainders += wishes.map {
          Remainder(key: $0.key, path: $0.path, reason: "the file cannot be read again", location: $0.source)
        }
      }
    }
    let left = Set(remainders.map { [$0.key.description, $0.path] })
    written = wishes.wishes.filter { !left.contains([$0.key.description, $0.path]) }
      .map { Place(endpoint: $0.endpoint, key: $0.key, path: $0.path) }
    remainders.sort { ($0.key, $0.path, $0.reason) < ($1.key, $1.path, $1.reason) }
  }
}

/// One difference that a manifest is to take over.
struct Wish: Hashable, Sendable {
  var endpoint: String
  var key: ResourceKey
  /// Where the document starts.
  var source: SourceLocation
  var path: String
  /// What is there; of members, those who are there and not asked for.
  var live: JSONValue?
  /// What is asked for; of members, those who are not there.
  var desired: JSONValue?
}

/// Picks what of a plan may go into the manifests.
private struct Wishes {
  private(set) var wishes: [Wish] = []
  private(set) var remainders: [WriteBack.Remainder] = []

  init(_ plan: Plan, of desired: DesiredState) {
    let declarations = Dictionary(desired.endpoints.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    for endpoint in plan.endpoints {
      for change in endpoint.changes { take(change, at: endpoint.endpoint, declarations[endpoint.endpoint]) }
    }
    let places = Dictionary(grouping: wishes) { [$0.key.description, $0.path] }
    let contradictory = places.filter { place in
      Set(place.value.map { [$0.live, $0.desired] }).count > 1
    }
    for wishes in contradictory.values {
      leave(wishes[0].key, wishes[0].path, "the endpoints differ: choose one with --endpoint", wishes[0].source)
    }
    wishes = places.filter { contradictory[$0.key] == nil }.values.map { $0[0] }
      .sorted { ($0.source, $0.path) < ($1.source, $1.path) }
  }

  private mutating func take(_ change: Change, at endpoint: String, _ declaration: EndpointDeclaration?) {
    let attributes = change.attributes.filter { $0.cause != .manifest }
    guard let source = change.source, !attributes.isEmpty else { return }
    switch change.action {
    case .create:
      leave(change.key, "", "it is gone at \(endpoint): remove its document, or let apply make it again", source)
    case .delete: break
    case .update, .disable:
      for attribute in attributes { take(attribute, of: change.key, at: endpoint, source, declaration) }
    }
  }

  private mutating func take(
    _ attribute: AttributeChange, of key: ResourceKey, at endpoint: String, _ source: SourceLocation,
    _ declaration: EndpointDeclaration?
  ) {
    if attribute.cause == .both {
      return leave(key, attribute.path, "the manifest has changed as well: decide which of the two holds", source)
    }
    if let rule = declaration?.mapping.first(where: { $0.concerns(attribute.path) }) {
      return leave(key, attribute.path, "its value there comes of a mapping rule", rule.location ?? source)
    }
    wishes.append(
      Wish(
        endpoint: endpoint, key: key, source: source, path: attribute.path, live: attribute.before,
        desired: attribute.after))
  }

  private mutating func leave(_ key: ResourceKey, _ path: String, _ reason: String, _ location: SourceLocation?) {
    remainders.append(WriteBack.Remainder(key: key, path: path, reason: reason, location: location))
  }
}

extension AttributeMapping {
  /// Whether the rule decides about the attribute of this path, or a part of it.
  fileprivate func concerns(_ path: String) -> Bool {
    guard let path = try? AttributePath(parsing: path) else { return true }
    return target.attribute.lowercased() == path.attribute.lowercased()
      && target.schema?.lowercased() == path.schema?.lowercased()
  }
}
