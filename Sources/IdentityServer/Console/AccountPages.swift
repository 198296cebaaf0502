import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// Enables or disables an account.
struct ActivationForm {
  /// The field with what the account shall be.
  static let field = "active"

  private let place: ResourcePlace

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.update)
    let visit = place.visit
    let form = try await visit.posted()
    guard let isActive = form[Self.field].flatMap({ Bool($0) }) else {
      throw SCIMError(status: 400, .invalidValue, "The form does not say whether the account shall be active.")
    }
    let operation = PatchOperation(.replace, AttributePath("active"), value: .bool(isActive))
    _ = try await visit.directory.patch(
      type: try visit.type(place.kind), id: place.id, operations: [operation], by: visit.author, projection: .identity)
    return .seeOther((isActive ? Notice.enabled : .disabled).address(place.path()))
  }
}

/// The form on which an administrator sets the password of a user, or takes it away.
struct PasswordPage {
  private static let password = FormField(path: ["password"], label: "New password", control: .secret)
  private static let repetition = FormField(path: ["password-again"], label: "New password again", control: .secret)
  private static let removal = FormField(
    path: ["remove"], label: "No password",
    help: "Nobody can sign in with a password then. What is typed above does not count.",
    control: .flag(unset: false))
  private static let sections = [
    FormSection("Password", [password, repetition, removal].map(FormElement.field))
  ]

  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.update)
    let user = try await place.resource()
    guard visit.isPost else { return page(user, PostedForm()) }
    let form = try await visit.posted()
    let isRemoved = form.isOn(Self.removal.name)
    let problems = isRemoved ? [:] : Self.problems(form)
    guard problems.isEmpty else { return page(user, form, problems, .badRequest) }
    do {
      let operation =
        isRemoved
        ? PatchOperation(.remove, AttributePath("password"))
        : PatchOperation(.replace, AttributePath("password"), value: .string(form[Self.password.name] ?? ""))
      _ = try await visit.directory.patch(
        type: try visit.type(place.kind), id: place.id, operations: [operation], by: visit.author,
        projection: .identity)
      return .seeOther((isRemoved ? Notice.passwordRemoved : .password).address(place.path()))
    } catch let error as SCIMError where error.status == 400 {
      return page(user, form, [Self.password.name: error.detail], .badRequest)
    }
  }

  private static func problems(_ form: PostedForm) -> [String: String] {
    guard let typed = form[password.name], !typed.isEmpty else { return [password.name: "This is needed."] }
    return typed == form[repetition.name]
      ? [:] : [repetition.name: "The two passwords are not the same. Please type both again."]
  }

  private func page(
    _ user: Resource, _ form: PostedForm, _ problems: [String: String] = [:], _ status: HTTPResponse.Status = .ok
  ) -> Response {
    FormPage(
      title: "Set the password of \(user.label.isolated)", action: place.path(.password), cancel: place.path(),
      submit: "Set password"
    ).response(
      visit, place.kind, FormContent(sections: Self.sections, form: form, problems: problems), status)
  }
}
