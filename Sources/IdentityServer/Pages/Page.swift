import Foundation
import HTTPTypes
import HummingbirdCore
import Mustache
import NIOCore
import SCIM

/// A page for a browser.
struct Page: Sendable {
  /// The name of its template.
  let template: String
  var title: String
  var status: HTTPResponse.Status
  var content: [String: PageContent]
  /// Whether its forms lead on to places that are known only then: an application, or an identity provider and what it
  /// leads on to. Browsers hold redirects against `form-action` too, so such a page cannot have one.
  var formsLeadAway: Bool
  /// Whether it runs our script, which does nothing that the page needs.
  var runsScript = false

  init(
    _ template: String, title: String, status: HTTPResponse.Status = .ok, formsLeadAway: Bool = false,
    _ content: [String: PageContent?] = [:]
  ) {
    self.template = template
    self.title = title
    self.status = status
    self.content = content.compactMapValues { $0 }
    self.formsLeadAway = formsLeadAway
  }

  /// A page that only tells something.
  static func notice(
    _ title: String, _ texts: String..., status: HTTPResponse.Status = .ok,
    link: (label: String, address: String)? = nil
  ) -> Page {
    Page(
      "notice", title: title, status: status,
      [
        "texts": .list(texts.map { ["text": .text($0)] }),
        "link": link.map { .object(["label": .text($0.label), "address": .text($0.address)]) },
      ])
  }

  /// - Parameter cookies: as `Set-Cookie` has them.
  func response(settingCookies cookies: [String] = []) -> Response {
    var values = content.mapValues(\.rendered)
    values["title"] = PageContent.text(title).rendered
    guard let text = PageTemplates.library.render(values, withTemplate: template) else {
      preconditionFailure("there is no template \(template)")
    }
    var headers = self.headers
    for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Nothing is loaded but what is our own, nothing else runs, nobody frames the page, and nobody keeps it.
  private var headers: HTTPFields {
    let formAction = formsLeadAway ? "" : " form-action 'self';"
    let script = runsScript ? " script-src 'self'; connect-src 'self';" : ""
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
      .contentSecurityPolicy:
        "default-src 'none'; style-src 'self'; img-src 'self';\(script)\(formAction) base-uri 'none'; frame-ancestors 'none'",
      .xContentTypeOptions: "nosniff",
    ]
    if let frames = HTTPField.Name("X-Frame-Options") { headers[frames] = "DENY" }
    if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "same-origin" }
    return headers
  }
}

extension Response {
  /// Sends the browser on, as a fresh GET.
  static func seeOther(_ location: String, settingCookies cookies: [String] = []) -> Response {
    var headers: HTTPFields = [.location: location, .cacheControl: "no-store"]
    if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "no-referrer" }
    for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
    return Response(status: .seeOther, headers: headers)
  }

  /// What every service refuses, for people.
  static func page(_ refusal: Refusal) -> Response {
    let title =
      switch refusal.error.status {
      case 404: "Not found"
      case 429: "Too many attempts"
      case 500...: "Something went wrong"
      default: "This does not work"
      }
    var response = Page.notice(
      title, refusal.error.detail, status: HTTPResponse.Status(code: refusal.error.status)
    ).response()
    for field in refusal.headers where field.name != .wwwAuthenticate { response.headers.append(field) }
    return response
  }
}
