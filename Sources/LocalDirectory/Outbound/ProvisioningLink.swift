import Foundation
import JSON

/// What a connector knows of a resource of the directory at its endpoint: what ties the two, once one was made there or
/// found.
package struct ProvisioningLink: Hashable, Sendable {
  /// The resource type here: `User`.
  package var type: String
  /// The id here.
  package var id: String
  /// The id there.
  package var remoteID: String
  /// Whether it was there before we came.
  package var isAdopted: Bool
  /// The attributes as we last wrote or confirmed them there; no secrets.
  package var applied: JSONObject
  /// In whole milliseconds.
  package var updatedAt: Date

  package init(
    type: String, id: String, remoteID: String, isAdopted: Bool, applied: JSONObject, updatedAt: Date
  ) {
    self.type = type
    self.id = id
    self.remoteID = remoteID
    self.isAdopted = isAdopted
    self.applied = applied
    self.updatedAt = updatedAt
  }
}
