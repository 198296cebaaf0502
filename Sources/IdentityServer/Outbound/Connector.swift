import JSON
import Reconciliation

/// A way to provision to an identity provider, ready for use.
package struct Connector: Sendable {
  /// The identity provider and the connector: `is2/scim`.
  package let name: String
  /// Where it leads, and what of our resources is held there.
  package let declaration: EndpointDeclaration
  /// Which users and groups it takes.
  let filter: ConnectorFilter
  /// The domain that the names of users and groups have there; nil leaves names as they are.
  let userStoreDomain: String?
  let provisionsPasswords: Bool
  /// Whether a change is answered only once it is there.
  let isBlocking: Bool
  /// All that was said of it: two connectors that are the same here do the same.
  let definition: JSONValue
}

/// Why a connector cannot be used: one sentence without secrets.
struct ConnectorProblem: Error, Hashable, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
