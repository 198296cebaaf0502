import JSON

extension Dialect11 {
  /// A filter as SCIM 1.1 clients write it: `userName Eq PRIMARY/alice`, without quotes around the value, `*` at its ends
  /// for whatever else stands there, even `displayNameEqengineers` without spaces; and every filter of SCIM 2.0.
  /// - Throws: `SCIMError` 400 invalidFilter.
  package static func filter(
    parsing text: String, of type: ResourceType, catalog: SchemaCatalog
  ) throws(SCIMError) -> Filter {
    if let loose = LooseComparison(spaced: text) ?? LooseComparison(glued: text),
      let path = try? path(parsing: loose.attribute, of: type), path.valueFilter == nil,
      path.resolve(in: type, catalog: catalog)?.isText ?? true
    {
      return loose.filter(on: path)
    }
    return try Filter(parsing: text).mapPaths { path throws(SCIMError) in
      try Self.path(parsing: path.description, of: type)
    }
  }
}

/// One comparison whose value is not quoted.
private struct LooseComparison {
  let attribute: String
  let comparison: Filter.Comparison
  let value: String

  /// `userName Eq alice`. A value that begins with a quote, or with an `and` or `or` within, is left to the grammar.
  init?(spaced text: String) {
    let words = text.split(separator: " ", maxSplits: 2).map(String.init)
    guard words.count == 3, let comparison = Filter.Comparison(rawValue: words[1].lowercased()) else { return nil }
    self.init(words[0], comparison, words[2])
  }

  /// `displayNameEqengineers`: the names that such filters ask for are known.
  init?(glued text: String) {
    let names = ["userName", "displayName"]
    guard let name = names.first(where: { text.lowercased().hasPrefix($0.lowercased() + "eq") }) else { return nil }
    self.init(name, .equal, String(text.dropFirst(name.count + "eq".count)))
  }

  private init?(_ attribute: String, _ comparison: Filter.Comparison, _ value: String) {
    let value = value.trimmed
    let lowered = value.lowercased()
    guard let first = value.first, first != "\"", !lowered.contains(" and "), !lowered.contains(" or ") else {
      return nil
    }
    self.attribute = attribute
    self.comparison = comparison
    self.value = value
  }

  func filter(on path: AttributePath) -> Filter {
    let isQuoted = value.count > 1 && value.hasPrefix("'") && value.hasSuffix("'")
    guard comparison == .equal, !isQuoted else {
      return .compare(path, comparison, .string(isQuoted ? String(value.dropFirst().dropLast()) : value))
    }
    let core = value.trimmingPrefix("*")
    let startsOpen = core.startIndex != value.startIndex
    switch (startsOpen, core.hasSuffix("*")) {
    case (false, false): return .compare(path, .equal, .string(value))
    case (true, false): return core.isEmpty ? .present(path) : .compare(path, .endsWith, .string(String(core)))
    case (false, true): return .compare(path, .startsWith, .string(String(core.dropLast())))
    case (true, true): return .compare(path, .contains, .string(String(core.dropLast())))
    }
  }
}

extension Filter {
  /// The filter with each of its paths, outside of brackets, in the place of another.
  fileprivate func mapPaths(
    _ transform: (AttributePath) throws(SCIMError) -> AttributePath
  ) throws(SCIMError) -> Filter {
    switch self {
    case .present(let path): .present(try transform(path))
    case .compare(let path, let comparison, let operand): .compare(try transform(path), comparison, operand)
    case .valuePath(let path, let elements): .valuePath(try transform(path), elements)
    case .and(let a, let b): .and(try a.mapPaths(transform), try b.mapPaths(transform))
    case .or(let a, let b): .or(try a.mapPaths(transform), try b.mapPaths(transform))
    case .not(let inner): .not(try inner.mapPaths(transform))
    }
  }
}

extension Attribute {
  /// Whether values compare as text, so that what is not quoted can be nothing else.
  fileprivate var isText: Bool {
    switch type {
    case .string, .reference, .dateTime, .binary: true
    case .complex: subAttribute("value")?.isText ?? false
    case .boolean, .integer, .decimal: false
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var rest = self[...]
    while rest.first == " " { rest = rest.dropFirst() }
    while rest.last == " " { rest = rest.dropLast() }
    return String(rest)
  }
}
