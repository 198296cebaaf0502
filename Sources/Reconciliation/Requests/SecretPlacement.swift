import JSON
import SCIM

/// Puts a secret into a request at the moment it is sent.
///
/// Its path is written as in the manifest and may go deeper than an attribute path of SCIM can
/// (`provisioning.connectors[name eq "scim"].password`), because our own schemas nest deeper.
package struct SecretPlacement {
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  private let path: String
  private let steps: [AttributePath]

  /// - Throws: `SCIMError` for what is no path.
  package init(_ path: String) throws(SCIMError) {
    self.path = path
    // A path with a schema in front is never deep, and its URN has dots of its own.
    let parts = path.hasPrefix("urn:") ? [path] : Self.parts(of: path)
    steps = try parts.map { part throws(SCIMError) in try AttributePath(parsing: part) }
  }

  /// The request with the secret in it.
  /// - Parameter desired: the resource as it is to be, for an operation that must carry a whole attribute.
  package func adding(
    _ secret: Secret, to request: Change.Request, desired: JSONObject, type: ResourceType, catalog: SchemaCatalog
  ) throws -> Change.Request {
    switch request {
    case .create(let attributes): return .create(try placing(secret, in: attributes, type, catalog))
    case .replace(let attributes): return .replace(try placing(secret, in: attributes, type, catalog))
    case .patch(let operations): return .patch(try placing(secret, in: operations, desired))
    case .delete: return .delete
    }
  }

  private func placing(
    _ secret: Secret, in attributes: JSONObject, _ type: ResourceType, _ catalog: SchemaCatalog
  ) throws -> JSONObject {
    guard let operation = try operation(secret) else { return try placing(secret, in: attributes, at: steps[...]) }
    return try ResourcePatcher(type: type, catalog: catalog).applying([operation], to: attributes)
  }

  private func placing(
    _ secret: Secret, in operations: [PatchOperation], _ desired: JSONObject
  ) throws -> [PatchOperation] {
    if let operation = try operation(secret) { return operations + [operation] }
    let top = AttributePath(steps[0].attribute)
    var operations = operations
    let index = operations.firstIndex { $0.path == top && $0.verb == .replace } ?? operations.endIndex
    if index == operations.endIndex {
      operations.append(PatchOperation(.replace, top, value: desired[top.attribute]))
    }
    let attribute: JSONObject = [top.attribute: operations[index].value ?? .null]
    operations[index].value = try placing(secret, in: attribute, at: steps[...])[top.attribute]
    return operations
  }

  /// The operation that sets the secret, when SCIM has a path for it.
  private func operation(_ secret: Secret) throws -> PatchOperation? {
    let isShallow = steps.count == 1 || (steps.count == 2 && steps[1].valueFilter == nil)
    guard isShallow else { return nil }
    return PatchOperation(.replace, try AttributePath(parsing: path), value: .string(secret.revealed))
  }

  private func placing(
    _ secret: Secret, in object: JSONObject, at steps: ArraySlice<AttributePath>
  ) throws -> JSONObject {
    guard let step = steps.first else { return object }
    var object = object
    let rest = steps.dropFirst()
    guard !rest.isEmpty else {
      object[step.attribute] = .string(secret.revealed)
      return object
    }
    switch object[step.attribute] {
    case .object(let inner): object[step.attribute] = .object(try placing(secret, in: inner, at: rest))
    case .array(let elements):
      object[step.attribute] = .array(
        try elements.map { element in
          guard let inner = element.object, step.selects(inner) else { return element }
          return .object(try placing(secret, in: inner, at: rest))
        })
    default: throw Failure(description: "the resource has no \(step.attribute) for the secret \(path)")
    }
    return object
  }

  /// The path at its dots, but for those between brackets.
  private static func parts(of path: String) -> [String] {
    var parts = [""]
    var depth = 0
    for character in path {
      if character == "[" { depth += 1 } else if character == "]" { depth -= 1 }
      if character == ".", depth == 0 { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    return parts
  }
}

extension AttributePath {
  /// Whether an element of this multi-valued attribute is meant.
  fileprivate func selects(_ element: JSONObject) -> Bool {
    valueFilter?.matches(element, type: nil, catalog: .standard) ?? true
  }
}
