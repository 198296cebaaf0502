import JSON
import SCIM

extension ResourceWriter {
  /// - Throws: `SCIMError` 400 for connectors of an identity provider that could never work.
  func checkConnectors(_ resource: StoredResource) throws {
    guard resource.type == ConnectorName.identityProvider else { return }
    let connectors = resource.attributes["provisioning"]?["connectors"]?.array ?? []
    guard !connectors.isEmpty else { return }
    let names = connectors.compactMap { $0["name"]?.string }
    try checkNames(names, of: resource.attributes["name"]?.string ?? "")
    guard connectors.count(where: { $0["default"] == true }) <= 1 else {
      throw Self.invalid("only one connector can be the default one")
    }
    for connector in connectors {
      for rule in connector["rules"]?.array ?? [] { try checkRule(rule) }
    }
  }

  private func checkNames(_ names: [String], of provider: String) throws(SCIMError) {
    if let name = ([provider] + names).first(where: { $0.contains("/") }) {
      throw Self.invalid("an identity provider with connectors, and a connector, cannot be called \"\(name)\"")
    }
    guard Set(names).count == names.count else { throw Self.invalid("two connectors have the same name") }
  }

  private func checkRule(_ rule: JSONValue) throws(SCIMError) {
    do {
      _ = try Filter(parsing: rule.string ?? "")
    } catch {
      throw Self.invalid("the rule \"\(rule.string ?? rule.text)\" is no filter: \(error.detail)")
    }
  }

  private static func invalid(_ reason: String) -> SCIMError {
    SCIMError(status: 400, .invalidValue, "provisioning.connectors: \(reason).")
  }
}
