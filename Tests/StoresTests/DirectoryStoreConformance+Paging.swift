import JSON
import LocalDirectory
import SeededRandom
import Testing

/// Pages: the order of creation, offsets and positions.
extension DirectoryStoreConformance {
  @Test(arguments: StoreUnderTest.allCases) func pagesFollowTheOrderOfCreation(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      try await store.write { transaction in
        for number in 0..<10 {
          try transaction.insert(Self.resource("User", "u\(9 - number)"))
          try transaction.insert(Self.resource("Group", "g\(number)"))
        }
        try transaction.delete("u5")
      }
      let page = { (offset: Int, limit: Int) in
        try await store.read { try $0.page("User", offset: offset, limit: limit).map(\.id) }
      }
      #expect(try await page(0, 3) == ["u9", "u8", "u7"])
      #expect(try await page(3, 3) == ["u6", "u4", "u3"])
      #expect(try await page(8, .max) == ["u0"])
      #expect(try await page(9, 5) == [])
      #expect(try await store.read { try $0.count("User") } == 9)
      #expect(try await store.read { try $0.count("Role") } == 0)
    }
  }

  /// Whatever is skipped was created and deleted in any order, also by transactions that came to nothing.
  @Test(arguments: StoreUnderTest.allCases) func offsetsCountOnlyWhatIsThere(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      var random = SplitMix64(seed: 5)
      var ids: [String] = []
      for round in 0..<4 {
        let fresh = (0..<450).map { "u\(round)-\($0)" }
        let gone = Set(ids.filter { _ in random.next() % 3 == 0 })
        await #expect(throws: Abort.self) {
          try await store.write { transaction in
            for id in gone { try transaction.delete(id) }
            for id in fresh { try transaction.insert(Self.resource("User", id)) }
            throw Abort()
          }
        }
        try await store.write { transaction in
          for id in gone { try transaction.delete(id) }
          for id in fresh {
            try transaction.insert(Self.resource("User", id))
            try transaction.insert(Self.resource("Group", "g" + id))
          }
        }
        ids = ids.filter { !gone.contains($0) } + fresh
        #expect(try await store.read { try $0.count("User") } == ids.count)
        for offset in [0, 1, 449, 450, 499, 500, 501, 777, ids.count - 1, ids.count, ids.count + 600] {
          let page = try await store.read { try $0.page("User", offset: offset, limit: 3).map(\.id) }
          #expect(page == Array(ids.dropFirst(offset).prefix(3)), "offset \(offset) of round \(round)")
        }
      }
      try await store.write { [ids] transaction in
        for id in ids { try transaction.delete(id) }
      }
      #expect(try await store.read { try $0.count("User") } == 0)
      #expect(try await store.read { try $0.page("User", offset: 0, limit: 3) } == [])
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func pagesGoOnAfterAPosition(_ kind: StoreUnderTest) async throws {
    try await kind.use { store in
      try await store.write { transaction in
        for number in 0..<6 {
          try transaction.insert(Self.resource("User", "u\(number)"))
          try transaction.insert(Self.resource("Group", "g\(number)"))
        }
      }
      let page = { (position: Int, limit: Int) in
        try await store.read { try $0.page("User", after: position, limit: limit) }
      }
      let first = try await page(0, 2)
      #expect(first.map(\.resource.id) == ["u0", "u1"])
      #expect(first.map(\.position) == first.map(\.position).sorted())
      let last = try #require(first.last)
      // What is deleted leaves the positions of the others, and its own is not given to the next.
      try await store.write { transaction in
        for id in ["u0", "u1", "u2", "u5"] { try transaction.delete(id) }
        try transaction.insert(Self.resource("User", "u6"))
      }
      let rest = try await page(last.position, .max)
      #expect(rest.map(\.resource.id) == ["u3", "u4", "u6"])
      #expect(try await page(0, .max).map(\.position) == rest.map(\.position))
      let end = try #require(rest.last)
      #expect(try await page(end.position, 1).isEmpty)
      #expect(try await page(0, 0).isEmpty)
      #expect(try await page(-1, 1).map(\.resource.id) == ["u3"])
    }
  }
}
