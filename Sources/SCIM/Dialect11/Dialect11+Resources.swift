import JSON

extension Dialect11 {
  /// The resource as SCIM 1.1 has it. What that version does not know is left out: `$ref`, which it tells by the
  /// location of the resource, and `meta.resourceType`, which it tells by the address of the request.
  package static func encoded(_ resource: Resource, of type: ResourceType) -> Resource {
    var members: [JSONObject.Member] = []
    var schemas = [core]
    for member in resource.attributes {
      switch member.key {
      case "schemas": continue
      case "meta": members.append(.init(key: "meta", value: encodedMeta(member.value)))
      case let urn where type.hasExtension(urn):
        schemas.append(version1(ofExtension: urn))
        members.append(.init(key: version1(ofExtension: urn), value: encodedExtension(member.value)))
      case let name: members.append(.init(key: name, value: encoded(member.value, under: name)))
      }
    }
    members.insert(.init(key: "schemas", value: .array(schemas.map(JSONValue.string))), at: 0)
    return Resource(JSONObject(uniqueMembers: members))
  }

  /// The resource as SCIM 2.0 has it. The elements that a client marks as deleted are left out, and so are the names in
  /// `meta.attributes`: both speak of another state of the resource than this one.
  package static func decoded(_ resource: Resource, of type: ResourceType) -> Resource {
    var members: [JSONObject.Member] = []
    var schemas = [type.schema]
    for member in resource.attributes {
      switch member.key.lowercased() {
      case "schemas": continue
      case "meta": members.append(.init(key: member.key, value: decodedMeta(member.value, of: type)))
      case _ where type.hasExtension(version2(ofExtension: member.key)):
        let urn = version2(ofExtension: member.key)
        schemas.append(urn)
        members.append(.init(key: urn, value: decodedExtension(member.value)))
      default: members.append(.init(key: member.key, value: decoded(member.value, under: member.key)))
      }
    }
    members.insert(.init(key: "schemas", value: .array(schemas.map(JSONValue.string))), at: 0)
    return Resource(JSONObject(members.map { ($0.key, $0.value) }))
  }

  // MARK: Attributes

  private static func encoded(_ value: JSONValue, under attribute: String) -> JSONValue {
    switch value {
    case .array(let elements): .array(elements.map { encoded($0, under: attribute) })
    case .object(let object):
      object.mapped { member in
        guard member.key != "$ref" else { return nil }
        return (version1(ofPart: member.key, in: attribute), encoded(member.value, under: member.key))
      }
    default: value
    }
  }

  static func decoded(_ value: JSONValue, under attribute: String) -> JSONValue {
    switch value {
    case .array(let elements):
      .array(elements.filter { !$0.isMarkedDeleted }.map { decoded($0, under: attribute) })
    case .object(let object):
      object.mapped { member in
        (version2(ofPart: member.key, in: attribute), decoded(member.value, under: member.key))
      }
    default: value
    }
  }

  private static func encodedExtension(_ value: JSONValue) -> JSONValue {
    value.object?.mapped { ($0.key, encoded($0.value, under: $0.key)) } ?? value
  }

  private static func decodedExtension(_ value: JSONValue) -> JSONValue {
    value.object?.mapped { ($0.key, decoded($0.value, under: $0.key)) } ?? value
  }

  private static func encodedMeta(_ meta: JSONValue) -> JSONValue {
    meta.object?.mapped { $0.key == "resourceType" ? nil : ($0.key, $0.value) } ?? meta
  }

  private static func decodedMeta(_ meta: JSONValue, of type: ResourceType) -> JSONValue {
    guard let object = meta.object else { return meta }
    var told = JSONObject([("resourceType", .string(type.name))])
    for member in object where member.key.lowercased() != "attributes" { told[member.key] = member.value }
    return .object(told)
  }
}

extension ResourceType {
  func hasExtension(_ urn: String) -> Bool { extensions.contains { $0.schema.lowercased() == urn.lowercased() } }
}

extension JSONValue {
  /// Whether this is a value that the client wants to go (SCIM 1.1 protocol, section 3.3.2).
  package var isMarkedDeleted: Bool {
    object?.value(ignoringCase: "operation")?.string?.lowercased() == "delete"
  }
}

extension JSONObject {
  /// The object with each member put in the place of another, or left out.
  fileprivate func mapped(_ transform: (Member) -> (String, JSONValue)?) -> JSONValue {
    .object(JSONObject(members.compactMap(transform)))
  }
}
