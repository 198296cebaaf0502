/// Work on many things, a few at once.
enum SideBySide {
  /// The results in the order of the items; after a failure nothing new is begun.
  /// - Parameter width: how many at once.
  static func map<Item: Sendable, Value: Sendable>(
    _ items: [Item], width: Int = 8, _ work: @escaping @Sendable (Item) async throws(EndpointError) -> Value
  ) async throws(EndpointError) -> [Value] {
    typealias Answer = (index: Int, value: Result<Value, EndpointError>)
    let answers = await withTaskGroup(of: Answer.self) { group in
      var waiting = items.enumerated().makeIterator()
      var answers: [Answer] = []
      func begin() {
        guard let (index, item) = waiting.next() else { return }
        group.addTask { (index, await result { () throws(EndpointError) in try await work(item) }) }
      }
      for _ in 0..<width { begin() }
      var hasFailed = false
      while let answer = await group.next() {
        answers.append(answer)
        if case .failure = answer.value { hasFailed = true }
        if !hasFailed { begin() }
      }
      return answers
    }
    var values: [Value] = []
    for answer in answers.sorted(by: { $0.index < $1.index }) { values.append(try answer.value.get()) }
    return values
  }

  /// What became of some work.
  static func result<Value>(
    _ work: () async throws(EndpointError) -> Value
  ) async -> Result<Value, EndpointError> {
    do throws(EndpointError) {
      return .success(try await work())
    } catch {
      return .failure(error)
    }
  }
}
