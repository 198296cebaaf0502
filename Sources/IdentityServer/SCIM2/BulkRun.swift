import JSON
import LocalDirectory
import SCIM

/// Carries out one bulk request (RFC 7644 section 3.7): its operations one after the other, each in a transaction of its
/// own, in their order but for those that must wait for what they refer to.
struct BulkRun {
  private let request: BulkRequest
  private let worker: BulkWorker
  private var plan: BulkPlan
  private var results: [BulkResponse.Operation?]
  private var errors = 0

  init(_ request: BulkRequest, _ worker: BulkWorker) {
    self.request = request
    self.worker = worker
    plan = BulkPlan(request.operations)
    results = Array(repeating: nil, count: request.operations.count)
  }

  /// The results of what was carried out, in the order of the request.
  mutating func run() async -> BulkResponse {
    while !isOver, let step = plan.next(where: worker.isPostponable) {
      switch step {
      case .perform(let index): await perform(index, without: [])
      case .performInPart(let index, let names): await perform(index, without: names)
      case .refuse(let index):
        settle(index, worker.failure(request.operations[index], .circular))
      }
      await complete()
    }
    plan.giveUp()
    await complete()
    return BulkResponse(operations: results.compactMap(\.self))
  }

  /// Whether the client wants no more after so many errors; that it accepts none at all is taken for no limit.
  private var isOver: Bool { request.failOnErrors.map { $0 > 0 && errors >= $0 } ?? false }

  private mutating func perform(_ index: Int, without names: Set<String>) async {
    let operation = request.operations[index]
    if let missing = plan.missing(index) {
      return settle(index, worker.failure(operation, .unresolved(missing)))
    }
    let resolved = plan.resolved(operation, without: names)
    let (result, id) = await worker.perform(resolved, as: operation)
    settle(index, result, id: id, postponing: names)
  }

  private mutating func settle(
    _ index: Int, _ result: BulkResponse.Operation, id: String? = nil, postponing names: Set<String> = []
  ) {
    results[index] = result
    if result.status >= 400 { errors += 1 }
    plan.settle(index, id: id, postponing: names)
  }

  /// Writes the references that had to wait for the other half of a circle. Where that fails, the resource goes again:
  /// half of it was not asked for.
  private mutating func complete() async {
    while let (index, id) = plan.nextCompletion() {
      let operation = request.operations[index]
      let missing = plan.missing(index)
      let result =
        if let missing { worker.failure(operation, .unresolved(missing)) } else {
          await worker.complete(plan.resolved(operation, without: []), id: id, as: operation)
        }
      results[index] = result
      guard result.status >= 400 else { continue }
      errors += 1
      plan.fail(index)
      await worker.withdraw(operation, id: id)
    }
  }
}
