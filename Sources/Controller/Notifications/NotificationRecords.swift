import JSON
import Reconciliation

/// What was told over each channel, in the state store, so that all controllers tell each thing once.
///
/// While the store is out of reach this controller goes on by what it knew last, for that is something to tell, too; what
/// it told meanwhile is added to the store's memory afterwards.
struct NotificationRecords {
  private let storage: any ConvergenceRecords
  private var latest: [String: NotificationMemory] = [:]
  /// Whose memory is ahead of the store's.
  private var apart: Set<String> = []

  init(_ storage: any ConvergenceRecords) { self.storage = storage }

  /// Takes a step of the policy for a channel, alone among all controllers.
  /// - Parameter failed: told why the store cannot be used.
  mutating func step<Answer: Sendable>(
    _ declaration: NotificationDeclaration, failed: (any Error) -> Void,
    _ step: @escaping @Sendable (inout NotificationPolicy) -> Answer
  ) async -> Answer {
    let name = declaration.name
    do {
      let (answer, memory) = try await stored(declaration, step)
      latest[name] = memory
      apart.remove(name)
      return answer
    } catch {
      failed(error)
      var policy = NotificationPolicy(declaration, latest[name] ?? NotificationMemory())
      let answer = step(&policy)
      latest[name] = policy.memory
      apart.insert(name)
      return answer
    }
  }

  private func stored<Answer: Sendable>(
    _ declaration: NotificationDeclaration, _ step: @escaping @Sendable (inout NotificationPolicy) -> Answer
  ) async throws -> (Answer, NotificationMemory) {
    let name = declaration.name
    let ours = apart.contains(name) ? latest[name] : nil
    let take: @Sendable (NotificationMemory) -> (answer: Answer, memory: NotificationMemory) = { memory in
      var memory = memory
      if let ours { memory.add(ours) }
      var policy = NotificationPolicy(declaration, memory)
      let answer = step(&policy)
      return (answer, policy.memory)
    }
    // Most looks have nothing new, and a store that is only read keeps nobody waiting.
    let before = try NotificationMemory(document: try await storage.notification(named: name))
    let outlook = take(before)
    if outlook.memory == before { return outlook }
    return try await storage.changeNotification(named: name) { document in
      let result = take(try NotificationMemory(document: document))
      document = result.memory.json
      return result
    }
  }
}

extension NotificationMemory {
  fileprivate init(document: JSONObject?) throws(PlanFormatError) {
    self = if let document { try NotificationMemory(json: document) } else { NotificationMemory() }
  }
}
