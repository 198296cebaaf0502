import NIOCore

/// What a connection is waiting for its client to do, and until when.
struct ConnectionDeadlines {
  enum Expired: Hashable {
    /// A body has not arrived.
    case body
    /// An answer has not been read.
    case answer
  }

  private let bodyTimeout: TimeAmount
  private let answerTimeout: TimeAmount
  private var body: NIODeadline?
  private var answer: NIODeadline?
  private var unread = 0
  private(set) var requestsInProgress = 0

  init(_ limits: ConnectionLimits) {
    bodyTimeout = TimeAmount(limits.bodyTimeout)
    answerTimeout = TimeAmount(limits.answerTimeout)
  }

  /// The next of the deadlines; nil when the client owes nothing.
  var next: NIODeadline? { [body, answer].compactMap(\.self).min() }

  mutating func headerRead(at now: NIODeadline) {
    requestsInProgress += 1
    body = now + bodyTimeout
  }

  mutating func bodyRead() { body = nil }

  /// The last part of an answer is on its way to the client.
  mutating func answerWritten(at now: NIODeadline) {
    requestsInProgress -= 1
    unread += 1
    answer = answer ?? now + answerTimeout
  }

  /// The beginning of an answer is on its way.
  mutating func answerBegun(at now: NIODeadline) { answer = answer ?? now + answerTimeout }

  /// The client's side has taken an answer whole.
  mutating func answerRead(at now: NIODeadline) {
    unread -= 1
    answer = unread == 0 ? nil : now + answerTimeout
  }

  /// What is overdue; it is then no longer waited for.
  mutating func expired(at now: NIODeadline) -> Expired? {
    if let deadline = answer, deadline <= now {
      answer = nil
      return .answer
    }
    if let deadline = body, deadline <= now {
      body = nil
      return .body
    }
    return nil
  }
}
