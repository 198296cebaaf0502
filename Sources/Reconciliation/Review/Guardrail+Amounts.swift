extension Guardrail {
  static func deletes(override: SafetyLimits.Limit?) -> Guardrail {
    Guardrail("maxDeletes") { endpoint in
      amounts(of: .delete, "deletes", limit: override ?? endpoint.safety.maxDeletes, in: endpoint)
        .map {
          Finding(
            message: $0.message, hint: "raise safety.maxDeletes, or pass --max-deletes for this run", keys: $0.keys)
        }
    }
  }

  static let disables = Guardrail("maxDisables") { endpoint in
    amounts(of: .disable, "disables", limit: endpoint.safety.maxDisables, in: endpoint)
      .map { Finding(message: $0.message, hint: "raise safety.maxDisables if this is meant", keys: $0.keys) }
  }

  /// Of each kind, against the resources of that kind which we manage there.
  private static func amounts(
    of action: Change.Action, _ verb: String, limit: SafetyLimits.Limit, in endpoint: EndpointPlan
  ) -> [Finding] {
    let byKind = Dictionary(grouping: endpoint.changes.filter { $0.action == action }.map(\.key), by: \.kind)
    return byKind.sorted { $0.key < $1.key }.compactMap { kind, keys in
      let total = endpoint.managed[kind] ?? 0
      guard keys.count > endpoint.safety.most(limit, of: total) else { return nil }
      return Finding(message: "\(verb) \(keys.count) of \(total) \(kind)s; the limit is \(limit)", keys: keys)
    }
  }

  static let memberRemovals = Guardrail("maxMemberRemovals") { endpoint in
    guard !endpoint.memberCounts.isEmpty else { return [] }
    let losses = endpoint.memberLosses
    return endpoint.memberCounts.sorted { $0.key < $1.key }.compactMap { key, total in
      let count = losses[key] ?? 0
      guard count > endpoint.safety.mostMembers(of: total) else { return nil }
      return Finding(
        message: "removes \(count) of \(total) members from \(key); the limit is \(endpoint.safety.maxMemberRemovals)",
        hint: "raise safety.maxMemberRemovals if this is meant", keys: [key])
    }
  }

  /// When most of what we know is gone, it is nearly always another server, or a store made anew: what is created there
  /// is a second directory.
  static func missing(override: SafetyLimits.Limit?) -> Guardrail {
    Guardrail("maxMissing") { endpoint in
      let limit = override ?? endpoint.safety.maxMissing
      let count = endpoint.missing.count
      guard count > limit.allowed(of: endpoint.ownedCount) else { return [] }
      if case .percent = limit, count < endpoint.safety.floor { return [] }
      return [
        Finding(
          message:
            "\(count) of \(endpoint.ownedCount) linked resources are not there any more: is this the right server?",
          hint: """
            check its url or store, and the working folder; if they are gone, pass --max-missing for this run, or raise \
            safety.maxMissing
            """, keys: endpoint.missing)
      ]
    }
  }

  static func calls(_ most: Int) -> Guardrail {
    Guardrail(wholePlan: "maxCalls") { plan in
      guard plan.changes.count > most else { return nil }
      return Finding(
        message: "needs \(plan.changes.count) writes; --max-calls allows \(most)",
        hint: "narrow the run with --target, --kind or -l, or allow more calls")
    }
  }
}

extension EndpointPlan {
  /// How many members each group loses, without those whose membership the manifests have let end: that is reviewed, and
  /// nobody is to keep access because many lose it on one day.
  package var memberLosses: [ResourceKey: Int] {
    accessChanges.reduce(into: [:]) { losses, access in
      if !access.gains, access.until == nil { losses[access.groupKey, default: 0] += 1 }
    }
  }
}
