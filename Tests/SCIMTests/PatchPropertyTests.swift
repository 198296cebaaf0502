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

  @Test func removingByPartsRemovesWhatAgreesWithAllOfThem() throws {
    let type = try #require(catalog.resourceType("User"))
    let attribute = try #require(catalog.schema(type.schema)?.attribute("ims"))
    let patcher = ResourcePatcher(type: type, catalog: catalog)
    var random = RandomResources(seed: 17)
    let texts = ["a", "A", "b", "c"]
    func value(_ names: [String]) -> JSONObject {
      var object: JSONObject = [:]
      for name in names where Bool.random(using: &random.generator) {
        object[name] = .string(texts.randomElement(using: &random.generator) ?? "a")
      }
      if Int.random(in: 0..<4, using: &random.generator) == 0 {
        object["primary"] = .bool(Bool.random(using: &random.generator))
      }
      return object
    }
    for _ in 0..<500 {
      let elements = (0..<5).map { _ in value(["value", "type", "display"]) }.filter { !$0.isEmpty }
      let named = (0..<3).map { _ in value(["value", "TYPE", "type", "unknown"]) }
      let before: JSONObject = ["ims": .array(elements.map(JSONValue.object))]
      let left = elements.filter { element in
        !named.contains { parts in
          !parts.isEmpty
            && parts.allSatisfy { part in
              guard let known = attribute.subAttribute(part.key) else { return true }
              return AttributeValues.areEqual(
                part.value, element.value(ignoringCase: known.name), attribute: known)
            }
        }
      }
      let operation = PatchOperation(.remove, AttributePath("ims"), value: .array(named.map(JSONValue.object)))
      let after = try patcher.applying([operation], to: before)
      #expect((after["ims"]?.array ?? []) == left.map(JSONValue.object), "\(named)")
    }
  }

  @Test func valuesAreBoundedButForThoseThatNameResources() throws {
    for (name, attribute, isBounded) in [("User", "ims", true), ("Group", "members", false)] {
      let type = try #require(catalog.resourceType(name))
      let patcher = ResourcePatcher(type: type, catalog: catalog, maxValues: 3)
      func add(_ values: ClosedRange<Int>, to resource: JSONObject) -> JSONObject? {
        let operations = values.map { number in
          PatchOperation(.add, AttributePath(attribute), value: [["value": .string("\(number)")]])
        }
        return try? patcher.applying(operations, to: resource)
      }
      let three = try #require(add(1...3, to: [:]))
      #expect(add(3...3, to: three)?[attribute]?.array?.count == 3)
      #expect((add(4...4, to: three) == nil) == isBounded)
      // What is over the bound already may stay, and become less.
      let five: JSONObject = [attribute: .array((1...5).map { ["value": .string("\($0)")] })]
      #expect((add(6...6, to: five) == nil) == isBounded && add(2...2, to: five) != nil)
      let removal = PatchOperation(.remove, try AttributePath(parsing: "\(attribute)[value eq \"1\"]"))
      #expect(try patcher.applying([removal], to: five)[attribute]?.array?.count == 4)
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
