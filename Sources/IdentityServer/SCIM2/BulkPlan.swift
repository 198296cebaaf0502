import JSON
import SCIM

/// Which operation of a bulk request is next, by what refers to what (RFC 7644 sections 3.7.1 and 3.7.2).
struct BulkPlan {
  enum Step {
    case perform(Int)
    /// Without these attributes, which name what does not exist yet and follow later.
    case performInPart(Int, Set<String>)
    /// It refers to something that refers to it, and neither can be first.
    case refuse(Int)
  }

  private let operations: [BulkOperation]
  private let references: [Set<String>]
  /// Which operation creates what.
  private let creators: [String: Int]
  private var pending: [Int]
  private var incomplete: [(index: Int, id: String)] = []
  /// By bulkId; nil for what could not be created.
  private var ids: [String: String?] = [:]

  init(_ operations: [BulkOperation]) {
    self.operations = operations
    references = operations.map(Self.references)
    creators = Dictionary(
      operations.enumerated().compactMap { index, operation in
        operation.method == .post ? operation.bulkId.map { ($0, index) } : nil
      }, uniquingKeysWith: { first, _ in first })
    pending = Array(operations.indices)
  }

  /// Takes the first operation that can be carried out, or that must be all the same.
  /// - Parameter postponable: whether an attribute of the resource that an operation creates may be written later.
  mutating func next(where postponable: (BulkOperation, String) -> Bool) -> Step? {
    guard !pending.isEmpty else { return nil }
    if let place = pending.firstIndex(where: { waiting(for: $0).isEmpty }) {
      return .perform(pending.remove(at: place))
    }
    for (place, index) in pending.enumerated() where operations[index].method == .post {
      let names = attributes(of: operations[index], naming: waiting(for: index))
      guard names.allSatisfy({ postponable(operations[index], $0) }) else { continue }
      pending.remove(at: place)
      return .performInPart(index, names)
    }
    return .refuse(pending.removeFirst())
  }

  /// Remembers what became of an operation.
  /// - Parameter id: of the resource that it created.
  mutating func settle(_ index: Int, id: String?, postponing names: Set<String>) {
    if let bulkId = operations[index].bulkId, creators[bulkId] == index { ids.updateValue(id, forKey: bulkId) }
    if let id, !names.isEmpty { incomplete.append((index, id)) }
  }

  /// What was created is gone again.
  mutating func fail(_ index: Int) {
    if let bulkId = operations[index].bulkId { ids.updateValue(nil, forKey: bulkId) }
  }

  /// Nothing more will be created.
  mutating func giveUp() {
    for index in pending { fail(index) }
    pending = []
  }

  /// Takes a resource whose remaining references are known by now, or known not to be.
  mutating func nextCompletion() -> (index: Int, id: String)? {
    guard let place = incomplete.firstIndex(where: { waiting(for: $0.index).isEmpty }) else { return nil }
    return incomplete.remove(at: place)
  }

  /// A bulkId that the operation refers to although nothing was created under it.
  func missing(_ index: Int) -> String? {
    references[index].sorted().first { creators[$0] == nil || ids[$0] == .some(nil) }
  }

  /// The operation with ids in place of the references, and without these attributes.
  func resolved(_ operation: BulkOperation, without names: Set<String>) -> BulkOperation {
    let known = ids.compactMapValues(\.self)
    var operation = operation
    operation.path = operation.path.split(separator: "/", omittingEmptySubsequences: false)
      .map { part in BulkReferences.bulkId(String(part)).flatMap { known[$0] } ?? String(part) }
      .joined(separator: "/")
    guard var data = operation.data else { return operation }
    for name in names { data[name] = nil }
    operation.data = BulkReferences.resolved(.object(data), known).object
    return operation
  }

  private func waiting(for index: Int) -> Set<String> {
    references[index].filter { creators[$0] != nil && ids[$0] == nil }
  }

  /// The attributes that name any of these.
  private func attributes(of operation: BulkOperation, naming bulkIds: Set<String>) -> Set<String> {
    Set(
      (operation.data ?? [:]).members.lazy.filter { member in
        !BulkReferences.named(in: .object([member.key: member.value])).isDisjoint(with: bulkIds)
      }.map(\.key))
  }

  private static func references(_ operation: BulkOperation) -> Set<String> {
    let inPath = operation.path.split(separator: "/").compactMap { BulkReferences.bulkId(String($0)) }
    return (operation.data.map { BulkReferences.named(in: .object($0)) } ?? []).union(inPath)
  }
}
