extension Guardrail {
  static let protectedByPolicy = Guardrail("policy") { endpoint in
    endpoint.protectionBreaches.map { breach in
      Finding(
        message: "\(breach.key) is protected by the policy \(breach.policy), and the plan \(breach.harm)",
        hint: "take it out of the policy's `protect` first if this is meant", keys: [breach.key])
    }
  }

  /// Coming into a tier takes approvals, and not the author's own.
  static func tiers(_ endorsement: Endorsement) -> Guardrail {
    Guardrail("tiers") { endpoint in
      endpoint.privilegedGains.flatMap { gain in [gain.unapproved(endorsement), gain.selfServed(endorsement)] }
        .compactMap { $0 }
    }
  }
}

extension PrivilegedGain {
  fileprivate func unapproved(_ endorsement: Endorsement) -> Guardrail.Finding? {
    guard approvals > endorsement.approvals ?? 0 else { return nil }
    let given = endorsement.approvals.map { "\($0) given" } ?? "nobody said how many were given"
    let takes = approvals == 1 ? "an approval" : "\(approvals) approvals"
    return Guardrail.Finding(
      message: "\(whatHappens), which takes \(takes); \(given)",
      hint: "have the change approved, and say so with --approvals", keys: people)
  }

  /// Whether the author benefits must be known to be let pass.
  fileprivate func selfServed(_ endorsement: Endorsement) -> Guardrail.Finding? {
    guard authorMayNotBenefit else { return nil }
    guard !endorsement.authors.isEmpty else {
      return Guardrail.Finding(
        message: "\(whatHappens), and nobody said who wrote the change", hint: "name the author with --author",
        keys: people)
    }
    if let stranger = endorsement.authors.first(where: { $0.key == nil }) {
      return Guardrail.Finding(
        message: "\(whatHappens), and no user of the manifests is the author \(stranger.name)",
        hint: "the author must be known by the name, the userName or an e-mail address of a User", keys: people)
    }
    let selves = endorsement.authors.compactMap(\.key).filter(people.contains)
    guard !selves.isEmpty else { return nil }
    return Guardrail.Finding(
      message: "\(whatHappens), and the author \(selves.map(\.name).joined(separator: ", ")) may not benefit",
      hint: "somebody else must propose this", keys: selves)
  }

  private var whatHappens: String {
    let shown = people.prefix(5).map(References.name).joined(separator: ", ")
    let rest = people.count > 5 ? " and \(people.count - 5) more" : ""
    return "brings \(shown)\(rest) into tier \(tier) (\(groups.map(\.description).joined(separator: ", ")))"
  }
}
