import Reconciliation

extension FileScope {
  /// Reads `lifecycle: {state, startsAt, endsAt, onRemoval, grace}`.
  func lifecycle(_ node: YAMLNode) -> Lifecycle {
    var lifecycle = Lifecycle()
    guard var fields = Fields(node, self, what: "`lifecycle`") else { return lifecycle }
    lifecycle.state = fields.choice("state", Lifecycle.State.self) ?? lifecycle.state
    lifecycle.startsAt = fields.time("startsAt")
    lifecycle.endsAt = fields.time("endsAt")
    lifecycle.onRemoval = fields.choice("onRemoval", Lifecycle.Removal.self) ?? lifecycle.onRemoval
    lifecycle.grace = fields.duration("grace") ?? lifecycle.grace
    fields.finish("`lifecycle`")
    if let start = lifecycle.startsAt, let end = lifecycle.endsAt, end <= start {
      report(.emptyPeriod, "the lifecycle ends before it begins", at: node["endsAt"]?.mark ?? node.mark)
    }
    return lifecycle
  }
}
