import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

/// One request to the console by somebody who has signed in.
struct ConsoleVisit {
  let exchange: Exchange
  let signedIn: SignedIn
  let principal: Principal
  let browser: Browser
  let surroundings: ConsoleSurroundings

  var directory: Directory { surroundings.directory }
  /// Signs what the request writes.
  var author: Author { exchange.author(principal) }
  var isPost: Bool { exchange.request.method == .post }

  /// - Throws: `SCIMError` 400 when the query string is broken.
  var query: QueryParameters {
    get throws(SCIMError) { try QueryParameters(exchange.request.uri.query) }
  }

  /// - Throws: ``Refusal`` 403.
  func demand(_ access: Access, _ kind: ConsoleKind, id: String? = nil) throws(Refusal) {
    guard may(access, kind, id: id) else { throw Refusal.forbidden }
  }

  /// - Throws: ``Refusal`` 403.
  func demandAdministrator() throws(Refusal) {
    guard principal.isAdministrator else { throw Refusal.forbidden }
  }

  func may(_ access: Access, _ kind: ConsoleKind, id: String? = nil) -> Bool {
    principal.may(access, kind.type, id: id)
  }

  /// Where a resource is shown; nothing to see for whoever may not read it.
  func address(of summary: ResourceSummary) -> PageContent {
    guard let kind = ConsoleKind.named(summary.type), may(.read, kind, id: summary.id) else { return false }
    return .text(kind.path(summary.id))
  }

  /// - Throws: `SCIMError` 404 when the directory holds no such resources.
  func type(_ kind: ConsoleKind) throws(SCIMError) -> ResourceType {
    guard let type = directory.catalog.resourceType(kind.type) else {
      throw SCIMError(status: 404, nil, "This directory holds no resources of type \(kind.type).")
    }
    return type
  }

  /// The form that the request carries.
  /// - Throws: ``Refusal`` 403 for one that no page of ours has sent for this session, 400 and 413 for what is none.
  func posted() async throws -> PostedForm {
    let form = try await PostedForm(exchange.request)
    guard browser.isFormToken(form[PostedForm.token], for: exchange.path) else { throw Self.foreignForm }
    return form
  }

  private static let foreignForm = Refusal(
    error: SCIMError(
      status: 403, nil,
      "This form is too old, or it is not from this console, so nothing was changed. Go back, load the page again, and try once more."
    ))

  /// The token of a form.
  /// - Parameter path: where the form is sent.
  func token(for path: String) -> PageContent { .text(browser.formToken(for: path)) }

  // MARK: Pages

  /// A page in the frame of the console.
  /// - Parameter section: the path of the entry of the navigation that it belongs to.
  func page(
    _ template: String, title: String, status: HTTPResponse.Status = .ok, section: String? = nil,
    runsScript: Bool = false, _ content: [String: PageContent?]
  ) -> Response {
    var page = Page(template, title: title, status: status, content)
    page.runsScript = runsScript
    if runsScript { page.content["script"] = .text(ConsoleScript.asset.path) }
    page.content.merge(frame(section)) { own, _ in own }
    return page.response(settingCookies: browser.settingCookies)
  }

  /// What was refused, with a way out.
  func response(to refusal: Refusal) -> Response {
    let title =
      switch refusal.error.status {
      case 403 where refusal.lacksRights: "You may not see this"
      case 404: "Not found"
      case 500...: "Something went wrong"
      default: "This does not work"
      }
    var response = page(
      "console-notice", title: title, status: HTTPResponse.Status(code: refusal.error.status),
      [
        "texts": .list([["text": .text(refusal.error.detail)]]),
        "ways": .list([["address": .text(home.address), "label": .text(home.label)]]),
      ])
    for field in refusal.headers where field.name != .wwwAuthenticate { response.headers.append(field) }
    return response
  }

  /// Where there is always something to see.
  private var home: (address: String, label: String) {
    principal.isAdministrator
      ? (ConsoleService.path, "Go to the overview")
      : (ConsoleKind.users.path(principal.userID ?? ""), "Go to your own account")
  }

  /// What stands around every page.
  private func frame(_ section: String?) -> [String: PageContent] {
    let kinds = ConsoleKind.all.filter { may(.read, $0) }
    var entries = kinds.map { ($0.path, $0.title) }
    if principal.isAdministrator {
      entries.insert((ConsoleService.path, "Overview"), at: 0)
      if knowsControllers { entries.insert((EndpointPlace.path, "Endpoints"), at: 1) }
      if surroundings.provisioning != nil { entries.append((ProvisioningPage.path, "Provisioning")) }
      entries.append((AuditPage.path, "Audit"))
    }
    return [
      "navigation": .list(
        entries.map { path, label in
          ["address": .text(path), "label": .text(label), "is_current": .flag(path == section)]
        }),
      "own_name": .text(signedIn.userName), "own_address": .text(ConsoleKind.users.path(signedIn.user.id)),
      "logout_address": .text(LogoutService.path), "logout_token": token(for: LogoutService.path),
    ]
  }
}
