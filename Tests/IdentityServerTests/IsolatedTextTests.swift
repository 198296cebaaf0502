import Foundation
import JSON
import NIOHTTP1
import SeededRandom
import Testing

@testable import IdentityServer

/// No name turns the words of a page round.
struct IsolatedTextTests {
  @Test func whatIsWrittenFromLeftToRightStaysAsItIs() {
    for text in ["", "ann", "Zoë Łukasiewicz", "山田 太郎", "👩‍👩‍👧", "<b>"] { #expect(text.isolated == text) }
    #expect("\u{202E}nimda".isolated == "\u{2068}\u{202E}nimda\u{2069}")
    #expect("דנה".isolated == "\u{2068}דנה\u{2069}")
    #expect(HTMLText.escaped("\u{2069}\u{202E}nimda") == "\u{202E}nimda")
    #expect(HTMLText.escaped("\u{2067}nimda") == "\u{2067}nimda\u{2069}")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func whatATextBeginsItEnds(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let scalars: [Unicode.Scalar] = [
      "a", "א", "\u{202A}", "\u{202C}", "\u{202E}", "\u{2066}", "\u{2067}", "\u{2068}", "\u{2069}", "\u{2069}",
    ]
    var text = String.UnicodeScalarView("\u{202E}".unicodeScalars)
    for _ in 0..<Int.random(in: 0..<12, using: &random) { text.append(scalars.randomElement(using: &random) ?? "a") }
    let result = String(text).isolated.unicodeScalars
    // The isolate that the text stands in is open from the first scalar up to the last, and nothing after it.
    var depth = 0
    for (index, scalar) in result.enumerated() {
      if ("\u{2066}"..."\u{2068}").contains(scalar) { depth += 1 }
      if scalar == "\u{2069}" { depth -= 1 }
      #expect(depth > 0 || index == result.count - 1, "\(result)")
    }
    #expect(depth == 0)
  }

  @Test func pagesPutNamesIntoElementsOfTheirOwn() async throws {
    let (name, person) = ("\u{202E}nimda", "דנה")
    try await withServer { server async throws in
      let id = try await server.send(.POST, "/Users", ["userName": .string(person)]).id
      let group = try await server.send(
        .POST, "/Groups", ["displayName": .string(name), "members": [["value": .string(id)]]]
      ).id
      let browser = try await TestBrowser.atConsole(server)
      for path in ["", "/edit", "/delete", "/access", "/password"] {
        let page = try await browser.get("/console/users/\(id)\(path)")
        let heading = page.text.components(separatedBy: "<h1>").last?.components(separatedBy: "</h1>").first ?? ""
        #expect(heading.contains("<bdi>\(person)</bdi>") || heading.contains(person.isolated), "\(path)")
      }
      let members = try await browser.get("/console/groups/\(group)/members")
      #expect(members.text.contains("<h1>Members of \u{2068}\(name)\u{2069}</h1>"))
      let audit = try await browser.get("/console/audit")
      #expect(audit.text.contains("by <bdi>user:admin</bdi>"))
    }
  }
}
