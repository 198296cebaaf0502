import JSON
import Reconciliation
import SCIM

/// A place holding resources that we read and write: the one port that every driver implements.
///
/// A driver retries what is safe to retry, keeps to the endpoint's limits and tells the truth about what it could not
/// find out. Every call may be made from many tasks at once.
package protocol Endpoint: Sendable {
  /// The name in the manifests.
  var name: String { get }
  /// The user whose credentials we use there, as far as the driver knows it.
  var ownUserName: String? { get }

  /// What the endpoint can do and hold. Asked once a pass; at most three requests.
  func capabilities() async throws(EndpointError) -> Capabilities

  /// One page of all resources of a type; `nil` asks for the first.
  func page(of type: ResourceType, at position: PagePosition?) async throws(EndpointError) -> ResourcePage

  /// The same for an endpoint whose listings bring resources in part (``Capabilities/listedAttributes``): the rest is read
  /// of those alone that are wanted.
  func page(
    of type: ResourceType, at position: PagePosition?, interest: ListingInterest
  ) async throws(EndpointError) -> ResourcePage

  /// The resource with this id; nil when there is none.
  func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource?

  /// The resources whose attribute equals the value: to find out what a create ran into. Empty is not proof of absence.
  func find(_ type: ResourceType, where attribute: String, equals value: String)
    async throws(EndpointError) -> [Resource]

  /// Creates a resource and answers what the endpoint made of it.
  func create(_ attributes: JSONObject, as type: ResourceType) async throws(EndpointError) -> Resource

  /// Changes a resource; `version` is the precondition where the endpoint supports one.
  /// - Returns: the resource as it is now; nil when the endpoint answers without a body.
  func update(_ id: String, of type: ResourceType, _ update: ResourceUpdate, version: String?)
    async throws(EndpointError) -> Resource?

  /// Deletes a resource; one that is gone already is no error.
  func delete(_ id: String, of type: ResourceType, version: String?) async throws(EndpointError)

  /// Lets go of connections; no call may follow.
  func close() async
}

extension Endpoint {
  /// For an endpoint that lists resources whole.
  package func page(
    of type: ResourceType, at position: PagePosition?, interest: ListingInterest
  ) async throws(EndpointError) -> ResourcePage { try await page(of: type, at: position) }

  /// For an endpoint that cannot be asked for one resource: looks through all of the type.
  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    var position: PagePosition?
    repeat {
      let page = try await page(of: type, at: position)
      if let found = page.resources.first(where: { $0.id == id }) { return found }
      position = page.next
    } while position != nil
    return nil
  }
}

/// How a resource is changed.
package enum ResourceUpdate: Hashable, Sendable {
  case patch([PatchOperation])
  case replace(JSONObject)
}

/// Where a page begins.
package enum PagePosition: Hashable, Sendable {
  /// Counted from 1 (RFC 7644 section 3.4.2.4).
  case index(Int)
  /// RFC 9865.
  case cursor(String)
}

/// One page of a listing.
package struct ResourcePage: Sendable {
  package var resources: [Resource]
  /// nil when the endpoint does not say.
  package var totalResults: Int?
  /// Where the next page begins; nil after the last.
  package var next: PagePosition?
  /// Whether the protocol has it that a page without a next one is the last, so that a listing is known to be whole
  /// without any total.
  package var endIsCertain: Bool

  package init(
    resources: [Resource], totalResults: Int?, next: PagePosition?, endIsCertain: Bool = false
  ) {
    self.resources = resources
    self.totalResults = totalResults
    self.next = next
    self.endIsCertain = endIsCertain
  }
}
