import SCIM

/// One resource type at one endpoint: what is desired of it, what is there, and how they pair.
struct KindPass {
  /// What is to become of one desired resource.
  enum Decision {
    case keep(Resource)
    case create(Situation)
    case remove(Resource)
    case withhold(Situation, String)
    /// Neither there nor wanted.
    case nothing
    /// Outside of the endpoint's scope.
    case outside

    /// Whether what is there is taken up.
    var isDone: Bool {
      switch self {
      case .keep, .remove: true
      case .create, .withhold, .nothing, .outside: false
      }
    }
  }

  let rules: TypeRules
  let listing: Observation.Listing?
  let resources: [ProjectedResource]
  let matches: [Match]
  /// Live resources that nothing desired came near to.
  let leftovers: [Resource]
  var decisions: [Decision] = []

  var kind: String { rules.type.name }

  /// Why removals cannot be trusted; nil when the listing was read to its end.
  var doubt: String? {
    guard let listing else { return "the \(kind)s were not read" }
    if case .incomplete(let reason) = listing.completeness { return "the read of \(kind)s is incomplete: \(reason)" }
    return nil
  }
}
