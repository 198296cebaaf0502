import Reconciliation

/// Reads what only the driver of one type needs.
struct DriverSettingsReader {
  let scope: FileScope
  let allowsPlaintext: Bool

  func read(_ driver: EndpointDeclaration.Driver, _ fields: inout Fields) -> DriverSettings {
    switch driver {
    case .embedded, .scim2: .none
    case .scim1: scim1(&fields).map { .scim1($0) } ?? .none
    case .spml2: .spml2(fields.take("spml2").flatMap(spml2) ?? SPML2Settings())
    case .google: .google(fields.take("google").flatMap(google) ?? GoogleSettings())
    case .salesforce: .salesforce(fields.take("salesforce").flatMap(salesforce) ?? SalesforceSettings())
    case .wso2: .wso2(wso2(&fields))
    }
  }

  private func scim1(_ fields: inout Fields) -> SCIM1Settings? {
    func address(_ node: YAMLNode, _ field: String, _ collection: String) -> String? {
      ConnectionReader(scope: scope)
        .url(
          node, field: field, example: "https://localhost:9443/wso2/scim/\(collection)",
          allowsPlaintext: allowsPlaintext)
    }
    let users = fields.require("userEndpoint", of: "an endpoint of type `scim1`")
      .flatMap { address($0, "userEndpoint", "Users") }
    let groups = fields.take("groupEndpoint").flatMap { address($0, "groupEndpoint", "Groups") }
    return users.map { SCIM1Settings(userEndpoint: $0, groupEndpoint: groups) }
  }

  private func spml2(_ node: YAMLNode) -> SPML2Settings? {
    guard var fields = Fields(node, scope, what: "`spml2`") else { return nil }
    var settings = SPML2Settings()
    settings.target = fields.string("target")
    settings.profile = fields.choice("profile", SPML2Settings.Profile.self) ?? settings.profile
    settings.userClass = fields.string("userClass") ?? settings.userClass
    settings.groupClass = fields.string("groupClass")
    fields.finish("`spml2`")
    return settings
  }

  private func google(_ node: YAMLNode) -> GoogleSettings? {
    guard var fields = Fields(node, scope, what: "`google`") else { return nil }
    var settings = GoogleSettings()
    settings.customer = fields.string("customer") ?? settings.customer
    settings.domain = fields.string("domain")
    settings.orgUnitPath = fields.take("orgUnitPath").flatMap(orgUnitPath) ?? settings.orgUnitPath
    settings.onRemoval = fields.choice("onRemoval", GoogleSettings.Removal.self) ?? settings.onRemoval
    fields.finish("`google`")
    return settings
  }

  private func orgUnitPath(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "`orgUnitPath`") else { return nil }
    if text.hasPrefix("/") { return text }
    scope.report(.invalidChoice, "`orgUnitPath` must begin with `/`", at: node.mark, hint: "write it as `/\(text)`")
    return nil
  }

  private func salesforce(_ node: YAMLNode) -> SalesforceSettings? {
    guard var fields = Fields(node, scope, what: "`salesforce`") else { return nil }
    var settings = SalesforceSettings()
    settings.mode = fields.choice("mode", SalesforceSettings.Mode.self) ?? settings.mode
    settings.apiVersion = fields.take("apiVersion").flatMap(apiVersion) ?? settings.apiVersion
    settings.defaults = fields.labels("defaults") ?? [:]
    fields.finish("`salesforce`")
    return settings
  }

  private func apiVersion(_ node: YAMLNode) -> String? {
    guard let text = scope.text(node, what: "`apiVersion`") else { return nil }
    if text.wholeMatch(of: /v\d{1,3}\.0/) != nil { return text }
    scope.report(.invalidChoice, "`apiVersion` must be a version of the API", at: node.mark, hint: "for example v62.0")
    return nil
  }

  private func wso2(_ fields: inout Fields) -> WSO2Settings {
    var settings = WSO2Settings()
    settings.tenant =
      fields.take("tenant").flatMap {
        domain(
          $0, "`tenant` must be the domain name of a tenant", hint: "the super tenant is `\(WSO2Settings.superTenant)`")
      } ?? settings.tenant
    settings.userStores = (fields.items("userStores") ?? []).compactMap {
      domain($0, "`userStores` lists the domain names of user stores", hint: "the first one is `PRIMARY`")
    }
    return settings
  }

  /// A domain name: what else it held would end up in the addresses.
  private func domain(_ node: YAMLNode, _ fault: String, hint: String) -> String? {
    guard let text = scope.text(node, what: "a domain name") else { return nil }
    if text.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]*/) != nil { return text }
    scope.report(.invalidChoice, fault, at: node.mark, hint: hint)
    return nil
  }
}
