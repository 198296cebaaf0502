import JSON
import SCIM

/// An application as the management API writes it, and as manifests describe it: a service provider.
enum WSO2Application {
  /// The name of the service provider that is the server itself, which is its id here as well.
  static let resident = "resident"

  // MARK: What is read

  /// - Parameter client: what it is as an OpenID Connect client; nil when it is none.
  static func resource(_ document: JSONObject, client: JSONObject?) -> Resource {
    var resource: JSONObject = ["schemas": [.string(SchemaURN.serviceProvider)]]
    resource["id"] = document["id"]
    resource["name"] = document["name"]
    resource["displayName"] = WSO2Property.said(document["description"])
    if let client {
      var attributes = WSO2Client.attributes(client)
      attributes["skipConsent"] = document["advancedConfigurations"]?["skipLoginConsent"]
      resource["inbound"] = ["openidconnect": .object(attributes)]
    }
    let steps = WSO2Authentication.steps(document["authenticationSequence"]?.object ?? [:])
    resource["authentication"] = ["steps": .array(steps)]
    resource["outboundProvisioning"] = provisioned(document["provisioningConfigurations"])
    if let proxy = document["provisioningConfigurations"]?["inboundProvisioning"]?["proxyMode"]?.bool {
      resource["inboundProvisioning"] = ["proxy": .bool(proxy)]
    }
    return Resource(resource)
  }

  /// The server itself.
  static func resident(_ document: JSONObject) -> Resource {
    var resource: JSONObject = ["schemas": [.string(SchemaURN.serviceProvider)]]
    resource["id"] = .string(resident)
    resource["name"] = .string(resident)
    resource["outboundProvisioning"] = provisioned(document["provisioningConfigurations"])
    return Resource(resource)
  }

  /// Where its OpenID Connect client is told, as far as it has one.
  static func isClient(_ document: JSONObject) -> Bool {
    (document["inboundProtocols"]?.array ?? []).contains { entry in
      ["oauth2", "oidc"].contains(entry["type"]?.string ?? "") || entry["self"]?.string?.hasSuffix("/oidc") == true
    }
  }

  private static func provisioned(_ configuration: JSONValue?) -> JSONValue? {
    let entries = (configuration?["outboundProvisioningIdps"]?.array ?? []).compactMap { entry -> JSONValue? in
      guard let provider = entry["idp"] else { return nil }
      var provisioned: JSONObject = ["identityProvider": provider]
      provisioned["connector"] = WSO2Property.said(entry["connector"])
      return .object(provisioned)
    }
    return entries.isEmpty ? nil : .array(entries)
  }

  // MARK: What is written

  /// The parts that are written with the application itself, which are those whose attributes differ; each takes the place of
  /// the one that is there, so what else it says goes along.
  /// - Parameters:
  ///   - before: the attributes now; empty for a new application.
  ///   - current: the document that is there.
  ///   - provisioned: the entries that `outboundProvisioning` stands for; nil when nothing changed about it.
  static func parts(
    from before: JSONObject, to after: JSONObject, over current: JSONObject, provisioned: [JSONValue]?
  ) -> JSONObject {
    var parts: JSONObject = [:]
    if before["displayName"] != after["displayName"] { parts["description"] = after["displayName"] ?? "" }
    let steps = after["authentication"]?["steps"]?.array ?? []
    if (before["authentication"]?["steps"]?.array ?? []) != steps {
      parts["authenticationSequence"] = .object(
        WSO2Authentication.document(steps, over: current["authenticationSequence"]?.object ?? [:]))
    }
    var configuration = current["provisioningConfigurations"]?.object ?? [:]
    if let provisioned, provisioned != configuration["outboundProvisioningIdps"]?.array ?? [] {
      configuration["outboundProvisioningIdps"] = .array(provisioned)
      parts["provisioningConfigurations"] = .object(configuration)
    }
    if let proxy = after["inboundProvisioning"]?["proxy"]?.bool, before["inboundProvisioning"]?["proxy"]?.bool != proxy
    {
      var inbound = configuration["inboundProvisioning"]?.object ?? [:]
      inbound["proxyMode"] = .bool(proxy)
      configuration["inboundProvisioning"] = .object(inbound)
      parts["provisioningConfigurations"] = .object(configuration)
    }
    if skipsConsent(before) != skipsConsent(after) {
      var advanced = current["advancedConfigurations"]?.object ?? [:]
      advanced["skipLoginConsent"] = .bool(skipsConsent(after))
      parts["advancedConfigurations"] = .object(advanced)
    }
    return parts
  }

  private static func skipsConsent(_ attributes: JSONObject) -> Bool {
    attributes["inbound"]?["openidconnect"]?["skipConsent"]?.bool ?? false
  }

  /// One entry of what is provisioned on. What no manifest knows stays as it is; the server wants all of it said.
  static func outbound(_ provider: String, _ connector: String, over current: [JSONValue]) -> JSONValue {
    let known = current.first { $0["idp"]?.string == provider && $0["connector"]?.string == connector }
    var entry: JSONObject = ["idp": .string(provider), "connector": .string(connector)]
    for flag in ["blocking", "rules", "jit"] { entry[flag] = known?[flag] ?? false }
    return .object(entry)
  }
}
