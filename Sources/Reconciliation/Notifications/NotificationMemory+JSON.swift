import Foundation
import JSON

extension NotificationDeclaration.Event: PlanRepresentable {}

extension NotificationMemory {
  /// How a state store keeps it.
  package var json: JSONObject {
    let order = known.sorted { a, b in a.key.order < b.key.order }
    return JSONObject(plan: [("known", order.map { Entry(key: $0, known: $1) }), ("sent", sent)])
  }

  /// - Throws: ``PlanFormatError`` for what is none.
  package init(json: JSONObject) throws(PlanFormatError) {
    let fields = try PlanFields(.object(json), of: "what was told")
    let entries: [Entry] = try fields("known")
    self.init()
    known = Dictionary(entries.map { ($0.key, $0.known) }, uniquingKeysWith: { $1 })
    sent = try fields("sent")
  }

  private struct Entry: PlanRepresentable {
    var key: Key
    var known: Known

    init(key: Key, known: Known) {
      self.key = key
      self.known = known
    }

    var planJSON: JSONValue {
      .object(
        JSONObject(plan: [
          ("endpoint", key.place.endpoint), ("event", key.event), ("subject", key.subject),
          ("text", known.finding.text), ("isMomentary", known.finding.isMomentary), ("since", known.since),
          ("toldAt", known.toldAt), ("claimedAt", known.claimedAt), ("isOver", known.isOver),
          ("witnesses", known.witnesses),
        ]))
    }

    init(planJSON: JSONValue) throws(PlanFormatError) {
      let fields = try PlanFields(planJSON, of: "a finding that was told")
      let endpoint: String? = try fields.optional("endpoint")
      key = Key(
        place: endpoint.map(PassFindings.Place.endpoint) ?? .manifests, event: try fields("event"),
        subject: try fields("subject"))
      known = Known(
        finding: PassFindings.Finding(
          key.event, key.subject, try fields("text"), isMomentary: try fields("isMomentary")),
        since: try fields("since"), toldAt: try fields.optional("toldAt"), claimedAt: try fields.optional("claimedAt"),
        isOver: try fields("isOver"), witnesses: try fields("witnesses"))
    }
  }
}

extension NotificationMemory.Key {
  fileprivate var order: (String, String, String) { (place.endpoint ?? "", event.rawValue, subject) }
}

extension PassFindings.Place {
  /// nil for the manifests.
  fileprivate var endpoint: String? { if case .endpoint(let name) = self { name } else { nil } }
}
