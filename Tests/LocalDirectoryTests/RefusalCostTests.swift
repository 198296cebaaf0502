import Foundation
import JSON
import LocalDirectory
import SCIM
import Synchronization
import Testing

/// Whoever is refused has waited for one slow hash, whatever the reason: the time taken tells nobody which names there are.
struct RefusalCostTests {
  /// Counts what takes long.
  private final class SlowHasher: PasswordHasher {
    private let count = Mutex(0)

    func hash(_ password: String) async throws -> String {
      count.withLock { $0 += 1 }
      return "hash of \(password)"
    }

    func verify(_ password: String, against hash: String) async -> Bool {
      count.withLock { $0 += 1 }
      return hash == "hash of \(password)"
    }

    func taken() -> Int {
      count.withLock { count in
        defer { count = 0 }
        return count
      }
    }
  }

  @Test func everyRefusalCostsTheSame() async throws {
    let hasher = SlowHasher()
    let ids = Counter()
    let directory = Directory(
      store: InMemoryDirectoryStore(), catalog: .directory, passwordHasher: hasher,
      now: { Date(timeIntervalSince1970: 0) },
      newID: { "id-\(ids.next())" })
    for user in [
      ["userName": "ann", "password": "s3cret"], ["userName": "idle", "password": "s3cret", "active": false],
      ["userName": "bare"],
    ] as [JSONObject] {
      _ = try await directory.create(type: try directory.catalog.named("User"), attributes: user, by: "test")
    }
    for settings in [["clientId": "app", "clientSecret": "s3cret"], ["clientId": "public"]] as [JSONObject] {
      let application: JSONObject = [
        "name": settings["clientId"] ?? "", "inbound": ["openidconnect": .object(settings)],
      ]
      _ = try await directory.create(
        type: try directory.catalog.named("ServiceProvider"), attributes: application, by: "test")
    }
    _ = hasher.taken()
    for (name, password) in [("ann", "wrong"), ("nobody", "s3cret"), ("idle", "s3cret"), ("bare", "s3cret")] {
      #expect(try await directory.authenticate(userName: name, password: password) == nil)
      #expect(hasher.taken() == 1, "\(name)")
      // One more for a password that has two spellings.
      #expect(try await directory.authenticate(userName: name, password: "se\u{301}cret") == nil)
      #expect(hasher.taken() == 2, "\(name)")
    }
    for (id, secret) in [("app", "wrong"), ("nobody", "s3cret"), ("public", "s3cret"), ("public", "")] {
      #expect(try await directory.authenticateClient(id: id, secret: secret) == nil)
      #expect(hasher.taken() == 1, "\(id)")
    }
    #expect(try await directory.authenticate(userName: "ann", password: "s3cret") != nil)
    #expect(hasher.taken() == 1)
  }
}
