/// How a Salesforce organisation is spoken to.
package struct SalesforceSettings: Hashable, Sendable {
  package enum Mode: String, Hashable, Sendable, CaseIterable {
    /// The REST API with its sObjects.
    case sobject
    /// Salesforce's own SCIM 2.0 service.
    case scim
  }

  package var mode: Mode
  /// As it stands in the addresses: `v62.0`.
  package var apiVersion: String
  /// Values for the fields that a new user must have and that no manifest names, by field; `ProfileName` stands for the
  /// profile of that name.
  package var defaults: [String: String]

  package init(mode: Mode = .sobject, apiVersion: String = "v62.0", defaults: [String: String] = [:]) {
    self.mode = mode
    self.apiVersion = apiVersion
    self.defaults = defaults
  }
}
