import JSON
import SCIM

extension Filter {
  /// The filter for what the directory keeps: the address of the service stands before references in answers only. What
  /// a client wrote there itself is found as well.
  func relative(to base: BaseAddress) -> Filter {
    switch self {
    case .compare(let path, let comparison, .string(let text))
    where path.namesReference && text.hasPrefix(base.text + "/"):
      let kept = Filter.compare(path, comparison, .string(String(text.dropFirst(base.text.count))))
      return comparison == .notEqual ? .and(self, kept) : .or(self, kept)
    case .compare, .present: return self
    case .valuePath(let path, let elements): return .valuePath(path, elements.relative(to: base))
    case .and(let one, let other): return .and(one.relative(to: base), other.relative(to: base))
    case .or(let one, let other): return .or(one.relative(to: base), other.relative(to: base))
    case .not(let inner): return .not(inner.relative(to: base))
    }
  }
}

extension PatchOperation {
  /// The operation with such a filter in its path.
  func relative(to base: BaseAddress) -> PatchOperation {
    var operation = self
    operation.path?.valueFilter = path?.valueFilter?.relative(to: base)
    return operation
  }
}

extension AttributePath {
  /// `members.$ref`, `meta.location`, and the same within brackets.
  fileprivate var namesReference: Bool { ["$ref", "location"].contains((subAttribute ?? attribute).lowercased()) }
}
