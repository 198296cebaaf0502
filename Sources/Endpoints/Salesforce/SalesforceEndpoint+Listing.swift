import JSON
import NIOHTTP1
import SCIM

extension SalesforceEndpoint {
  /// Users come in the batches of a query. Groups and permission sets are few, and their members are rows of another
  /// object: they come at once.
  package func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    guard type.name == "User" else {
      let resources = try await resources(of: try Membership.of(type))
      return ResourcePage(resources: resources, totalResults: resources.count, next: nil)
    }
    let organization = try await organization()
    let batch = try await batch(at: position, organization)
    return ResourcePage(
      resources: try await users(batch.records, organization.mapping), totalResults: batch.total,
      next: batch.next.map { .cursor($0) })
  }

  package func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let path = try AttributePath(finding: attribute)
    guard type.name == "User" else {
      let membership = try Membership.of(type)
      guard path.isSame(as: AttributePath("displayName")) else { return [] }
      return try await resources(of: membership, where: .equals(membership.nameField, value))
    }
    let mapping = try await organization().mapping
    guard let field = mapping.field(at: path) else { return [] }
    // SOQL compares without regard to case, whatever the attribute says.
    let records = try await all(SOQL(mapping.columns, from: "User", where: [.equals(field.name, value)]))
    let filter = Filter.compare(path, .equal, .string(value))
    let catalog = try await capabilities().catalog
    return try await users(records, mapping).filter { filter.matches($0.attributes, type: type, catalog: catalog) }
  }

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    // Salesforce refuses a query for what cannot be an id.
    guard !id.isEmpty, id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
    guard type.name == "User" else {
      return try await resources(of: try Membership.of(type), where: .equals("Id", id)).first
    }
    let mapping = try await organization().mapping
    let records = try await all(SOQL(mapping.columns, from: "User", where: [.equals("Id", id)]))
    return try await users(records, mapping).first
  }

  private func users(_ records: [JSONObject], _ mapping: UserMapping) async throws(EndpointError) -> [Resource] {
    try await naming(records, mapping).map { Resource(mapping.resource($0)) }
  }

  private func batch(
    at position: PagePosition?, _ organization: SalesforceOrganization
  ) async throws(EndpointError) -> QueryBatch {
    switch position {
    case nil, .index(1)?:
      let people: [SOQL.Condition] = organization.tellsUserTypes ? [.equals("UserType", "Standard")] : []
      return try await query(SOQL(organization.mapping.columns, from: "User", where: people))
    case .cursor(let cursor)?: return try await batch(at: cursor)
    case .index?: throw EndpointError(.rejected, "Salesforce is read by cursor")
    }
  }

  // MARK: Queries

  /// All records of a query, batch after batch.
  func all(_ soql: SOQL) async throws(EndpointError) -> [JSONObject] {
    var batch = try await query(soql)
    var records = batch.records
    var seen: Set<String> = []
    while let next = batch.next {
      guard seen.insert(next).inserted else {
        throw EndpointError(.malformed, "the query for \(soql.object) goes in a circle")
      }
      batch = try await self.batch(at: next)
      records += batch.records
    }
    return records
  }

  private func query(_ soql: SOQL) async throws(EndpointError) -> QueryBatch {
    try await batch(at: "\(api)/query" + SCIM2Address.query([("q", soql.text)]))
  }

  private func batch(at target: String) async throws(EndpointError) -> QueryBatch {
    try QueryBatch(try await connection.send(EndpointRequest(.GET, target)).object())
  }
}

extension UserMapping {
  /// The fields that are asked for.
  var columns: [String] { ["Id"] + fields.map(\.name) }

  /// The field that holds the values at a path; nil when there is none that a query can compare.
  func field(at path: AttributePath) -> UserField? {
    fields.first { field in
      guard case .name = field.form else {
        return field.attribute.isSame(as: AttributePath(schema: path.schema, path.attribute))
          && field.part == path.subAttribute
      }
      return false
    }
  }
}
