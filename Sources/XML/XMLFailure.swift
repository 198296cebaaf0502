/// Why a message is not taken for XML; the description goes on after "The message is refused:".
package struct XMLFailure: Error, Hashable, CustomStringConvertible {
  package let description: String

  package init(_ description: String) { self.description = description }
}
