import JSON
import SCIM

/// An entry of a store's index: an attribute that is often asked for, and its value folded, so that an index of bytes
/// finds it whatever its case. What the index finds may match; only the full comparison knows.
package struct LookupKey: Hashable, Sendable {
  /// `userName`, `emails.value`.
  package var attribute: String
  /// Lower case, Unicode normalisation form C, without what follows a NUL, which databases do not keep in a text.
  package var value: String

  package init(attribute: String, value: String) {
    self.attribute = attribute
    self.value = Self.folded(value)
  }

  /// What an index holds of the value: the first 500 Unicode scalars, for databases limit the length of what they index.
  package var indexValue: String { String(value.unicodeScalars.prefix(Self.indexLength)) }

  static let indexLength = 500

  private static func folded(_ text: String) -> String {
    AccountName.folded(String(text.unicodeScalars.prefix { $0 != "\0" }))
  }

  /// The single-valued string attributes of every type that are indexed; `emails.value` is indexed besides.
  static let attributes = ["userName", "externalId", "displayName", "name"]

  static let emails = "emails.value"

  /// Those by which a value finds hardly more than one resource, while many may have the same display name.
  static let telling: Set = ["userName", "externalId", emails]

  /// The keys under which a resource is found.
  package static func keys(of resource: StoredResource) -> Set<LookupKey> {
    var keys: Set<LookupKey> = []
    for attribute in attributes {
      guard let value = resource.attributes[attribute]?.string else { continue }
      keys.insert(LookupKey(attribute: attribute, value: value))
    }
    for email in resource.attributes["emails"]?.array ?? [] {
      guard let value = email["value"]?.string else { continue }
      keys.insert(LookupKey(attribute: emails, value: value))
    }
    return keys.union(extensionKeys(of: resource.attributes))
  }
}
