import JSON
import SCIM

/// How one desired resource is paired.
struct Match: Sendable {
  /// `linked`, `found`, `missing` or `ambiguous`.
  var situation: Situation
  var live: Resource?
  /// What tied them: `the ledger`, `externalId`, …; empty when nothing did.
  var correlation = ""
  /// The ids that came into question, sorted, when it is ambiguous.
  var candidates: [String] = []

  static let missing = Match(situation: .missing)
}

/// What the matcher looks at of a desired resource.
struct MatchSubject: Sendable {
  var key: ResourceKey
  var attributes: JSONObject
  /// Earlier values of the naming attribute.
  var previously: [String]
}

/// Pairs what is desired with what is there, for one resource type at one endpoint, in time linear in both.
///
/// The ties are tried from the strongest to the weakest: the ledger's id, `externalId`, the correlation attributes, the
/// earlier names. What a stronger tie has claimed is out of reach for weaker ones; two claims of one strength are
/// ambiguous.
struct Matcher: Sendable {
  struct Result: Sendable {
    /// One for each subject, in their order.
    var matches: [Match]
    /// Live resources that no subject came near to.
    var leftovers: [Resource]
  }

  let rules: TypeRules
  let correlation: [String]

  func match(_ subjects: [MatchSubject], live: [Resource], ledger: Ledger) -> Result {
    var pairing = Pairing(subjects: subjects.count, live: live)
    let positions = Dictionary(live.indices.map { (live[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
    pairing.settle(.linked, by: "the ledger") { subject in
      guard let id = ledger[subjects[subject].key]?.remoteID, let position = positions[id] else { return [] }
      return [position]
    }
    for name in correlationAttributes where pairing.hasOpen {
      let key = CorrelationKey(name, rules: rules)
      let index = pairing.index(by: key)
      pairing.settle(.found, by: name) { key.texts(in: subjects[$0].attributes).flatMap { index[$0] ?? [] } }
    }
    if pairing.hasOpen, subjects.contains(where: { !$0.previously.isEmpty }) {
      let key = CorrelationKey(rules.namingAttribute, rules: rules)
      let index = pairing.index(by: key)
      pairing.settle(.found, by: "an earlier \(rules.namingAttribute)") {
        subjects[$0].previously.flatMap { index[key.folded($0)] ?? [] }
      }
    }
    return pairing.result
  }

  /// `externalId` before all others. A displayName identifies a group; of people and providers many share one, so it ties
  /// them only where nothing better is asked for.
  var correlationAttributes: [String] {
    var names = ["externalId"] + correlation.filter { $0 != "externalId" }
    let naming = rules.namingAttribute
    if naming != "displayName", names.contains(naming) { names.removeAll { $0 == "displayName" } }
    return names
  }
}

/// Reads the text that a resource is correlated by.
struct CorrelationKey: Sendable {
  let name: String
  private let path: AttributePath?
  private let isCaseExact: Bool

  init(_ name: String, rules: TypeRules) {
    self.name = name
    let parsed = try? AttributePath(parsing: name)
    path = parsed.flatMap { $0.subAttribute != nil || $0.valueFilter != nil || $0.schema != nil ? $0 : nil }
    let attribute = parsed?.resolve(in: rules.type, catalog: rules.catalog) ?? rules.rule(name)?.attribute
    // userName is compared without regard to case even where a schema says otherwise (RFC 7643 section 4.1.1).
    isCaseExact = name != "userName" && (attribute?.isCaseExact ?? false)
  }

  func folded(_ text: String) -> String { isCaseExact ? text : text.lowercased() }

  func texts(in resource: JSONObject) -> [String] {
    if let path { return path.values(in: resource).compactMap(\.string).filter { !$0.isEmpty }.map(folded) }
    guard let text = resource[name]?.string, !text.isEmpty else { return [] }
    return [folded(text)]
  }
}

/// The pairs made so far.
private struct Pairing {
  private let live: [Resource]
  private var matches: [Match?]
  private var isClaimed: [Bool]
  private var open: [Int]

  init(subjects: Int, live: [Resource]) {
    self.live = live
    matches = Array(repeating: nil, count: subjects)
    isClaimed = Array(repeating: false, count: live.count)
    open = Array(0..<subjects)
  }

  var hasOpen: Bool { !open.isEmpty }

  var result: Matcher.Result {
    Matcher.Result(
      matches: matches.map { $0 ?? .missing }, leftovers: live.indices.filter { !isClaimed[$0] }.map { live[$0] })
  }

  /// The live resources that nobody has claimed, by the texts they are correlated by.
  func index(by key: CorrelationKey) -> [String: [Int]] {
    var index: [String: [Int]] = [:]
    for position in live.indices where !isClaimed[position] {
      for text in key.texts(in: live[position].attributes) { index[text, default: []].append(position) }
    }
    return index
  }

  /// Pairs every open subject that has one candidate which no other open subject has too.
  mutating func settle(_ situation: Situation, by correlation: String, candidates: (Int) -> [Int]) {
    var proposals: [(subject: Int, positions: [Int])] = []
    var claims: [Int: Int] = [:]
    for subject in open {
      let free = candidates(subject).filter { !isClaimed[$0] }
      guard !free.isEmpty else { continue }
      let positions = free.count == 1 ? free : Array(Set(free))
      proposals.append((subject, positions))
      for position in positions { claims[position, default: 0] += 1 }
    }
    for (subject, positions) in proposals {
      for position in positions { isClaimed[position] = true }
      if positions.count == 1, claims[positions[0]] == 1 {
        matches[subject] = Match(situation: situation, live: live[positions[0]], correlation: correlation)
      } else {
        matches[subject] = Match(
          situation: .ambiguous, correlation: correlation, candidates: positions.map { live[$0].id }.sorted())
      }
    }
    if !proposals.isEmpty { open.removeAll { matches[$0] != nil } }
  }
}
