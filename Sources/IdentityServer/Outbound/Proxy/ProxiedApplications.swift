import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// Tells which requests are not this server's own to carry out.
struct ProxiedApplications: Sendable {
  let provisioning: OutboundProvisioning?
  let trail: AccessTrail

  /// The application that sends a request, when nothing of it is kept here; nil for everybody else.
  /// - Throws: when that cannot be told: then nothing may be done.
  func application(of principal: Principal, _ author: Author) async throws -> ProxiedApplication? {
    guard let provisioning, case .client = principal.subject,
      let connectors = try await provisioning.proxyConnectors(ofClient: principal.name)
    else { return nil }
    let surroundings = provisioning.surroundings
    return ProxiedApplication(
      connectors: connectors, catalog: surroundings.directory.catalog, endpoints: provisioning.endpoints,
      trail: trail, author: author, now: surroundings.now)
  }
}

extension SCIMError {
  /// What cannot be asked for in the name of an application of which nothing is kept here.
  static let notProxied = SCIMError(
    status: 501, nil,
    "What this application sends is carried out at its connectors, and nothing of it is kept here. Ask for one resource"
      + " by its id, or by a filter of the form userName eq \"…\", externalId eq \"…\" or displayName eq \"…\"; create,"
      + " replace, patch and delete resources one by one.")
}

extension Filter {
  /// The attribute and the value of a filter that looks for one resource by what it is called.
  var sought: (attribute: String, value: String)? {
    guard case .compare(let path, .equal, let operand) = self, let value = operand.string, path.subAttribute == nil,
      path.valueFilter == nil,
      let name = ["userName", "externalId", "displayName"].first(where: {
        $0.lowercased() == path.attribute.lowercased()
      })
    else { return nil }
    return (name, value)
  }
}
