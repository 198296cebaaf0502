import JSON
import SCIM
import Testing

@testable import Reconciliation

struct EndpointIdentityTests {
  @Test func tiesComeAsMappedAndFromTheStrongest() throws {
    var world = World()
    world.declaration.mapping = [AttributeMapping(to: AttributePath("userName"), from: .constant("mapped"))]
    let resource = user("a", ["externalId": "E1", "displayName": "Ann"])
    let identity = try #require(EndpointIdentity(of: resource, at: world.declaration, world.capabilities))
    #expect(identity.ties.map(\.attribute) == ["externalId", "userName"])
    #expect(identity.ties.map(\.value) == ["E1", "mapped"])
    #expect(identity.userName == "mapped")
  }

  @Test func aGroupGoesByItsName() throws {
    let world = World()
    let identity = try #require(EndpointIdentity(of: group("g"), at: world.declaration, world.capabilities))
    #expect(identity.ties.map(\.attribute) == ["displayName"])
    #expect(identity.userName == nil)
  }

  @Test func whatIsOutOfScopeHasNone() throws {
    var world = World()
    world.declaration.scope.kinds = ["User"]
    world.declaration.scope.filter = try Filter(parsing: "title eq \"Head\"")
    #expect(EndpointIdentity(of: group("g"), at: world.declaration, world.capabilities) == nil)
    #expect(EndpointIdentity(of: user("a"), at: world.declaration, world.capabilities) == nil)
    #expect(EndpointIdentity(of: user("b", ["title": "Head"]), at: world.declaration, world.capabilities) != nil)
  }
}
