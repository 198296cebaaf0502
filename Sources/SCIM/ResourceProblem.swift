/// What is wrong with one place in a resource.
package struct ResourceProblem: Hashable, Sendable, CustomStringConvertible {
  /// `invalidValue` or `mutability`.
  package let kind: SCIMError.Kind
  /// `emails[0].value`: elements are counted from 0.
  package let path: String
  /// What the place must be, to be read after the path: `must be a string`.
  package let message: String

  package init(_ kind: SCIMError.Kind, at path: String, _ message: String) {
    self.kind = kind
    self.path = path
    self.message = message
  }

  package var description: String { "\(path) \(message)." }
}

extension SCIMError {
  /// One error that names every problem, with the kind of the first; nil when there are none.
  package init?(_ problems: [ResourceProblem]) {
    guard let first = problems.first else { return nil }
    self.init(status: 400, first.kind, problems.map(\.description).joined(separator: " "))
  }
}
