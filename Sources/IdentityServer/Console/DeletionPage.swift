import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

/// Asks before a resource is deleted, for that is for good.
struct DeletionPage {
  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.delete)
    let resource = try await place.resource()
    guard visit.isPost else { return page(resource) }
    let form = try await visit.posted()
    do {
      try await visit.directory.delete(
        type: try visit.type(place.kind), id: place.id, ifMatch: form[PostedForm.version] ?? "", by: visit.author)
      return .seeOther(Notice.deleted.address(place.kind.path))
    } catch let error as SCIMError where error.status == 412 {
      return page(
        try await place.resource(), .preconditionFailed,
        objection: "\(resource.label.isolated) has changed since you opened this page, so nothing was deleted yet.")
    }
  }

  private func page(
    _ resource: Resource, _ status: HTTPResponse.Status = .ok, objection: String? = nil
  ) -> Response {
    ConfirmationPage(
      title: "Delete \(resource.label.isolated)?",
      texts: ["This deletes the \(place.kind.noun) for good, and takes it out of all groups and roles."] + warnings,
      action: place.path(.delete), cancel: place.path(), submit: "Delete \(place.kind.noun)",
      version: resource.version, objection: objection
    ).response(visit, place.kind, status)
  }

  private var warnings: [String] {
    let isOwn = place.id == visit.principal.userID
    return isOwn ? ["It is the account that you are signed in with: you will be signed out."] : []
  }
}

/// A question that one button answers.
struct ConfirmationPage {
  let title: String
  let texts: [String]
  /// Where the answer is sent.
  let action: String
  /// Where to go without it.
  let cancel: String
  let submit: String
  var isDangerous = true
  var version: String?
  var objection: String?

  func response(_ visit: ConsoleVisit, _ kind: ConsoleKind, _ status: HTTPResponse.Status) -> Response {
    response(visit, section: kind.path, status)
  }

  /// - Parameter section: the path of the entry of the navigation that it belongs to.
  func response(_ visit: ConsoleVisit, section: String, _ status: HTTPResponse.Status) -> Response {
    visit.page(
      "console-confirmation", title: title, status: status, section: section,
      [
        "texts": .list(texts.map { ["text": .text($0)] }), "action": .text(action), "cancel": .text(cancel),
        "submit": .text(submit), "is_dangerous": .flag(isDangerous), "version": .optional(version),
        "objection": .optional(objection),
        "form_token": visit.token(for: action),
      ])
  }
}
