import SeededRandom
import Testing

@testable import Reconciliation

@Suite struct PatternTests {
  @Test(arguments: [
    ("aws-*", "aws-admins", true), ("aws-*", "aws-", true), ("aws-*", "azure", false), ("*", "", true),
    ("a?c", "abc", true),
    ("a?c", "ac", false), ("*-admins", "aws-admins", true), ("", "", true), ("", "a", false),
    ("a*b*c", "axxbyyc", true),
  ])
  func names(pattern: String, name: String, fits: Bool) { #expect(NamePattern(pattern).matches(name) == fits) }

  @Test(arguments: [
    ("groups/aws/**", "groups/aws/a.yaml", true), ("groups/aws/**", "groups/aws/x/a.yaml", true),
    ("groups/aws/**", "x/groups/aws/a.yaml", false), ("groups/aws", "groups/aws/a.yaml", true),
    ("/groups/", "groups/a.yaml", true), ("/groups/", "x/groups/a.yaml", false), ("groups/", "x/groups/a.yaml", true),
    ("*.yaml", "x/y/a.yaml", true), ("docs/*", "docs/a.yaml", true), ("docs/*", "docs/x/a.yaml", false),
    ("**/aws/*.yaml", "a/b/aws/x.yaml", true), ("**/aws/*.yaml", "aws/x.yaml", true), ("a/**/b", "a/b", true),
    ("a/**/b", "a/x/y/b", true), ("a/**/b", "a/x/c", false), ("groups/aws", "groups/awsome/a.yaml", false),
    ("groups/aws/**", "./groups/aws/a.yaml", true),
  ])
  func paths(pattern: String, path: String, fits: Bool) { #expect(PathPattern(pattern).matches(path) == fits) }

  /// Against the definition, letter by letter.
  @Test(arguments: UInt64(1)...300) func aNamePatternMatchesWhatItsDefinitionSays(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    func text(_ letters: String, _ length: Int) -> String {
      String((0..<Int.random(in: 0...length, using: &random)).compactMap { _ in letters.randomElement(using: &random) })
    }
    let pattern = text("ab*?", 6)
    for _ in 0..<20 {
      let name = text("ab", 7)
      #expect(NamePattern(pattern).matches(name) == Self.fits(Array(pattern), Array(name)), "\(pattern) \(name)")
    }
  }

  private static func fits(_ pattern: [Character], _ name: [Character]) -> Bool {
    guard let first = pattern.first else { return name.isEmpty }
    let rest = Array(pattern.dropFirst())
    if first == "*" { return (0...name.count).contains { fits(rest, Array(name.dropFirst($0))) } }
    return (first == "?" || first == name.first) && !name.isEmpty && fits(rest, Array(name.dropFirst()))
  }

  @Test func aHostilePatternTakesNoTime() {
    let pattern = NamePattern(String(repeating: "a*", count: 200) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 2_000)))
    #expect(
      !PathPattern(String(repeating: "**/a/", count: 200) + "b").matches(String(repeating: "a/", count: 500) + "c"))
  }
}
