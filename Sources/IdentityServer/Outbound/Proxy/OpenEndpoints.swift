import Endpoints
import JSON
import Reconciliation
import SCIM

/// The endpoints of the connectors that proxied applications use, open as long as they are of use.
actor OpenEndpoints {
  struct Opened: Sendable {
    let endpoint: any Endpoint
    let capabilities: Capabilities
    /// What was said of the connector when it was opened.
    let definition: JSONValue
  }

  private let open: @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint
  private var opened: [String: Opened] = [:]

  init(_ open: @escaping @Sendable (EndpointDeclaration) async throws(EndpointError) -> any Endpoint) {
    self.open = open
  }

  /// The endpoint of a connector as it is described now.
  func endpoint(of connector: Connector) async throws(EndpointError) -> Opened {
    if let known = opened[connector.name], known.definition == connector.definition { return known }
    let endpoint = try await open(connector.declaration)
    do throws(EndpointError) {
      let new = Opened(
        endpoint: endpoint, capabilities: try await endpoint.capabilities(), definition: connector.definition)
      // Meanwhile another request may have opened it too.
      let old = opened.updateValue(new, forKey: connector.name)
      await old?.endpoint.close()
      return new
    } catch {
      await endpoint.close()
      throw error
    }
  }

  /// Lets go of an endpoint that does not answer: what it can do may be another thing when it is back.
  func forget(_ connector: Connector) async {
    await opened.removeValue(forKey: connector.name)?.endpoint.close()
  }

  func closeAll() async {
    let all = opened.values
    opened = [:]
    for known in all { await known.endpoint.close() }
  }
}
