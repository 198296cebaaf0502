import JSON

extension Filter {
  /// What a filter may cost before it is refused.
  package struct Limits: Hashable, Sendable {
    /// The length of the text in bytes; it bounds the number of terms too.
    package var maxLength: Int
    /// Brackets inside one another.
    package var maxDepth: Int

    package init(maxLength: Int = 16_384, maxDepth: Int = 32) {
      self.maxLength = maxLength
      self.maxDepth = maxDepth
    }

    /// 16 KiB, 32 levels.
    package static let standard = Limits()
  }

  /// A filter by the grammar of RFC 7644 section 3.4.2.2; operators in any case.
  ///
  /// Throws 400 `invalidFilter` with the column and what was expected there.
  package init(parsing text: String, limits: Limits = .standard) throws(SCIMError) {
    var parser = try FilterParser(text, limits: limits, nameErrorKind: .invalidFilter)
    self = try parser.parseFilter()
    try parser.expectEnd(.invalidFilter, insteadOf: "\"and\" or \"or\"")
  }
}

extension Filter: CustomStringConvertible {
  /// The filter's text, with no more parentheses than it takes to read the same filter again.
  package var description: String {
    switch self {
    case .present(let path): "\(path) pr"
    case .compare(let path, let comparison, let operand): "\(path) \(comparison.rawValue) \(operand.text)"
    case .valuePath(let path, let elements): "\(path)[\(elements)]"
    case .and(let left, let right): "\(left.grouped(below: .and)) and \(right.grouped(below: .term))"
    case .or(let left, let right): "\(left.grouped(below: .or)) or \(right.grouped(below: .and))"
    case .not(let filter): "not (\(filter))"
    }
  }

  /// How tightly an expression holds together, the loosest first.
  private enum Binding: Int { case or, and, term }

  private var binding: Binding {
    switch self {
    case .or: .or
    case .and: .and
    case .present, .compare, .valuePath, .not: .term
    }
  }

  private func grouped(below required: Binding) -> String {
    binding.rawValue < required.rawValue ? "(\(self))" : description
  }
}
