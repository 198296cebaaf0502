import JSON
import SCIM

extension ResourceRules {
  /// The attribute that names a user, group or role, and may tell the user store before the name; nil for other types.
  var qualifiedName: String? {
    unique.first { $0.name == "userName" || ($0.name == "displayName" && !memberKinds.isEmpty) }?.name
  }

  /// The attributes with the name as the directory keeps it.
  func keepingName(_ attributes: JSONObject) -> JSONObject {
    guard let attribute = qualifiedName, let name = attributes[attribute]?.string else { return attributes }
    var attributes = attributes
    attributes[attribute] = .string(UserStoreDomain.kept(name))
    return attributes
  }

  /// The query with its filter in terms of the names that the directory keeps, and its domain as part of the filter.
  func keepingNames(_ query: ListQuery) -> ListQuery {
    let terms = [query.filter.map(keepingNames), query.domain.flatMap(domainFilter)].compactMap(\.self)
    var query = query
    query.filter = terms.dropFirst().reduce(terms.first) { filter, term in filter.map { .and($0, term) } }
    return query
  }

  /// The operation with the filter of its path in terms of the names that the directory keeps.
  func keepingNames(_ operation: PatchOperation) -> PatchOperation {
    var operation = operation
    operation.path = operation.path.map(keepingNames)
    return operation
  }

  /// Those whose name belongs to this user store; nil for a type whose names tell none.
  private func domainFilter(_ domain: String) -> Filter? {
    guard let path = qualifiedName.map({ AttributePath($0) }) else { return nil }
    guard domain.uppercased() == UserStoreDomain.primary else {
      return .compare(path, .startsWith, .string(domain + UserStoreDomain.separator))
    }
    return .withoutDomain(path)
  }

  private func keepingNames(_ filter: Filter) -> Filter {
    switch filter {
    case .present(let path): .present(keepingNames(path))
    case .compare(let path, let comparison, .string(let name)) where isName(path):
      .comparingName(keepingNames(path), comparison, name)
    case .compare(let path, let comparison, let operand): .compare(keepingNames(path), comparison, operand)
    case .valuePath(let path, let elements) where isReference(path): .valuePath(path, elements.keepingDisplayedNames)
    case .valuePath: filter
    case .and(let a, let b): .and(keepingNames(a), keepingNames(b))
    case .or(let a, let b): .or(keepingNames(a), keepingNames(b))
    case .not(let inner): .not(keepingNames(inner))
    }
  }

  private func keepingNames(_ path: AttributePath) -> AttributePath {
    guard let elements = path.valueFilter, isReference(path) else { return path }
    var path = path
    path.valueFilter = elements.keepingDisplayedNames
    return path
  }

  /// Whether the values of the path are names of users, groups or roles.
  private func isName(_ path: AttributePath) -> Bool {
    guard let part = path.subAttribute else {
      return isCore(path) && path.attribute.lowercased() == qualifiedName?.lowercased()
    }
    return part.lowercased() == "display" && isReference(path)
  }

  /// Whether the path leads to members, or to the groups and roles of a resource.
  private func isReference(_ path: AttributePath) -> Bool {
    let name = path.attribute.lowercased()
    return isCore(path) && (memberAttribute(name) != nil || computed.contains { $0.attribute.lowercased() == name })
  }

  private func isCore(_ path: AttributePath) -> Bool {
    path.schema.map { $0.isEqual(ignoringCase: type.schema) } ?? true
  }
}

extension Filter {
  /// The filter of the elements of a reference, in terms of the names that the directory keeps.
  fileprivate var keepingDisplayedNames: Filter {
    switch self {
    case .compare(let path, let comparison, .string(let name)) where path.attribute.lowercased() == "display":
      .comparingName(path, comparison, name)
    case .and(let a, let b): .and(a.keepingDisplayedNames, b.keepingDisplayedNames)
    case .or(let a, let b): .or(a.keepingDisplayedNames, b.keepingDisplayedNames)
    case .not(let inner): .not(inner.keepingDisplayedNames)
    case .present, .compare, .valuePath: self
    }
  }

  /// A comparison of a name that may be written with `PRIMARY/`, which is not kept. Where only a part of the name is
  /// told, that the domain stands before it makes it the beginning, of a name without another domain; among the names
  /// of many members no filter can tell whose domain that would be.
  fileprivate static func comparingName(_ path: AttributePath, _ comparison: Comparison, _ name: String) -> Filter {
    guard UserStoreDomain.isPrimary(name) else { return .compare(path, comparison, .string(name)) }
    let kept = JSONValue.string(UserStoreDomain.kept(name))
    switch comparison {
    case .startsWith, .contains:
      let beginning = Filter.compare(path, .startsWith, kept)
      return path.subAttribute == nil ? .and(beginning, .withoutDomain(path)) : beginning
    case .endsWith: return .compare(path, .equal, kept)
    case .equal, .notEqual, .greaterThan, .greaterOrEqual, .lessThan, .lessOrEqual:
      return .compare(path, comparison, kept)
    }
  }

  /// Those whose name stands without a domain.
  fileprivate static func withoutDomain(_ path: AttributePath) -> Filter {
    .not(.compare(path, .contains, .string(UserStoreDomain.separator)))
  }
}
