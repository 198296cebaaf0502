import IdentityServer
import JSON
import NIOHTTP1
import SCIM
import Testing

/// Listings by cursor (RFC 9865).
struct CursorTests {
  @Test(arguments: ["", "&sortBy=userName&sortOrder=descending", "&filter=title+pr", "&filter=title+pr&sortBy=title"])
  func aWalkReadsWhatTheIndexReads(_ query: String) async throws {
    try await withServer { server in
      for number in 1...7 {
        _ = try await server.send(
          .POST, "/Users", ["userName": .string("user \(number)"), "title": number % 3 == 0 ? nil : "Dr"])
      }
      let whole = try await server.send(.GET, "/Users?count=100\(query)")
      var cursor: String? = ""
      var walked: [JSONValue] = []
      var pages = 0
      while let next = cursor {
        let page = try await server.send(.GET, "/Users?cursor=\(next)&count=2\(query)")
        #expect(page.status == 200, "\(page.json.text)")
        #expect(page.json["totalResults"] == whole.json["totalResults"])
        #expect(page.json["startIndex"] == nil)
        #expect(page.json["itemsPerPage"] == .number(JSONNumber(page.resources.count)))
        walked += page.resources
        cursor = page.json["nextCursor"]?.string
        pages += 1
      }
      #expect(walked == whole.resources)
      #expect(pages == (whole.resources.count + 1) / 2)
    }
  }

  @Test func aBareCursorBeginsAndSearchTakesOneToo() async throws {
    try await withServer { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann"])
      let first = try await server.send(.GET, "/Users?count=1&cursor")
      let cursor = try #require(first.json["nextCursor"])
      #expect(cursor.string?.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.~".contains($0)) } == true)
      let second = try await server.send(.POST, "/Users/.search", ["cursor": cursor, "count": 1])
      #expect(second.resources.first?["userName"] == "ann")
      #expect(second.json["nextCursor"] == nil)
      let counted = try await server.send(.GET, "/Users?cursor=&count=0")
      #expect(counted.json["totalResults"] == 2)
      #expect(counted.resources.isEmpty)
      #expect(counted.json["nextCursor"] == nil)
      #expect(try await server.send(.GET, "/Users?count=1").json["nextCursor"] == nil)
    }
  }

  @Test func cursorsAreForTheirQueryAndCountOnly() async throws {
    try await withServer { server in
      for name in ["ann", "bob"] { _ = try await server.send(.POST, "/Users", ["userName": .string(name)]) }
      let cursor = try #require(try await server.send(.GET, "/Users?cursor&count=1").json["nextCursor"]?.string)
      let others: [(String, String)] = [
        ("/Groups?count=1&cursor=\(cursor)", "invalidCursor"), ("/?count=1&cursor=\(cursor)", "invalidCursor"),
        ("/Users?count=1&filter=userName+pr&cursor=\(cursor)", "invalidCursor"),
        ("/Users?count=1&sortBy=userName&cursor=\(cursor)", "invalidCursor"),
        ("/Users?count=2&cursor=\(cursor)", "invalidCount"), ("/Users?cursor=\(cursor)", "invalidCount"),
      ]
      for (path, scimType) in others {
        let answer = try await server.send(.GET, path)
        #expect(answer.status == 400, "\(path)")
        #expect(answer.json["scimType"] == .string(scimType), "\(path)")
      }
      #expect(try await server.send(.GET, "/Users?count=1&attributes=id&cursor=\(cursor)").status == 200)
    }
  }

  @Test func noByteOfACursorCanBeChanged() async throws {
    try await withServer { server in
      for name in ["ann", "bob"] { _ = try await server.send(.POST, "/Users", ["userName": .string(name)]) }
      let cursor = try #require(try await server.send(.GET, "/Users?cursor&count=1").json["nextCursor"]?.string)
      for index in cursor.indices {
        var forged = cursor
        forged.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
        let answer = try await server.send(.GET, "/Users?count=1&cursor=\(forged)")
        // The last character may hold bits that no byte uses.
        guard answer.status != 200 else {
          #expect(cursor.index(after: index) == cursor.endIndex)
          continue
        }
        #expect(answer.json["scimType"] == "invalidCursor")
      }
      let other = ServerSetup()
      try await withServer(other) { stranger in
        let answer = try await stranger.send(.GET, "/Users?count=1&cursor=\(cursor)")
        #expect(answer.json["scimType"] == "invalidCursor")
      }
    }
  }

  @Test func serversWithOneSecretContinueEachOthersWalks() async throws {
    var setup = ServerSetup()
    setup.configuration.cursorSecret = Array("shared".utf8)
    var cursor: String?
    try await withServer(setup) { server in
      _ = try await server.send(.POST, "/Users", ["userName": "ann"])
      cursor = try await server.send(.GET, "/Users?cursor&count=1").json["nextCursor"]?.string
    }
    let next = try #require(cursor)
    try await withServer(setup) { server async throws in
      #expect(try await server.send(.GET, "/Users?count=1&cursor=\(next)").status == 200)
    }
  }
}
