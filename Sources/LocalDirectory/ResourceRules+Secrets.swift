import SCIM

extension ResourceRules {
  /// Refuses to find or order resources by what is never told of them, which would tell it bit by bit.
  /// - Throws: `SCIMError` 400 sensitive.
  func checkTellable(_ query: ListQuery) throws(SCIMError) {
    let paths = (query.filter?.paths ?? []) + [query.sortBy].compactMap(\.self)
    guard let path = paths.first(where: isSecret) else { return }
    throw SCIMError(status: 400, .sensitive, "\(path) is never told, so nothing can be found or ordered by it.")
  }

  private func isSecret(_ path: AttributePath) -> Bool {
    guard let parent = path.resolveParent(in: type, catalog: catalog) else { return false }
    let parts = (path.valueFilter?.paths.map(\.attribute) ?? []) + [path.subAttribute].compactMap(\.self)
    return parent.isSecret || parts.contains { parent.subAttribute($0)?.isSecret ?? false }
  }
}

extension Attribute {
  fileprivate var isSecret: Bool { mutability == .writeOnly || returned == .never }
}

extension Filter {
  /// The attributes that the filter reads, each with the filter of its values.
  fileprivate var paths: [AttributePath] {
    switch self {
    case .present(let path), .compare(let path, _, _): [path]
    case .valuePath(let path, let elements):
      [AttributePath(schema: path.schema, path.attribute, valueFilter: elements)]
    case .and(let a, let b), .or(let a, let b): a.paths + b.paths
    case .not(let inner): inner.paths
    }
  }
}
