import JSON
import SCIM

/// The secrets of a resource that the server shows to others, such as those of connectors: kept sealed.
///
/// What is only compared is hashed (``VerifiedSecret``), and what must be unique stays as it is, for two seals of one
/// secret are never equal.
struct SealedSecrets {
  private let attributes: [Attribute]
  private let extensions: [Schema]
  /// Kept as a hash instead.
  private let hashed: [String]?

  init(_ rules: ResourceRules) {
    attributes = rules.attributes.filter(Self.holdsSecret)
    extensions = rules.extensionSchemas.filter { $0.attributes.contains(where: Self.holdsSecret) }
    hashed = VerifiedSecret.path(in: rules.type.schema)
  }

  /// Whether resources of the type have none.
  var isEmpty: Bool { attributes.isEmpty && extensions.isEmpty }

  /// The resource with another text, or none, in the place of each secret.
  func replacing(in resource: JSONObject, _ change: (String) throws -> String?) rethrows -> JSONObject {
    var resource = try replaced(resource, attributes, at: [], change)
    for schema in extensions {
      guard let part = resource[schema.id]?.object else { continue }
      resource[schema.id] = .object(try replaced(part, schema.attributes, at: [schema.id], change))
    }
    return resource
  }

  private func replaced(
    _ object: JSONObject, _ attributes: [Attribute], at path: [String], _ change: (String) throws -> String?
  ) rethrows -> JSONObject {
    var result = object
    for attribute in attributes where Self.holdsSecret(attribute) {
      let place = path + [attribute.name]
      guard place != hashed, let value = object[attribute.name] else { continue }
      result[attribute.name] = try replaced(value, attribute, at: place, change)
    }
    return result
  }

  private func replaced(
    _ value: JSONValue, _ attribute: Attribute, at path: [String], _ change: (String) throws -> String?
  ) rethrows -> JSONValue? {
    switch value {
    case .string(let text): return attribute.isSealed ? try change(text).map(JSONValue.string) : value
    case .array(let elements): return .array(try elements.compactMap { try replaced($0, attribute, at: path, change) })
    case .object(let object): return .object(try replaced(object, attribute.subAttributes, at: path, change))
    case .null, .bool, .number: return value
    }
  }

  private static func holdsSecret(_ attribute: Attribute) -> Bool {
    attribute.isSealed || attribute.subAttributes.contains(where: holdsSecret)
  }
}

extension Attribute {
  fileprivate var isSealed: Bool { mutability == .writeOnly && type == .string && uniqueness == .none }
}

extension ResourceWriter {
  /// The attributes as they may be kept, secrets sealed. One that is the same as before stays as it is, so that writing
  /// it again changes nothing.
  /// - Throws: ``UnhashedSecret`` as ``hashingSecret(in:before:)``.
  func protectingSecrets(in attributes: JSONObject, of id: String, before: JSONObject?) throws -> JSONObject {
    let attributes = try hashingSecret(in: attributes, before: before)
    guard let box = secretBox else { return attributes }
    let secrets = SealedSecrets(rules)
    guard !secrets.isEmpty else { return attributes }
    var kept: [String: String] = [:]
    _ = secrets.replacing(in: before ?? [:]) { sealed in
      // What an earlier release kept in plain is sealed now.
      guard let secret = box.open(sealed, for: id) else { return sealed }
      kept[secret] = sealed
      kept[sealed] = sealed
      return sealed
    }
    return try secrets.replacing(in: attributes) { try kept[$0] ?? box.seal($0, for: id) }
  }
}

extension Directory {
  /// The same directory with its secrets sealed.
  package func sealing(with box: SecretBox) -> Directory {
    var directory = self
    directory.secretBox = box
    return directory
  }

  /// All resources of a type with the secrets that are told to nobody else. One that cannot be opened is left out.
  package func disclosed(_ type: ResourceType) async throws -> [Resource] {
    let typeRules = try rules(for: type)
    let secrets = SealedSecrets(typeRules)
    return try await store.read { [secretBox] reader in
      try reader.page(type.name, offset: 0, limit: .max).map { stored in
        var attributes = secrets.replacing(in: stored.attributes) { text in
          SecretBox.isSealed(text) ? secretBox?.open(text, for: stored.id) : text
        }
        attributes["id"] = .string(stored.id)
        return Resource(attributes)
      }
    }
  }
}
