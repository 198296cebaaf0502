import JSON
import SeededRandom
import Testing

@Suite struct JSONFuzzTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func readsBackWhatItWrites(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let value = randomValue(depth: 4, using: &random)
    #expect(try JSONValue(parsing: value.serialized()) == value)
    #expect(try JSONValue(parsing: value.pretty()) == value)
    #expect(try JSONValue(parsing: value.canonical()) == value)
    #expect(try JSONValue(parsing: value.text).text == value.text)
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func canonicalFormIgnoresTheOrderOfMembers(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let value = randomValue(depth: 4, using: &random)
    let other = shuffled(value, using: &random)
    #expect(other == value)
    #expect(other.canonical() == value.canonical())
  }

  /// What stands in an object is told by its text as by its tree; only names with escapes are left to the tree.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func shallowObjectsTellWhatTreesDo(_ seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    guard let object = randomValue(depth: 4, using: &random).object else { return }
    let text = object.serialized()
    guard let shallow = ShallowObject(text) else {
      #expect(object.keys.contains { JSONValue.string($0).text != "\"\($0)\"" })
      return
    }
    var writer = JSONObjectWriter(capacity: 0)
    for member in shallow.members { writer.append(member.key, text: shallow[member]) }
    #expect(writer.finished() == text)
    #expect(shallow.members.map(\.key) == object.keys)
    for member in shallow.members { #expect(try JSONValue(parsing: shallow[member]) == object[member.key]) }
  }

  /// Of a damaged object there are no members, or such that make the whole again.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func shallowObjectsSurviveDamage(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let document = JSONObject([("a", randomValue(depth: 4, using: &random)), ("b", "$ref")]).serialized()
    for _ in 0..<100 {
      let damaged = mutated(document, using: &random)
      guard let shallow = ShallowObject(damaged) else { continue }
      let lengths = shallow.members.map { shallow[$0].count + $0.key.utf8.count + 4 }
      #expect(lengths.reduce(shallow.members.isEmpty ? 2 : 1, +) >= damaged.count)
    }
  }

  /// A damaged document is a value or an error with a position inside it, never a crash.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func survivesDamage(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let document = randomValue(depth: 4, using: &random).serialized()
    for _ in 0..<100 {
      let damaged = mutated(document, using: &random)
      do {
        let value = try JSONValue(parsing: damaged)
        #expect((try? JSONValue(parsing: value.serialized())) == value)
      } catch {
        #expect((0...damaged.count).contains(error.offset))
      }
    }
  }

  // MARK: Generators

  private func randomValue(depth: Int, using random: inout SplitMix64) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .number(JSONNumber(Int(truncatingIfNeeded: random.next())))
    case 3: return .number(JSONNumber(validLiteral: randomDecimal(using: &random)))
    case 4: return .string(randomText(using: &random))
    case 5:
      let count = Int.random(in: 0..<5, using: &random)
      return .array((0..<count).map { _ in randomValue(depth: depth - 1, using: &random) })
    default:
      let count = Int.random(in: 0..<20, using: &random)
      return .object(
        JSONObject(
          (0..<count).map { _ in (randomText(using: &random), randomValue(depth: depth - 1, using: &random)) }))
    }
  }

  private func randomDecimal(using random: inout SplitMix64) -> String {
    let digits = { (random: inout SplitMix64) in String(UInt16.random(in: 0...999, using: &random)) }
    let exponent = ["", "e\(Int.random(in: -30...30, using: &random))"].randomElement(using: &random) ?? ""
    return (Bool.random(using: &random) ? "-" : "") + digits(&random) + "." + digits(&random) + exponent
  }

  private func randomText(using random: inout SplitMix64) -> String {
    let alphabet = Array("abZ0 \"\\/\n\u{0}\u{1F}é€😀\u{FB33}")
    let length = Int.random(in: 0..<20, using: &random)
    return String((0..<length).compactMap { _ in alphabet.randomElement(using: &random) })
  }

  private func shuffled(_ value: JSONValue, using random: inout SplitMix64) -> JSONValue {
    switch value {
    case .array(let values): .array(values.map { shuffled($0, using: &random) })
    case .object(let object):
      .object(JSONObject(object.members.shuffled(using: &random).map { ($0.key, shuffled($0.value, using: &random)) }))
    default: value
    }
  }

  private func mutated(_ document: [UInt8], using random: inout SplitMix64) -> [UInt8] {
    var bytes = document
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let index = Int.random(in: 0...bytes.count, using: &random)
      let syntax = "{}[]\",:\\u0e-".utf8.randomElement(using: &random)
      let byte = Bool.random(using: &random) ? UInt8.random(in: 0...255, using: &random) : syntax ?? 0
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes.insert(byte, at: index)
      case 1 where index < bytes.count: bytes[index] = byte
      default: bytes.removeSubrange(index..<min(index + 3, bytes.count))
      }
    }
    return bytes
  }
}
