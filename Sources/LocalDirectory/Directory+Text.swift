import JSON
import SCIM

/// How the clients of a service read resources.
package struct ResourceForm: Sendable {
  /// What references begin with: `https://localhost:9443/scim2`.
  package let base: String
  /// Whether nothing but references reads otherwise than it is kept.
  package let isPlain: Bool
  /// A resource as they read it.
  package let rendered: @Sendable (Resource) -> Resource

  package init(base: String, isPlain: Bool, rendered: @escaping @Sendable (Resource) -> Resource) {
    self.base = base
    self.isPlain = isPlain
    self.rendered = rendered
  }
}

/// A resource as JSON text.
package struct ResourceText: Sendable {
  package let id: String
  /// The entity tag; nil when the projection leaves it out.
  package let version: String?
  package let text: [UInt8]

  package init(_ resource: Resource) {
    id = resource.id
    version = resource.version
    text = resource.attributes.serialized()
  }

  fileprivate init(_ head: ResourceHead, _ text: [UInt8]) {
    id = head.id
    version = EntityTag.text(head.version)
    self.text = text
  }
}

extension Directory {
  /// A resource as its clients read it. Most are not taken apart for that: the text of their attributes is what the store
  /// keeps.
  /// - Throws: `SCIMError` 404 when there is no such resource.
  package func text(
    type: ResourceType, id: String, projection: Projection = .standard, as form: ResourceForm
  ) async throws -> ResourceText {
    let typeRules = try rules(for: type)
    return try await store.read { [rules] reader in
      if projection == .standard, form.isPlain, let stored = try reader.text(type.name, id) {
        let assembler = ResourceAssembler(reader, rules: rules, base: form.base)
        if let text = try assembler.text(stored, typeRules) { return ResourceText(stored.head, text) }
      }
      let stored = try reader.existing(type, id)
      let resource = try ResourceAssembler(reader, rules: rules).resource(stored, projection, typeRules)
      return ResourceText(form.rendered(resource))
    }
  }
}
