/// A namespace with the prefix that we write it with (Namespaces in XML 1.0 section 3).
package struct XMLNamespace: Hashable, Sendable {
  package let prefix: String
  package let uri: String

  package init(_ prefix: String, _ uri: String) {
    self.prefix = prefix
    self.uri = uri
  }

  /// That of `xsi:nil` and `xsi:type` (XML Schema part 1 section 2.6).
  package static let schemaInstance = XMLNamespace("xsi", "http://www.w3.org/2001/XMLSchema-instance")
}
