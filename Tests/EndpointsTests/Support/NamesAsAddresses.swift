import JSON
import SCIM

@testable import Endpoints

/// Makes the plain names of the conformance kit fit for an endpoint where a user name is a mail address and everybody has a
/// given and a family name, and takes the addresses off again.
struct NamesAsAddresses: Endpoint {
  let endpoint: any Endpoint
  let domain: String

  var name: String { endpoint.name }
  var ownUserName: String? { endpoint.ownUserName }

  func capabilities() async throws(EndpointError) -> Capabilities { try await endpoint.capabilities() }
  func close() async { await endpoint.close() }

  func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage {
    var page = try await endpoint.page(of: type, at: position)
    page.resources = page.resources.map(plain)
    // Where the end is certain, what was brought is all there is.
    if page.next == nil, page.endIsCertain { page.totalResults = page.resources.count }
    return page
  }

  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    try await endpoint.resource(id, of: type).map(plain)
  }

  func find(
    _ type: ResourceType, where attribute: String, equals value: String
  ) async throws(EndpointError) -> [Resource] {
    let value = attribute == "userName" ? "\(value)@\(domain)" : value
    return try await endpoint.find(type, where: attribute, equals: value).map(plain)
  }

  func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource {
    plain(try await endpoint.create(addressed(attributes), as: type))
  }

  func update(
    _ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?
  ) async throws(EndpointError) -> Resource? {
    var update = update
    if case .replace(let attributes) = update { update = .replace(addressed(attributes)) }
    return try await endpoint.update(id, of: type, update, version: version).map(plain)
  }

  func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError) {
    try await endpoint.delete(id, of: type, version: version)
  }

  private func addressed(_ attributes: JSONObject) -> JSONObject {
    guard let name = attributes["userName"]?.string else { return attributes }
    var attributes = attributes
    attributes["userName"] = .string("\(name)@\(domain)")
    attributes["name"] = attributes["name"] ?? ["givenName": "Given", "familyName": "Family"]
    return attributes
  }

  private func plain(_ resource: Resource) -> Resource {
    var resource = resource
    if let name = resource.userName, name.hasSuffix("@\(domain)") {
      resource["userName"] = .string(String(name.dropLast(domain.count + 1)))
    }
    return resource
  }
}
