import LocalDirectory
import OpenID
import Testing

/// Every store passes ``ProviderStoreConformance``.
struct ProviderStoreTests {
  private func use(
    _ store: StoreUnderTest, _ body: (ProviderStoreConformance) async throws -> Void
  ) async throws {
    guard store != .memory else {
      let tokens = InMemoryTokenStore()
      return try await body(ProviderStoreConformance(store: InMemoryProviderStore(tokens), tokens: tokens))
    }
    try await store.use { opened in
      let both = try #require(opened as? any ProviderStore & TokenStore)
      try await body(ProviderStoreConformance(store: both, tokens: both))
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func sessionsComeBackAndEnd(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.sessionsComeBackAndEnd() }
  }

  @Test(arguments: StoreUnderTest.allCases) func accessEndsWithTheAccount(_ store: StoreUnderTest) async throws {
    guard store != .memory else {
      let tokens = InMemoryTokenStore()
      let provider = InMemoryProviderStore(tokens)
      let directory = InMemoryDirectoryStore(access: provider)
      return try await ProviderStoreConformance(store: provider, tokens: tokens).accessEndsWithTheAccount(in: directory)
    }
    try await store.use { opened in
      let both = try #require(opened as? any ProviderStore & TokenStore)
      try await ProviderStoreConformance(store: both, tokens: both).accessEndsWithTheAccount(in: opened)
    }
  }

  @Test(arguments: StoreUnderTest.allCases) func sessionsThatAreOverAreForgotten(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.sessionsThatAreOverAreForgotten() }
  }

  @Test(arguments: StoreUnderTest.allCases) func grantsAreRedeemedOnce(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.grantsComeBackAndAreRedeemedOnce() }
  }

  @Test(arguments: StoreUnderTest.allCases) func grantsAreTakenBack(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.grantsAreTakenBackAndForgotten() }
  }

  @Test(arguments: StoreUnderTest.allCases) func oneOfManyRedeemsATicket(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.oneOfManyRedeemsATicket() }
  }

  @Test(arguments: StoreUnderTest.allCases) func consentsAreReplaced(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.consentsAreReplaced() }
  }

  @Test(arguments: StoreUnderTest.allCases) func keysAreRotated(_ store: StoreUnderTest) async throws {
    try await use(store) { try await $0.keysAreRotated() }
  }
}
