import HTTPTypes
import JSON
import SCIM
import Testing

@testable import Endpoints

/// The service provider that is WSO2 Identity Server itself.
@Suite struct WSO2ResidentTests {
  @Test func theResidentOneIsTheServerItself() async throws {
    let faults = FaultPlan()
    let type = try Fixtures.type("ServiceProvider")
    try await WSO2TestServer.useWithConnector(faults: faults) { endpoint, server in
      let update = try ResourceUpdate.replacing("outboundProvisioning", with: [["identityProvider": "is2"]])
      for count in [1, 0] {
        let before = faults.requests.count
        _ = try await endpoint.update("resident", of: type, update, version: nil)
        #expect(faults.writes(since: before).count == count)
      }
      let entry: JSONValue = ["idp": "is2", "connector": "scim", "blocking": false, "rules": false, "jit": false]
      #expect(server.applications.resident["outboundProvisioningIdps"] == [entry])
      #expect(server.applications.resident["inboundProvisioning"]?["provisioningUserstoreDomain"] == "PRIMARY")
      let error = await failure {
        _ = try await endpoint.update("resident", of: type, try .replacing("displayName", with: "X"), version: nil)
      }
      #expect(error?.message.contains("the server itself") == true)
      try await endpoint.delete("resident", of: type, version: nil)
      #expect(server.applications.resident["outboundProvisioningIdps"] == [])
      #expect(try await endpoint.resource("resident", of: type)?["outboundProvisioning"] == nil)
      let made = try await endpoint.create(
        ["name": "resident", "outboundProvisioning": [["identityProvider": "is2", "connector": "scim"]]], as: type)
      #expect(made.id == "resident")
      #expect(server.applications.resident["outboundProvisioningIdps"] == [entry])
    }
    #expect(faults.requests(.post).count == 1)
  }
}
