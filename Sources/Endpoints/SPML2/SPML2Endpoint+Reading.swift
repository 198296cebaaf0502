import JSON
import SCIM
import XML

extension SPML2Endpoint {
  /// How many users are asked about side by side.
  private static let questionsAtOnce = 8

  package func resource(_ id: String, of type: ResourceType) async throws(EndpointError) -> Resource? {
    let view = try await view()
    let kind = try view.kind(type)
    do throws(EndpointError) {
      return try await resources([try await lookUp(PSOIdentifier(text: id), view)], kind, view).first
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }

  /// The objects as resources, with whether they are active: no attribute tells that where the target can suspend, so each
  /// is asked about. One that is gone by now is left out.
  func resources(
    _ objects: [SPMLObject], _ kind: SPMLView.Kind, _ view: SPMLView
  ) async throws(EndpointError) -> [Resource] {
    var resources = objects.map { kind.mapping.resource($0.id, $0.attributes) }
    guard kind.canSuspend else { return resources }
    let states = try await states(of: objects.map(\.id), view)
    for index in resources.indices { resources[index]["active"] = states[index].map(JSONValue.bool) }
    return resources.indices.filter { states[$0] != nil }.map { resources[$0] }
  }

  /// What an object holds.
  /// - Throws: `notFound` when there is none.
  func lookUp(_ id: PSOIdentifier, _ view: SPMLView) async throws(EndpointError) -> SPMLObject {
    let request = SPMLRequest(
      "lookupRequest", SPMLNamespace.core, id: dialogue.nextID(), effect: .read, [("returnData", "data")]
    ) { id.write(as: "spml:psoID", target: view.target.id, to: &$0) }
    guard let object = try await dialogue.ask(request)["pso"].flatMap({ SPMLObject($0) }) else {
      throw EndpointError(.malformed, "the provider answered a lookup without the object")
    }
    return object
  }

  /// Whether a user is active (SPML 2.0 section 3.6.8.3).
  func isActive(_ id: PSOIdentifier, _ view: SPMLView) async throws(EndpointError) -> Bool {
    let request = SPMLRequest(
      "activeRequest", SPMLNamespace.suspend, [SPMLNamespace.core], id: dialogue.nextID(), effect: .read
    ) {
      id.write(as: "suspend:psoID", target: view.target.id, to: &$0)
    }
    guard let answer = try await dialogue.ask(request).attribute("active") else {
      throw EndpointError(.malformed, "the provider does not say whether a user is active")
    }
    return DSMLMapping.isTrue(answer)
  }

  /// Whether each of the users is active, in their order; nil for one that is gone.
  private func states(of ids: [PSOIdentifier], _ view: SPMLView) async throws(EndpointError) -> [Bool?] {
    typealias Answer = (index: Int, state: Result<Bool?, EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      var waiting = ids.enumerated().makeIterator()
      var answers: [Answer] = []
      func askNext() {
        guard let (index, id) = waiting.next() else { return }
        group.addTask { (index, await self.state(of: id, view)) }
      }
      for _ in 0..<Self.questionsAtOnce { askNext() }
      while let answer = await group.next() {
        answers.append(answer)
        if case .failure = answer.state { return [answer] }
        askNext()
      }
      return answers
    }
    var states = [Bool?](repeating: nil, count: ids.count)
    for answer in answers { states[answer.index] = try answer.state.get() }
    return states
  }

  private func state(of id: PSOIdentifier, _ view: SPMLView) async -> Result<Bool?, EndpointError> {
    do throws(EndpointError) {
      return .success(try await isActive(id, view))
    } catch {
      return error.kind == .notFound ? .success(nil) : .failure(error)
    }
  }
}
