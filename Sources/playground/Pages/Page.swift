import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import OpenID
import XML

/// A page for a browser. Whatever it shows is escaped when it is rendered, and nothing else reaches the templates.
struct Page {
  let template: String
  let title: String
  var status = HTTPResponse.Status.ok
  var texts: [String: String] = [:]
  var tables: [String: [[String: String]]] = [:]

  /// A page that only tells something.
  static func notice(_ title: String, _ text: String, status: HTTPResponse.Status = .ok) -> Page {
    Page(template: "notice", title: title, status: status, texts: ["text": text])
  }

  static let wrongMethod = notice("This does not work", "Begin at the form.", status: .methodNotAllowed)

  /// For a browser that brings what it was not given, or not lately.
  static func stale(_ text: String) -> Page {
    Page(template: "failure", title: "This page was too old", status: .badRequest, texts: ["text": text])
  }

  static func failure(_ error: FederationError) -> Page {
    let (title, status): (String, HTTPResponse.Status) =
      switch error.kind {
      case .denied: ("The provider refuses", .forbidden)
      case .untrustworthy: ("The provider's answer cannot be trusted", .badGateway)
      case .unavailable: ("The provider does not answer as it should", .serviceUnavailable)
      case .misconfigured: ("The provider cannot be used", .badGateway)
      }
    let text = error.text.prefix(1).uppercased() + error.text.dropFirst() + "."
    return Page(template: "failure", title: title, status: status, texts: ["text": text])
  }

  var response: Response {
    // What XML escapes, HTML does: within text and within attributes in double quotes.
    var values: [String: Any] = texts.mapValues(XMLWriter.escaped)
    for (name, rows) in tables { values[name] = rows.map { $0.mapValues(XMLWriter.escaped) } }
    values["title"] = XMLWriter.escaped(title)
    guard let text = PageTemplates.library.render(values, withTemplate: template) else {
      preconditionFailure("there is no template \(template)")
    }
    return Response(status: status, headers: Self.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }

  /// Nothing is loaded but our own style, nothing runs, nobody frames the page, and nobody keeps it. Forms lead on to the
  /// provider and to whom that leads on to, so that there is no `form-action`: browsers hold redirects against it too.
  private static var headers: HTTPFields {
    var headers: HTTPFields = [
      .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
      .contentSecurityPolicy:
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'",
      .xContentTypeOptions: "nosniff",
    ]
    if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "same-origin" }
    return headers
  }
}

extension Response {
  /// Sends the browser on, as a fresh GET.
  static func seeOther(_ location: String) -> Response {
    var headers: HTTPFields = [.location: location, .cacheControl: "no-store"]
    if let referrer = HTTPField.Name("Referrer-Policy") { headers[referrer] = "no-referrer" }
    return Response(status: .seeOther, headers: headers)
  }

  /// What pages are made of beside themselves.
  static func file(_ type: String, _ text: String) -> Response {
    Response(
      status: .ok, headers: [.contentType: type, .cacheControl: "max-age=3600", .xContentTypeOptions: "nosniff"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
  }
}
