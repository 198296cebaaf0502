import JSON

/// Operations each of which has a path to an attribute: those on the resource, or on an extension, as a whole are taken
/// apart (RFC 7644 section 3.5.2).
struct PathedOperations {
  /// An operation with a path, and the one that does the same where it stood: without a path, what does not fit is ignored.
  typealias Element = (pathed: PatchOperation, original: PatchOperation)

  private(set) var elements: [Element] = []
  private let type: ResourceType
  private let catalog: SchemaCatalog

  /// - Throws: `SCIMError` 400: invalidPath for a path that names nothing, mutability for what only the server writes.
  init(_ operations: [PatchOperation], of type: ResourceType, catalog: SchemaCatalog) throws(SCIMError) {
    self.type = type
    self.catalog = catalog
    for operation in operations { try take(operation) }
  }

  private mutating func take(_ operation: PatchOperation) throws(SCIMError) {
    guard let path = operation.path else { return takeParts(operation, of: nil) }
    if let urn = whole(path.description) { return takeWhole(operation, urn) }
    guard let attribute = path.resolveParent(in: type, catalog: catalog) else {
      throw SCIMError(status: 400, .invalidPath, "\(type.name) has no attribute \(path).")
    }
    guard attribute.mutability != .readOnly else {
      throw SCIMError(status: 400, .mutability, "\(path) is read-only.")
    }
    elements.append((operation, operation))
  }

  private mutating func takeWhole(_ operation: PatchOperation, _ urn: String) {
    if operation.verb == .remove || operation.value?.isNull == true {
      for attribute in catalog.schema(urn)?.attributes ?? [] where attribute.mutability != .readOnly {
        let operation = PatchOperation(.remove, AttributePath(schema: urn, attribute.name))
        elements.append((operation, operation))
      }
    } else {
      takeParts(operation, of: urn)
    }
  }

  /// The members of a value, each by itself; what the schema does not know or is read-only is ignored, as in a PUT.
  private mutating func takeParts(_ operation: PatchOperation, of urn: String?) {
    for member in operation.value?.object?.members ?? [] {
      if urn == nil, let inner = whole(member.key) {
        takeWhole(PatchOperation(operation.verb, value: member.value), inner)
        continue
      }
      var path = (try? AttributePath(parsing: member.key)) ?? AttributePath(member.key)
      if let urn { path.schema = urn }
      guard let attribute = path.resolveParent(in: type, catalog: catalog), attribute.mutability != .readOnly else {
        continue
      }
      elements.append(
        (
          PatchOperation(operation.verb, path, value: member.value),
          PatchOperation(operation.verb, value: .object([path.description: member.value]))
        ))
    }
  }

  /// The URN of the extension that a path names as a whole.
  private func whole(_ path: String) -> String? {
    type.extensions.map(\.schema).first { $0.lowercased() == path.lowercased() }
  }
}
