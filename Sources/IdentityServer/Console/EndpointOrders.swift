import HTTPTypes
import HummingbirdCore
import LocalDirectory
import Reconciliation
import Reports
import SCIM

/// What an administrator asks of the controllers about one endpoint. It stands in the state store, as what the commands and the
/// controllers' own API write there.
struct EndpointOrders {
  private static let reason = FormField(
    path: ["reason"], label: "Reason", help: "Why, for whoever sees it later.", control: .text)
  /// In characters.
  private static let longestReason = 500

  private let place: EndpointPlace
  private let state: ControllerState
  private var visit: ConsoleVisit { place.visit }
  private var name: String { place.name }

  init(_ place: EndpointPlace, _ state: ControllerState) {
    self.place = place
    self.state = state
  }

  func reconcile() async throws -> Response {
    _ = try await visit.posted()
    try await state.records.reconcile(name, after: visit.surroundings.now())
    return done(.reconcile)
  }

  func resume() async throws -> Response {
    _ = try await visit.posted()
    try await state.records.resume(name, by: visit.author.name, at: visit.surroundings.now())
    return done(.resumed)
  }

  func suspend() async throws -> Response {
    guard visit.isPost else { return suspensionPage(PostedForm()) }
    let form = try await visit.posted()
    let reason = form.text(Self.reason.name) ?? ""
    guard reason.count <= Self.longestReason else {
      return suspensionPage(
        form, [Self.reason.name: "This must not be longer than \(Self.longestReason) characters."], .badRequest)
    }
    try await state.records.suspend(
      name, EndpointOrder.Suspension(by: visit.author.name, reason: reason, since: visit.surroundings.now()))
    return done(.suspended)
  }

  private func suspensionPage(
    _ form: PostedForm, _ problems: [String: String] = [:], _ status: HTTPResponse.Status = .ok
  ) -> Response {
    FormPage(
      title: "Suspend \(name)", action: place.path(.suspend), cancel: place.path(), submit: "Suspend"
    ).response(
      visit, section: EndpointPlace.path, back: (place.path(), name),
      FormContent(
        sections: [FormSection("No passes until it is resumed", [.field(Self.reason)])], form: form, problems: problems),
      status)
  }

  // MARK: Approving

  func approve() async throws -> Response {
    guard visit.isPost else {
      return place.refusedPlan == nil ? Response.seeOther(place.path(.plan)) : approvalPage()
    }
    let form = try await visit.posted()
    guard let plan = place.refusedPlan else { return done(.approved) }
    guard form[PostedForm.version] == plan else {
      return approvalPage("The plan has changed since you opened this page, so it was not approved yet.", .conflict)
    }
    try await state.records.approve(
      name, EndpointOrder.Approval(plan: plan, by: visit.author.name, at: visit.surroundings.now()))
    return done(.approved)
  }

  private func approvalPage(_ objection: String? = nil, _ status: HTTPResponse.Status = .ok) -> Response {
    let plan = place.refusedPlan ?? ""
    return ConfirmationPage(
      title: "Approve plan \(plan.prefix(12)) of \(name)?",
      texts: [
        "A guardrail refused it: \(place.status.message).",
        "\(place.status.pending.words). It is carried out once, by the next pass, if it is still the same by then; when the manifests or the endpoint have changed, the guardrails decide anew.",
      ],
      action: place.path(.approve), cancel: place.path(.plan), submit: "Approve plan", version: plan,
      objection: objection
    ).response(visit, section: EndpointPlace.path, status)
  }

  private func done(_ notice: EndpointNotice) -> Response { .seeOther(notice.address(place.path())) }
}
