import JSON
import SCIM

/// What operations do to one list of members.
struct MembershipEdit: Hashable, Sendable {
  /// Who is to belong, and nobody else; nil when the operations say who comes and goes.
  private(set) var all: [String]?
  private(set) var added: [String] = []
  private(set) var removed: [String] = []

  var isEmpty: Bool { all == nil && added.isEmpty && removed.isEmpty }

  /// - Parameter attribute: the list; operations on others are left out.
  /// - Throws: `rejected` for members that are chosen by anything but their id.
  init(_ operations: [PatchOperation], of attribute: String) throws(EndpointError) {
    for operation in operations {
      if let path = operation.path {
        guard path.attribute.lowercased() == attribute.lowercased() else { continue }
        try take(operation, path)
      } else if let value = operation.value?.object?.value(ignoringCase: attribute) {
        try take(PatchOperation(operation.verb, value: value), AttributePath(attribute))
      }
    }
  }

  /// Those of a new group or role.
  init(adding members: [String]) { added = members }

  /// Exactly these, whoever belongs now.
  init(exactly members: [String]) { all = members }

  /// The ids that a list of members tells.
  static func ids(_ value: JSONValue?) -> [String] {
    (value?.array ?? value.map { [$0] } ?? []).compactMap { $0["value"]?.string ?? $0.string }
  }

  /// Who comes and who goes, where these belong now.
  func resolved(against members: [String]) -> MembershipEdit {
    guard let all else { return self }
    var edit = MembershipEdit(adding: all.filter { !members.contains($0) })
    edit.removed = members.filter { !all.contains($0) }
    return edit
  }

  private mutating func take(_ operation: PatchOperation, _ path: AttributePath) throws(EndpointError) {
    let ids = Self.ids(operation.value)
    switch (operation.verb, path.valueFilter) {
    case (.remove, .compare(let part, .equal, .string(let id))?) where part.attribute.lowercased() == "value":
      leave([id])
    case (.remove, nil) where operation.value != nil: leave(ids)
    case (.remove, nil): replace([])
    case (.replace, nil): replace(ids)
    case (.add, nil): join(ids)
    default: throw EndpointError(.rejected, "members cannot be chosen by \(path) there")
    }
  }

  private mutating func join(_ ids: [String]) {
    if let all { self.all = all + ids.filter { !all.contains($0) } } else { added += ids }
    removed.removeAll(where: ids.contains)
  }

  private mutating func leave(_ ids: [String]) {
    if let all { self.all = all.filter { !ids.contains($0) } } else { removed += ids }
    added.removeAll(where: ids.contains)
  }

  private mutating func replace(_ ids: [String]) { (all, added, removed) = (ids, [], []) }
}
