/// Where a store looks for the matches of a filter instead of everywhere. It finds them all, and may find more: the
/// caller evaluates the filter itself.
package indirect enum Narrowing: Hashable, Sendable {
  /// The times that a resource carries.
  package enum Time: String, Sendable { case created, modified }

  /// The resource with this id.
  case id(String)
  /// Those with this key.
  case key(LookupKey)
  /// Those with a key of the attribute from the first text on and before the second, in the order of Unicode scalars;
  /// nil for no end. Both are of the form of ``LookupKey/indexValue``.
  case keys(attribute: String, from: String, before: String?)
  /// The groups and roles that list this resource themselves.
  case containers(of: String)
  /// What this group or role lists, and what the groups in it list.
  case members(below: String)
  /// Those whose time is in this range of milliseconds since 1970.
  case times(Time, ClosedRange<Int>)
  /// What either finds.
  case either(Narrowing, Narrowing)
  /// What both find: it is enough to look where there is less.
  case both(Narrowing, Narrowing)
}

extension Narrowing {
  /// Whether it finds a few at most, whatever the directory holds.
  var findsFew: Bool {
    switch self {
    case .id: true
    case .key(let key): LookupKey.telling.contains(key.attribute)
    case .keys, .containers, .members, .times: false
    case .either(let a, let b): a.findsFew && b.findsFew
    case .both(let a, let b): a.findsFew || b.findsFew
    }
  }

  /// The keys of the attribute that begin with the text, whatever its spelling; nil when nothing of it is certain.
  ///
  /// Filters compare the beginning byte by byte, and keys are in normalisation form C, where a mark that follows the
  /// text joins its last letter: `jose` begins `jose´`, whose key is `josé`. Letters up to U+02FF never join the letter
  /// before them, so of such a run only the last one may stand there composed, and then it is not of ASCII.
  package static func keys(of attribute: String, startingWith text: String) -> Narrowing? {
    let run = String.UnicodeScalarView(
      text.lowercased().unicodeScalars.prefix { (1..<0x300).contains($0.value) }.prefix(LookupKey.indexLength))
    let (prefix, stem) = (String(run), String(String.UnicodeScalarView(run.dropLast())))
    guard !prefix.isEmpty else { return nil }
    let composed = Narrowing.keys(attribute: attribute, from: stem + "\u{80}", before: successor(of: stem))
    return .either(.keys(attribute: attribute, from: prefix, before: successor(of: prefix)), composed)
  }

  /// The first text that does not begin with this one, behind all that do; nil when there is none.
  private static func successor(of prefix: String) -> String? {
    var scalars = prefix.unicodeScalars
    guard let next = scalars.popLast().flatMap({ Unicode.Scalar($0.value + 1) }) else { return nil }
    scalars.append(next)
    return String(scalars)
  }

  /// The narrower of two ranges of the same time is their overlap.
  static func both(of a: Narrowing, and b: Narrowing) -> Narrowing {
    if case .times(let time, let first) = a, case .times(time, let second) = b, first.overlaps(second) {
      return .times(time, first.clamped(to: second))
    }
    return .both(a, b)
  }
}
