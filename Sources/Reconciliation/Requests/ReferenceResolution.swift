import JSON
import SCIM

/// Puts ids in the place of `bulkId:` references, once the resources they name have been created.
package struct ReferenceResolution {
  package struct Failure: Error {
    package let reason: String
  }

  private let id: (ResourceKey) -> String?

  /// - Parameter id: the id of a resource that was created earlier in this run.
  package init(id: @escaping (ResourceKey) -> String?) { self.id = id }

  package func resolve(_ request: Change.Request) throws(Failure) -> Change.Request {
    switch request {
    case .create(let attributes): return .create(try resolve(attributes))
    case .replace(let attributes): return .replace(try resolve(attributes))
    case .delete: return .delete
    case .patch(let operations):
      var resolved = operations
      for index in resolved.indices {
        if let value = resolved[index].value { resolved[index].value = try resolve(value) }
      }
      return .patch(resolved)
    }
  }

  private func resolve(_ attributes: JSONObject) throws(Failure) -> JSONObject {
    var resolved = attributes
    for member in attributes.members {
      resolved[member.key] = try member.key == "value" ? reference(member.value) : resolve(member.value)
    }
    return resolved
  }

  private func resolve(_ value: JSONValue) throws(Failure) -> JSONValue {
    switch value {
    case .object(let object): return .object(try resolve(object))
    case .array(var elements):
      for index in elements.indices { elements[index] = try resolve(elements[index]) }
      return .array(elements)
    default: return value
    }
  }

  /// A reference stands only where an id belongs: as the `value` of a complex attribute.
  private func reference(_ value: JSONValue) throws(Failure) -> JSONValue {
    guard case .string(let text) = value, let key = ResourceKey(bulkId: text) else { return try resolve(value) }
    guard let id = id(key) else { throw Failure(reason: "\(key) has no id at this endpoint yet") }
    return .string(id)
  }
}
