import AsyncHTTPClient
import Foundation
import NIOHTTP1
import OpenID

/// A browser as far as the server can tell: keeps cookies, and sends forms as they stand on a page.
final class TestBrowser {
  /// Shows every redirect instead of following it.
  private static let client = HTTPClient(
    eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))

  private let server: ServerFixture
  var cookies: [String: String] = [:]

  init(_ server: ServerFixture) {
    var server = server
    server.client = Self.client
    self.server = server
  }

  /// - Parameter location: a path of the server, or an address of it.
  func get(_ location: String) async throws -> Answer { try await send(.GET, location) }

  func post(_ location: String, _ fields: [String: String]) async throws -> Answer {
    try await send(
      .POST, location, bytes: Array(FormEncoding.encoded(fields).utf8),
      headers: ["Content-Type": "application/x-www-form-urlencoded"])
  }

  /// Goes where the answer sends it, as long as that is on the server.
  func follow(_ answer: Answer) async throws -> Answer {
    var answer = answer
    for _ in 1...10 {
      guard let location = answer.header("Location"), location.hasPrefix("/") || location.hasPrefix(server.origin)
      else { return answer }
      answer = try await get(location)
    }
    return answer
  }

  /// Goes to a path, signs in on the page that it leads to, and goes where that leads.
  func signIn(at location: String, _ userName: String = "ann", _ password: String = "secret") async throws -> Answer {
    let page = try await follow(try await get(location))
    return try await follow(try await submit(page, ["username": userName, "password": password], to: "/login"))
  }

  /// Sends the form of a page, its hidden fields as they are.
  func submit(_ page: Answer, _ fields: [String: String], to path: String) async throws -> Answer {
    try await post(path, page.hiddenFields.merging(fields) { _, mine in mine })
  }

  private func send(
    _ method: HTTPMethod, _ location: String, bytes: [UInt8]? = nil, headers: [String: String] = [:]
  ) async throws -> Answer {
    var headers = headers
    let url = location.hasPrefix("/") ? server.origin + location : location
    if !cookies.isEmpty {
      headers["Cookie"] = cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
    }
    let answer = try await server.send(method, url: url, bytes: bytes, headers: headers)
    for cookie in answer.headers["Set-Cookie"] {
      let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let isGone = cookie.contains("Max-Age=0")
      cookies[String(pair[0])] = isGone ? nil : String(pair[1])
    }
    return answer
  }
}

extension Answer {
  /// The hidden fields of a page's first form, by name.
  var hiddenFields: [String: String] {
    let form = text.components(separatedBy: "</form>").first ?? ""
    let fields = form.components(separatedBy: "<input type=\"hidden\" ").dropFirst().compactMap {
      part -> (String, String)? in
      guard let name = part.attribute("name"), let value = part.attribute("value") else { return nil }
      return (name, value)
    }
    return Dictionary(fields, uniquingKeysWith: { first, _ in first })
  }

  /// The parameters of the address that the answer sends the browser to.
  var redirected: [String: String] {
    let items = header("Location").flatMap { URLComponents(string: $0) }?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { first, _ in first })
  }
}

extension String {
  fileprivate func attribute(_ name: String) -> String? {
    guard let start = range(of: "\(name)=\"")?.upperBound, let end = self[start...].firstIndex(of: "\"") else {
      return nil
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    return entities.reduce(String(self[start..<end])) { $0.replacing($1.0, with: $1.1) }
  }
}
