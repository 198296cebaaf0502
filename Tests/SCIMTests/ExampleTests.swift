import JSON
import SCIM
import Testing

/// The object that a JSON text holds.
func object(_ text: String) throws -> JSONObject { try #require(try JSONValue(parsing: text).object) }

/// The examples of the RFCs, read and printed again.
@Suite struct ExampleTests {
  @Test(arguments: [RFCExamples.minimalUser, RFCExamples.fullUser, RFCExamples.enterpriseUser])
  func usersAreValid(_ text: String) throws {
    let user = try object(text)
    let type = try #require(SchemaCatalog.standard.resourceType("User"))
    let validator = ResourceValidator(type: type, catalog: .standard, unknown: .refused)
    #expect(validator.validate(user).isEmpty)
    let stored = try validator.normalized(user)
    #expect(try validator.normalized(stored) == stored)
    #expect(stored["id"] == nil && stored["meta"] == nil && stored["groups"] == nil)
    #expect(stored["userName"] == user["userName"] && stored["emails"] == user["emails"])
    #expect(stored["schemas"] == user["schemas"])
  }

  @Test func groupIsValid() throws {
    let group = try object(RFCExamples.group)
    let type = try #require(SchemaCatalog.standard.resourceType("Group"))
    let stored = try ResourceValidator(type: type, catalog: .standard, unknown: .refused).normalized(group)
    #expect(stored["members"]?.array?.count == 2)
    #expect(stored["members"]?.array?.allSatisfy { $0["display"] == nil } == true)
  }

  @Test func messagesPrintAsTheyWereRead() throws {
    let list = try object(RFCExamples.list)
    #expect(try ListResponse(list).json == list)
    let search = try object(RFCExamples.search)
    #expect(try JSONValue.object(SearchRequest(search).json) == .object(search))
    let bulkRequest = try object(RFCExamples.bulkRequest)
    #expect(try BulkRequest(bulkRequest).json == bulkRequest)
    let bulkResponse = try object(RFCExamples.bulkResponse)
    #expect(try BulkResponse(bulkResponse).json == bulkResponse)
    let error = try object(RFCExamples.error)
    #expect(SCIMError(error)?.json == .object(error))
    let type = try object(RFCExamples.resourceType)
    #expect(ResourceType(type)?.json.canonicalWithoutMeta == type.canonicalWithoutMeta)
  }

  @Test func serviceProviderConfigIsRead() throws {
    let capabilities = Capabilities(
      serviceProviderConfig: try object(RFCExamples.serviceProviderConfig), catalog: .standard)
    #expect(capabilities.supportsPatch && capabilities.supportsBulk && capabilities.supportsEntityTags)
    #expect(capabilities.maxResults == 200 && capabilities.maxBulkOperations == 1000)
    #expect(capabilities.maxBulkPayload == 1_048_576)
    let printed = capabilities.serviceProviderConfig(authenticationSchemes: [.basic, .bearer])
    #expect(Capabilities(serviceProviderConfig: printed, catalog: .standard) == capabilities)
  }

  /// The example of RFC 9865 section 4.
  @Test func paginationIsReadAndPrinted() throws {
    let told = try object(
      """
      {"pagination": {"cursor": true, "index": true, "defaultPaginationMethod": "cursor", "defaultPageSize": 100,
        "maxPageSize": 250, "cursorTimeout": 3600}}
      """)
    let capabilities = Capabilities(serviceProviderConfig: told, catalog: .standard)
    #expect(
      capabilities.pagination
        == Pagination(
          supportsCursors: true, defaultMethod: .cursor, defaultPageSize: 100, maxPageSize: 250, cursorTimeout: 3600))
    #expect(capabilities.serviceProviderConfig(authenticationSchemes: [])["pagination"] == told["pagination"])
    #expect(Capabilities(serviceProviderConfig: ["pagination": [:]], catalog: .standard).pagination == nil)
  }

  @Test func whatIsNotSaidIsNotSupportedButForPatch() {
    let capabilities = Capabilities(serviceProviderConfig: ["etag": ["supported": "True"]], catalog: .standard)
    #expect(capabilities.supportsPatch && capabilities.supportsEntityTags && !capabilities.supportsFilter)
    #expect(capabilities.maxResults == nil)
  }
}

extension JSONObject {
  /// Locations are absolute in the RFC and relative here.
  fileprivate var canonicalWithoutMeta: [UInt8] {
    var copy = self
    copy["meta"] = nil
    return JSONValue.object(copy).canonical()
  }
}
