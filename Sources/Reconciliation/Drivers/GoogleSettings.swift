/// Which part of a Google Workspace is looked after, and how people leave it.
package struct GoogleSettings: Hashable, Sendable {
  package enum Removal: String, Hashable, Sendable, CaseIterable { case suspend, delete }

  /// The address of the Admin SDK.
  package static let defaultURL = "https://admin.googleapis.com"

  /// The id of the customer; `my_customer` is the one that the administrator belongs to.
  package var customer: String
  /// Only the users and groups of this domain; nil is all domains of the customer.
  package var domain: String?
  /// Where new users are put.
  package var orgUnitPath: String
  /// What becomes of users whose removal is due.
  package var onRemoval: Removal

  package init(
    customer: String = "my_customer", domain: String? = nil, orgUnitPath: String = "/", onRemoval: Removal = .suspend
  ) {
    self.customer = customer
    self.domain = domain
    self.orgUnitPath = orgUnitPath
    self.onRemoval = onRemoval
  }
}
