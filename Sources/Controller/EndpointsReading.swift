import Endpoints
import Reconciliation
import SCIM

/// Reads the endpoints of a pass side by side.
struct EndpointsReading: Sendable {
  let endpoints: [any Endpoint]
  let observer: Observer

  /// - Parameters:
  ///   - kinds: what to list of an endpoint; nil for all that it has.
  ///   - interests: which of the resources of an endpoint are wanted whole.
  /// - Returns: what was seen at the endpoints that could be read, and why the others could not, both by name.
  func observations(
    of kinds: @escaping @Sendable (_ endpoint: String) -> Set<String>?,
    interests: @escaping @Sendable (_ endpoint: String, Capabilities) -> [String: ListingInterest] = { _, _ in [:] }
  ) async -> (observations: [Observation], unreachable: [Reconciler.Unreachable]) {
    let answers = await withTaskGroup(of: Answer.self) { group in
      for endpoint in endpoints {
        group.addTask {
          await observation(of: endpoint, kinds: kinds(endpoint.name)) { interests(endpoint.name, $0) }
        }
      }
      return await group.reduce(into: [Answer]()) { $0.append($1) }
    }
    var observations: [Observation] = []
    var unreachable: [Reconciler.Unreachable] = []
    for answer in answers {
      switch answer {
      case .seen(let observation): observations.append(observation)
      case .unreachable(let failure): unreachable.append(failure)
      }
    }
    return (observations.sorted { $0.endpoint < $1.endpoint }, unreachable.sorted { $0.endpoint < $1.endpoint })
  }

  private enum Answer: Sendable {
    case seen(Observation)
    case unreachable(Reconciler.Unreachable)
  }

  private func observation(
    of endpoint: any Endpoint, kinds: Set<String>?, interests: (Capabilities) -> [String: ListingInterest]
  ) async -> Answer {
    do throws(EndpointError) {
      return .seen(try await observer.observe(endpoint, kinds: kinds, interests: interests))
    } catch {
      return .unreachable(Reconciler.Unreachable(endpoint: endpoint.name, error: error))
    }
  }
}
