import OpenID
import SeededRandom
import Testing

/// Whatever text a client sends as scopes is refused, or comes back as it was meant.
struct ScopesFuzzTests {
  @Test(arguments: 1...8)
  func whatIsTakenComesBack(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var taken = 0
    for _ in 1...500 {
      let text = String(
        (0..<Int.random(in: 0...12, using: &random)).compactMap { _ in Self.alphabet.randomElement(using: &random) })
      guard let scopes = try? Scopes(parsing: text) else {
        #expect(text.contains { !Scopes.isName(String($0)) && $0 != " " }, "\(text) is refused without a reason")
        continue
      }
      taken += 1
      #expect(Set(scopes.names) == Set(text.split(separator: " ").map(String.init)))
      #expect((try? Scopes(parsing: scopes.description)) == scopes)
    }
    #expect((50..<450).contains(taken))
  }

  private static let alphabet = Array("ab:read_ z/!~\"\\\tüé\u{7F}  users:")
}
