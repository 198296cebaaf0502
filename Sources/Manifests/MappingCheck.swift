import Reconciliation
import SCIM

/// Values that an endpoint's mapping cannot map: what the endpoint is to hold is not known then.
enum MappingCheck {
  static func check(_ state: DesiredState, _ catalog: SchemaCatalog, into faults: inout FaultList) {
    for endpoint in state.endpoints {
      for (rule, unmapped) in UnmappedValues(of: endpoint, catalog: catalog)?.find(in: state.resources) ?? [] {
        guard let place = rule.location else { continue }
        for (value, concerned) in unmapped.sorted(by: { $0.key < $1.key }) {
          report(value, of: concerned, to: rule.target, at: place, into: &faults)
        }
      }
    }
  }

  private static func report(
    _ value: String, of resources: [DesiredResource], to target: AttributePath, at place: SourceLocation,
    into faults: inout FaultList
  ) {
    let first = resources.min { $0.location < $1.location }
    let others = resources.count == 1 ? "" : ", and \(resources.count - 1) more"
    faults.report(
      .unmappedValue, "the mapping to `\(target.description)` has no entry for `\(value)`", at: place, length: 1,
      hint: "add it to `lookup`, or say with `default` what stands for every other value",
      notes: first.map { [.init("\($0.key) has this value\(others)", at: $0.location)] } ?? [])
  }
}
