import JSON
import SCIM

extension SCIM1Endpoint {
  /// How many resources are read side by side.
  private static let readsAtOnce = 8

  /// The resources with all that they hold. WSO2 Identity Server lists ids and names only; then each is read by itself,
  /// and one that is gone by now is left out.
  func whole(_ resources: [Resource], of type: ResourceType) async throws(EndpointError) -> [Resource] {
    guard !resources.isEmpty, resources.allSatisfy({ $0.isBrief(type) }) else { return resources }
    typealias Answer = (index: Int, resource: Result<Resource, EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      var waiting = resources.enumerated().makeIterator()
      var answers: [Answer] = []
      func readNext() {
        guard let (index, resource) = waiting.next() else { return }
        group.addTask { (index, await self.result(of: resource.id, of: type)) }
      }
      for _ in 0..<Self.readsAtOnce { readNext() }
      while let answer = await group.next() {
        answers.append(answer)
        if case .failure(let error) = answer.resource, error.kind != .notFound { return [answer] }
        readNext()
      }
      return answers
    }
    var whole: [Resource] = []
    for answer in answers.sorted(by: { $0.index < $1.index }) {
      do throws(EndpointError) {
        whole.append(try answer.resource.get())
      } catch {
        guard error.kind == .notFound else { throw error }
      }
    }
    return whole
  }

  private func result(of id: String, of type: ResourceType) async -> Result<Resource, EndpointError> {
    do throws(EndpointError) {
      return .success(try await read(id, of: type))
    } catch {
      return .failure(error)
    }
  }
}

extension Resource {
  /// Whether it tells no more than its id and its name.
  fileprivate func isBrief(_ type: ResourceType) -> Bool {
    attributes.members.allSatisfy { ["schemas", "id", "meta", type.namingAttribute].contains($0.key) }
  }
}
