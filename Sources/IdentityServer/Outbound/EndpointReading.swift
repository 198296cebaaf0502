import Endpoints
import LocalDirectory
import Reconciliation
import SCIM

/// Finds at an endpoint what a connector is to compare with.
struct EndpointReading {
  /// How many resources are looked for side by side.
  private static let readsAtOnce = 8

  let endpoint: any Endpoint
  let declaration: EndpointDeclaration
  let capabilities: Capabilities

  /// What is there of some resources.
  /// - Throws: the first error; nothing is known then.
  func find(_ work: ProvisioningWork) async throws(EndpointError) -> [String: [Resource]] {
    typealias Answer = (kind: String, found: Result<[Resource], EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      var waiting = work.targets.sorted().makeIterator()
      var answers: [Answer] = []
      func readNext() {
        guard let key = waiting.next() else { return }
        let (desired, link) = (work.desired[key], work.links[key])
        group.addTask { (key.kind, await self.result(key, desired, link)) }
      }
      for _ in 0..<Self.readsAtOnce { readNext() }
      while let answer = await group.next() {
        answers.append(answer)
        if case .failure = answer.found { return [answer] }
        readNext()
      }
      return answers
    }
    var found: [String: [Resource]] = [:]
    for answer in answers { found[answer.kind, default: []] += try answer.found.get() }
    return found
  }

  private func result(
    _ key: ResourceKey, _ desired: DesiredResource?, _ link: ProvisioningLink?
  ) async -> Result<[Resource], EndpointError> {
    do throws(EndpointError) {
      return .success(try await find(key, desired, link))
    } catch {
      return .failure(error)
    }
  }

  /// By the id that is remembered; where nothing is, or nothing is there any more, by what the resource is called.
  private func find(
    _ key: ResourceKey, _ desired: DesiredResource?, _ link: ProvisioningLink?
  ) async throws(EndpointError) -> [Resource] {
    guard let type = capabilities.catalog.resourceType(key.kind) else { return [] }
    if let link, let known = try await endpoint.resource(link.remoteID, of: type) { return [known] }
    guard let desired, let identity = EndpointIdentity(of: desired, at: declaration, capabilities) else { return [] }
    for tie in identity.ties {
      let found = try await endpoint.find(type, where: tie.attribute, equals: tie.value)
      if !found.isEmpty { return found }
    }
    return []
  }

  /// All that is there of some kinds.
  /// - Parameter interests: by kind, which resources are to be read whole.
  func list(
    _ kinds: [String], _ interests: [String: ListingInterest]
  ) async throws(EndpointError) -> [String: Observation.Listing] {
    var listings: [String: Observation.Listing] = [:]
    for type in kinds.compactMap(capabilities.catalog.resourceType) {
      var walk = ListingWalk()
      let interest = interests[type.name] ?? .all
      while walk.take(try await endpoint.page(of: type, at: walk.position, interest: interest)) {}
      listings[type.name] = walk.listing()
    }
    return listings
  }
}
