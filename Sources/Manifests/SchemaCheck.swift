import Reconciliation
import SCIM

/// Lets `Schema` documents meet: one name, one URN, one schema.
enum SchemaCheck {
  /// The schemas by their URN, each once: of several the first in the order of places, and a fault for each other.
  static func distinct(_ drafts: [SchemaDraft], into faults: inout FaultList) -> [SchemaExtension] {
    var names: [String: SchemaDraft] = [:]
    var schemas: [String: SchemaDraft] = [:]
    for draft in drafts.sorted(by: { $0.idLocation < $1.idLocation }) {
      if let first = names[draft.name] {
        faults.report(
          .duplicateName, "another Schema is named `\(draft.name)`", at: draft.nameLocation,
          length: Int(draft.nameMark.length), notes: [.init("the first is here", at: first.nameLocation)])
      } else {
        names[draft.name] = draft
      }
      if let first = schemas[draft.schema.id.lowercased()] {
        faults.report(
          .duplicateSchema, "another Schema has the id `\(first.schema.id)`", at: draft.idLocation,
          length: Int(draft.idMark.length), notes: [.init("the first is here", at: first.idLocation)])
      } else {
        schemas[draft.schema.id.lowercased()] = draft
      }
    }
    return schemas.sorted { $0.key < $1.key }.map(\.value.schema)
  }
}
