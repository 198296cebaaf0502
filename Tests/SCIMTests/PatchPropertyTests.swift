import JSON
import SCIM
import Testing

@Suite struct PatchPropertyTests {
  private let catalog = SchemaCatalog.standard

  @Test(arguments: SchemaCatalog.standard.resourceTypes.map(\.name))
  func whateverIsPatchedStaysValid(_ name: String) throws {
    let type = try #require(catalog.resourceType(name))
    let validator = ResourceValidator(type: type, catalog: catalog, unknown: .refused)
    let patcher = ResourcePatcher(type: type, catalog: catalog)
    var random = RandomResources(seed: 7)
    var applied = 0
    for _ in 0..<400 {
      var resource = try validator.normalized(random.resource(of: type, in: catalog))
      for _ in 0..<6 {
        let operation = random.operation(on: type, in: catalog)
        do {
          resource = try patcher.applying([operation], to: resource)
          applied += 1
        } catch {
          #expect(error.status == 400)
        }
        let problems = validator.validate(resource)
        #expect(problems.isEmpty, "\(operation) made \(problems)")
        if !problems.isEmpty { return }
      }
      #expect(try validator.normalized(resource) == resource)
    }
    #expect(applied > 400)
  }

  @Test func addingTwiceIsAddingOnce() throws {
    let type = try #require(catalog.resourceType("User"))
    let patcher = ResourcePatcher(type: type, catalog: catalog)
    var random = RandomResources(seed: 11)
    for _ in 0..<300 {
      let resource = random.resource(of: type, in: catalog)
      var operation = random.operation(on: type, in: catalog)
      operation.verb = .add
      // A value may contradict the filter that selects its place; then the second add rightly finds another place.
      guard let path = operation.path, path.valueFilter == nil else { continue }
      guard let once = try? patcher.applying([operation], to: resource) else { continue }
      #expect(try patcher.applying([operation], to: once) == once, "\(operation)")
    }
  }

  @Test func everyValueEqualsItself() throws {
    let type = try #require(catalog.resourceType("User"))
    var random = RandomResources(seed: 13)
    for _ in 0..<200 {
      let resource = random.resource(of: type, in: catalog)
      for attribute in catalog.schema(type.schema)?.attributes ?? [] {
        let value = resource[attribute.name]
        let shuffled = value?.array.map { JSONValue.array($0.shuffled(using: &random.generator)) } ?? value
        #expect(AttributeValues.areEqual(value, shuffled, attribute: attribute))
      }
    }
  }

  @Test func patchRequestsRoundTrip() throws {
    let type = try #require(catalog.resourceType("User"))
    var random = RandomResources(seed: 17)
    for _ in 0..<300 {
      var operation = random.operation(on: type, in: catalog)
      if operation.path == nil { operation.verb = .add }
      let request = PatchRequest(operations: [operation])
      #expect(try PatchRequest(request.json) == request)
    }
  }
}
