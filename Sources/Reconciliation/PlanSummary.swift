/// How many changes of each kind there are.
package struct PlanSummary: Hashable, Sendable {
  package var create = 0
  package var update = 0
  package var disable = 0
  package var delete = 0
  package var withheld = 0

  package init(withheld: Int = 0) { self.withheld = withheld }

  /// All that would be written.
  package var changes: Int { create + update + disable + delete }

  package mutating func count(_ action: Change.Action) {
    switch action {
    case .create: create += 1
    case .update: update += 1
    case .disable: disable += 1
    case .delete: delete += 1
    }
  }

  package static func += (a: inout PlanSummary, b: PlanSummary) {
    a.create += b.create
    a.update += b.update
    a.disable += b.disable
    a.delete += b.delete
    a.withheld += b.withheld
  }
}
