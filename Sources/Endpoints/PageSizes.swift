import Synchronization

/// How many resources to ask for at once, learned per resource type.
///
/// Per type, because the pages of one cursor walk must all ask for the same count (RFC 9865 section 2.1).
final class PageSizes: Sendable {
  /// Below this a refusal is not about the count.
  private static let smallest = 10

  private let preferred: Int
  private let learned = Mutex<[String: Int]>([:])

  init(preferred: Int) { self.preferred = max(preferred, 1) }

  /// - Parameter most: what the endpoint declares as its limit.
  func size(for type: String, most: Int?) -> Int {
    learned.withLock { $0[type] } ?? min(preferred, most ?? preferred)
  }

  func remember(_ size: Int, for type: String) { learned.withLock { $0[type] = size } }

  /// The next size to try when this one was refused; nil when it is not the size that is wrong.
  static func smaller(than size: Int) -> Int? { size > smallest ? max(size / 2, smallest) : nil }
}
