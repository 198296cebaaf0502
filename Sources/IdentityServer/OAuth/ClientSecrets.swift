import JSON
import LocalDirectory
import OpenID
import SCIM

/// Makes secrets for applications, each shown once: the directory keeps a hash.
package struct ClientSecrets: Sendable {
  private let directory: Directory
  private let random: @Sendable () -> [UInt8]

  /// - Parameter random: 32 bytes at each call that are fit for cryptography.
  package init(_ directory: Directory, random: @escaping @Sendable () -> [UInt8] = TokenSecret.systemRandom) {
    self.directory = directory
    self.random = random
  }

  /// A new secret for the application, in place of the one that it has.
  /// - Returns: nil when there is no such application.
  /// - Throws: `SCIMError` 412 when somebody else changes the registration at the same time.
  package func renew(_ clientID: String, by author: Author) async throws -> TokenSecret? {
    guard let client = try await directory.client(named: clientID),
      let type = directory.catalog.resourceType("ServiceProvider")
    else { return nil }
    let registration = try await directory.resource(type: type, id: client.resource)
    let secret = TokenSecret(.client, random: random())
    var settings = registration["inbound"]?["openidconnect"]?.object ?? JSONObject()
    settings["clientSecret"] = .string(secret.text)
    let operation = PatchOperation(
      .replace, AttributePath("inbound", sub: "openidconnect"), value: .object(settings))
    _ = try await directory.patch(
      type: type, id: client.resource, operations: [operation], ifMatch: registration.version, by: author)
    return secret
  }
}
