import JSON
import SCIM

/// What an organisation says about its users' fields: not every one has all, and we may not see all that it has.
struct SalesforceOrganization: Sendable {
  let mapping: UserMapping
  let capabilities: Capabilities
  /// Whether users say what kind they are; then only people are listed, and not what runs the organisation's automations.
  let tellsUserTypes: Bool

  /// - Parameter description: the answer of `describe` for the sObject `User`; nil when it is not to be had.
  init(description: JSONObject?) {
    let fields = description?["fields"]?.array
    let names = fields.map { Set($0.compactMap { $0["name"]?.string }) }
    let fixed = fields?.filter { $0["updateable"] == false && $0["createable"] == false } ?? []
    mapping = UserMapping(known: names)
    tellsUserTypes = names?.contains("UserType") ?? false
    let catalog = SalesforceCatalog.catalog(mapping, readOnly: Set(fixed.compactMap { $0["name"]?.string }))
    var capabilities = Capabilities(
      supportsPatch: true, supportsFilter: true, supportsChangePassword: true, catalog: catalog)
    capabilities.undeletableTypes = ["User"]
    capabilities.elementLimits = ["User": mapping.elementLimits]
    self.capabilities = capabilities
  }
}
