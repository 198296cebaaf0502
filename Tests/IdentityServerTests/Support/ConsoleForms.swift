import Foundation

@testable import IdentityServer

extension TestBrowser {
  /// A browser in which somebody has signed in at the console.
  static func atConsole(_ server: ServerFixture, _ userName: String = "admin", _ password: String = "admin")
    async throws -> TestBrowser
  {
    let browser = TestBrowser(server)
    _ = try await browser.signIn(at: "/console", userName, password)
    return browser
  }

  /// Opens a page, changes fields of its form, and sends it.
  /// - Parameters:
  ///   - changes: nil takes a field away, as an unchecked box.
  ///   - action: where the form is sent, when that is not the page itself.
  func fill(_ path: String, _ changes: [String: String?], action: String? = nil) async throws -> Answer {
    try await send(try await get(path), changes, to: action ?? path)
  }

  /// Sends the form of a page with some fields changed.
  func send(_ page: Answer, _ changes: [String: String?] = [:], to action: String) async throws -> Answer {
    var fields = page.form(action)
    for (name, value) in changes { fields[name] = value }
    return try await post(action, fields)
  }
}

extension Answer {
  /// The fields of the form that is sent to a path, as a browser sends them untouched.
  func form(_ action: String) -> [String: String] {
    let forms = text.components(separatedBy: "<form ").dropFirst()
    let form = forms.first { $0.prefix { $0 != ">" }.contains("action=\"\(action)\"") } ?? ""
    let body = form.components(separatedBy: "</form>").first ?? ""
    var fields: [String: String] = [:]
    for part in body.components(separatedBy: "<input ").dropFirst() {
      let tag = String(part.prefix { $0 != ">" })
      guard let name = tag.attributeValue("name") else { continue }
      if tag.contains("type=\"checkbox\""), !tag.contains(" checked") { continue }
      fields[name] = tag.attributeValue("value") ?? ""
    }
    for part in body.components(separatedBy: "<textarea ").dropFirst() {
      let pieces = (part.components(separatedBy: "</textarea>").first ?? "").split(separator: ">", maxSplits: 1)
      guard pieces.count == 2, let name = String(pieces[0]).attributeValue("name") else { continue }
      fields[name] = String(pieces[1].drop { $0 == "\n" }).unescapedHTML
    }
    for part in body.components(separatedBy: "<select ").dropFirst() {
      let select = part.components(separatedBy: "</select>").first ?? ""
      guard let name = select.attributeValue("name") else { continue }
      let chosen = select.components(separatedBy: "<option ").dropFirst().first { $0.contains(" selected") }
      fields[name] = chosen?.attributeValue("value") ?? ""
    }
    return fields
  }
}

extension String {
  fileprivate func attributeValue(_ name: String) -> String? {
    guard let start = range(of: "\(name)=\"")?.upperBound, let end = self[start...].firstIndex(of: "\"") else {
      return nil
    }
    return String(self[start..<end]).unescapedHTML
  }

  fileprivate var unescapedHTML: String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    // Scalar by scalar: a mark that follows makes one character of both.
    return entities.reduce(self) { $0.replacingOccurrences(of: $1.0, with: $1.1, options: .literal) }
  }
}
