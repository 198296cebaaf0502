import Foundation
import JSON

/// A resource as a store keeps it: without what is computed when it is read (`schemas`, `id`, `meta`, members, groups,
/// roles) and without its password.
package struct StoredResource: Hashable, Sendable {
  /// The name of the resource type: `User`.
  package var type: String
  /// Unique over all types.
  package var id: String
  package var attributes: JSONObject
  /// Counted from 1; a write that changes nothing does not count.
  package var version: Int
  /// In whole milliseconds, so that every store returns what it was given.
  package var created: Date
  package var lastModified: Date

  package init(type: String, id: String, attributes: JSONObject, version: Int, created: Date, lastModified: Date) {
    self.type = type
    self.id = id
    self.attributes = attributes
    self.version = version
    self.created = created
    self.lastModified = lastModified
  }

  /// What others show as the `display` of a reference to this resource.
  package var label: String {
    ["displayName", "userName", "name"].lazy.compactMap { attributes[$0]?.string }.first ?? id
  }
}
