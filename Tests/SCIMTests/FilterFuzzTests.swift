import JSON
import SCIM
import SeededRandom
import Testing

@Suite struct FilterFuzzTests {
  @Test(arguments: 0..<300 as Range<UInt64>)
  func readsBackWhatItPrints(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let filter = randomFilter(depth: 4, insideBrackets: false, using: &random)
    #expect(try Filter(parsing: filter.description) == filter)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func readsBackPaths(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let path = randomPath(insideBrackets: false, using: &random)
    #expect(try AttributePath(parsing: path.description) == path)
  }

  /// A damaged filter is a filter or an `invalidFilter`, never a crash; what is read can be evaluated.
  @Test(arguments: 0..<100 as Range<UInt64>)
  func survivesDamage(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let text = randomFilter(depth: 3, insideBrackets: false, using: &random).description
    for _ in 0..<50 {
      let damaged = mutated(text, using: &random)
      do {
        let filter = try Filter(parsing: damaged)
        _ = filter.matches(["userName": "a", "emails": [["value": "a"]]], type: nil, catalog: .forFilterTests)
        #expect((try? Filter(parsing: filter.description)) == filter)
      } catch {
        #expect(error.status == 400 && error.kind == .invalidFilter)
      }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func survivesNoise(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for length in 0..<40 {
      let noise = String(decoding: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }, as: UTF8.self)
      _ = try? Filter(parsing: noise)
      _ = try? AttributePath(parsing: noise)
    }
  }

  // MARK: Generators

  private func randomFilter(depth: Int, insideBrackets: Bool, using random: inout SplitMix64) -> Filter {
    let next = { (random: inout SplitMix64) in
      randomFilter(depth: depth - 1, insideBrackets: insideBrackets, using: &random)
    }
    switch Int.random(in: 0..<(depth > 0 ? 6 : 2), using: &random) {
    case 0: return .present(randomPath(insideBrackets: insideBrackets, using: &random))
    case 1: return randomComparison(insideBrackets: insideBrackets, using: &random)
    case 2: return .and(next(&random), next(&random))
    case 3: return .or(next(&random), next(&random))
    case 4: return .not(next(&random))
    default:
      guard !insideBrackets else { return next(&random) }
      return .valuePath(AttributePath("emails"), randomFilter(depth: depth - 1, insideBrackets: true, using: &random))
    }
  }

  private func randomComparison(insideBrackets: Bool, using random: inout SplitMix64) -> Filter {
    let path = randomPath(insideBrackets: insideBrackets, using: &random)
    let text: [JSONValue] = ["", "work", "a \"quoted\" and (bracketed] \\", "é😀\n\u{0}", "or"]
    let other: [JSONValue] = [.null, true, false, 0, -17, .number(JSONNumber(validLiteral: "-1.50e-7"))]
    let comparison = Filter.Comparison.allCases.randomElement(using: &random) ?? .equal
    let allowed = comparison == .equal || comparison == .notEqual ? text + other : text
    return .compare(path, comparison, allowed.randomElement(using: &random) ?? .null)
  }

  private func randomPath(insideBrackets: Bool, using random: inout SplitMix64) -> AttributePath {
    let names = ["userName", "not", "and", "or", "pr", "eq", "a-b_9", "$ref", "true", "x"]
    let schemas = ["urn:ietf:params:scim:schemas:extension:enterprise:2.0:User", "urn:x:y.z"]
    var path = AttributePath(names.randomElement(using: &random) ?? "a")
    if Bool.random(using: &random) { path.schema = schemas.randomElement(using: &random) }
    if Bool.random(using: &random) { path.subAttribute = names.randomElement(using: &random) }
    if !insideBrackets, path.subAttribute != nil, Bool.random(using: &random) {
      path.valueFilter = randomFilter(depth: 1, insideBrackets: true, using: &random)
    }
    return path
  }

  private func mutated(_ text: String, using random: inout SplitMix64) -> String {
    var bytes = Array(text.utf8)
    let index = Int.random(in: 0...bytes.count, using: &random)
    let pieces = ["(", ")", "[", "]", "\"", " ", ".", ":", "\\", " and ", " not (", "\u{0}", "é", "9"]
    switch Int.random(in: 0..<2, using: &random) {
    case 0: bytes.insert(contentsOf: (pieces.randomElement(using: &random) ?? "").utf8, at: index)
    default: bytes.removeSubrange(index..<min(index + 4, bytes.count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
