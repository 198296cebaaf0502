/// Who asks for a write, for the record.
package struct Author: Hashable, Sendable {
  /// The userName, the name of a token or a client, or what the program does by itself: `first start`.
  package var name: String
  /// The network address that the request came from; nil for what began on this machine.
  package var address: String?

  package init(name: String, address: String? = nil) {
    self.name = name
    self.address = address
  }
}

extension Author: ExpressibleByStringLiteral {
  package init(stringLiteral name: String) { self.init(name: name) }
}
