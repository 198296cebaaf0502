import JSON
import NIOHTTP1
import Reconciliation
import SCIM

/// A Salesforce organisation reached by its REST API: users, public groups as groups, and permission sets as roles.
///
/// The credential goes to `url` and nowhere else: the address that a token answer tells (`instance_url`) is not followed.
package final class SalesforceEndpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let connection: EndpointConnection
  let defaults: NewUserDefaults
  let profiles = ObjectNames(.profile)
  let roles = ObjectNames(.role)
  /// Where the API of the wanted version begins.
  let api: String
  private let learned = LearnedOnce<SalesforceOrganization>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits comes from.
  /// - Throws: `misconfigured` when address, credential or trust cannot be used.
  package init(
    _ configuration: SalesforceConfiguration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.connection.credential?.userName
    defaults = NewUserDefaults(declared: configuration.settings.defaults)
    api = "/services/data/\(configuration.settings.apiVersion)"
    let address = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    connection = try EndpointConnection(
      configuration.connection, base: address.base, format: .json, clock: clock, generator: generator)
  }

  package func close() async { await connection.close() }

  package func capabilities() async throws(EndpointError) -> Capabilities { try await organization().capabilities }

  /// What the organisation has, asked for once in the life of this value.
  func organization() async throws(EndpointError) -> SalesforceOrganization {
    try await learned.value { () throws(EndpointError) -> SalesforceOrganization in
      do throws(EndpointError) {
        let request = EndpointRequest(.GET, "\(api)/sobjects/User/describe")
        return SalesforceOrganization(description: try await connection.send(request).object())
      } catch {
        guard [.notFound, .forbidden].contains(error.kind) else { throw error }
        return SalesforceOrganization(description: nil)
      }
    }
  }

  /// Where a record is; an id may be any string.
  func record(_ object: String, _ id: String) throws(EndpointError) -> String {
    guard !["", ".", ".."].contains(id) else {
      throw EndpointError(.rejected, "a \(object) with the id '\(id)' cannot be addressed")
    }
    return "\(api)/sobjects/\(object)/\(SCIM2Address.encode(id))"
  }
}
