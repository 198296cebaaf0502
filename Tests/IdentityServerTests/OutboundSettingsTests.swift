import Endpoints
import Foundation
import LocalDirectory
import Logging
import Reconciliation
import SCIM
import Stores
import Testing

@testable import IdentityServer

struct OutboundSettingsTests {
  /// They are read every few seconds, and a store may be away for hours.
  @Test func whyTheConnectorsCannotBeReadIsSaidOnce() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("outbound-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let isBroken = Switch()
    let directory = Directory(
      store: BreakableStore(store: InMemoryDirectoryStore(), isBroken: isBroken), catalog: .directory,
      passwordHasher: CountingHasher(), now: { Date() }, newID: { UUID().uuidString.lowercased() })
    let (logger, log) = LogRecorder.logger()
    let factory = EndpointFactory(userAgent: "test", secret: { _ in Secret("") }, directory: { _ in directory })
    let provisioning = OutboundProvisioning(
      ProvisioningSurroundings(
        directory: directory,
        store: try SQLiteDirectoryStore(path: folder.appendingPathComponent("directory.sqlite").path),
        secretBox: SecretBox([1]),
        open: { declaration throws(EndpointError) in try await factory.endpoint(for: declaration) }, owner: "test",
        now: { Date() }, random: { 0 }, metrics: ServerMetrics(), logger: logger))
    isBroken.turnOn()
    await provisioning.refresh()
    await provisioning.refresh()
    isBroken.turnOff()
    await provisioning.refresh()
    isBroken.turnOn()
    await provisioning.refresh()
    logger.info("the end")

    var lines: [String] = []
    for await line in log {
      lines.append(line)
      if line == "info the end" { break }
    }
    #expect(lines.count == 3)
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("error the connectors cannot be read") })
  }
}
