import HTTPTypes
import Synchronization

/// What goes wrong at the test server, request by request.
final class FaultPlan: Sendable {
  enum Fault: Sendable {
    /// Answers this instead of doing what was asked.
    case refuse(Int, headers: [String: String] = [:], body: String = "")
    /// Does what was asked, and answers this all the same.
    case obeyThenAnswer(Int)
    /// Ends the connection in the middle of an answer, without doing what was asked.
    case drop
    /// Does what was asked, and ends the connection in the middle of the answer.
    case obeyThenDrop
  }

  private struct State {
    var faults: [(method: HTTPRequest.Method, fault: Fault)] = []
    var requests: [String] = []
    var headers: [HTTPFields] = []
  }

  private let state = Mutex(State())

  /// The next requests of this method meet these faults, one each.
  func queue(_ method: HTTPRequest.Method, _ faults: Fault...) {
    state.withLock { $0.faults += faults.map { (method, $0) } }
  }

  /// `GET /Users?count=10`, in the order of arrival.
  var requests: [String] { state.withLock { $0.requests } }
  /// The header fields of each request.
  var headers: [HTTPFields] { state.withLock { $0.headers } }

  func requests(_ method: HTTPRequest.Method) -> [String] { requests.filter { $0.hasPrefix(method.rawValue + " ") } }

  /// Notes a request and answers what goes wrong with it.
  func take(_ request: HTTPRequest) -> Fault? {
    state.withLock { state in
      state.requests.append("\(request.method.rawValue) \(request.path ?? "")")
      state.headers.append(request.headerFields)
      let index = state.faults.firstIndex { $0.method == request.method }
      return index.map { state.faults.remove(at: $0).fault }
    }
  }
}
