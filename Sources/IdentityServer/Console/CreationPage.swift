import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// The form on which a resource is made.
struct CreationPage {
  private let visit: ConsoleVisit
  private let kind: ConsoleKind

  init(_ visit: ConsoleVisit, _ kind: ConsoleKind) {
    self.visit = visit
    self.kind = kind
  }

  func response() async throws -> Response {
    try visit.demand(.create, kind)
    let type = try visit.type(kind)
    var sections = FormBuilder(type, visit.directory.catalog, isCreation: true).sections(kind.form)
    if kind == .users { sections = try await NewUserForm(visit).extending(sections) }
    guard visit.isPost else {
      let form = sections.filled(from: [:]).setting(NewUserForm.domain, UserStoreDomain.primary)
      return page(FormContent(sections: sections, form: form))
    }
    let form = try await visit.posted()
    if let more = form.withMoreRows(of: sections) { return page(FormContent(sections: sections, form: more)) }
    return try await create(type, form, sections)
  }

  private func create(_ type: ResourceType, _ form: PostedForm, _ sections: [FormSection]) async throws -> Response {
    let reading = FormReading(sections, form, current: [:])
    var content = FormContent(sections: sections, form: form, problems: reading.problems)
    if kind == .users { content.problems.merge(NewUserForm.problems(form)) { first, _ in first } }
    guard content.problems.isEmpty else { return page(content, .badRequest) }
    do {
      let attributes = kind == .users ? NewUserForm.qualified(reading.changes, form) : reading.changes
      let resource = try await visit.directory.create(
        type: type, attributes: attributes, into: kind == .users ? try NewUserForm(visit).places(form) : [],
        by: visit.author,
        projection: .identity)
      return .seeOther(Notice.created.address(kind.path(resource.id)))
    } catch let error as SCIMError where [400, 404, 409].contains(error.status) {
      content.problems = FormProblems.placed(error, on: sections)
      return page(content, HTTPResponse.Status(code: error.status == 404 ? 400 : error.status), objection: error.detail)
    }
  }

  private func page(
    _ content: FormContent, _ status: HTTPResponse.Status = .ok, objection: String? = nil
  ) -> Response {
    FormPage(
      title: "Add \(kind.nounWithArticle)", action: kind.creationPath, cancel: kind.path,
      submit: "Add \(kind.noun)", objection: objection
    ).response(visit, kind, content, status)
  }
}

/// What is asked of a new user beside attributes: the user store, the password twice, and where the user belongs.
struct NewUserForm {
  static let domain = "domain"
  private static let password = "password"
  private static let repetition = "password-again"
  private static let into = "into"
  /// The most groups, and the most roles, to choose from here.
  private static let choices = 100

  private let visit: ConsoleVisit

  init(_ visit: ConsoleVisit) { self.visit = visit }

  /// The form with these questions in their places.
  func extending(_ sections: [FormSection]) async throws -> [FormSection] {
    var sections = sections
    let before = FormField(
      path: [Self.domain], label: "User store",
      help: "PRIMARY is the one that names without a store belong to. In another, bob is called SECONDARY/bob.",
      control: .text, setsAttribute: false)
    let behind = [
      FormField(
        path: [Self.password], label: "Password",
        help: "Without one, nobody can sign in with a password until one is set.", control: .secret),
      FormField(path: [Self.repetition], label: "Password again", control: .secret, setsAttribute: false),
    ]
    sections[0].elements.insert(.field(before), at: 0)
    sections[0].elements.insert(contentsOf: behind.map(FormElement.field), at: 2)
    let places = try await [placeField(.groups), placeField(.roles)].compactMap(\.self)
    if !places.isEmpty { sections.append(FormSection("Groups and roles", places.map(FormElement.field))) }
    return sections
  }

  private func placeField(_ kind: ConsoleKind) async throws -> FormField? {
    guard visit.may(.read, kind), visit.may(.update, kind, id: "") else { return nil }
    let list = try await visit.directory.list(
      type: try visit.type(kind), ListQuery(count: Self.choices, attributes: [AttributePath("displayName")]))
    guard !list.resources.isEmpty else { return nil }
    let isPart = list.totalResults ?? 0 > list.resources.count
    return FormField(
      path: [Self.into, kind.slug], label: kind.title,
      help: isPart ? "The first \(Self.choices); the page of each of the others takes in members too." : nil,
      control: .boxes(list.resources.map { FormField.Option(value: $0.id, label: $0.label) }), setsAttribute: false)
  }

  /// Where the new user goes.
  func places(_ form: PostedForm) throws -> [Placement] {
    try [ConsoleKind.groups, .roles].flatMap { kind -> [Placement] in
      let ids = form.names(startingWith: "\(Self.into).\(kind.slug).")
      let type = try visit.type(kind)
      return try ids.map { id in
        try visit.demand(.update, kind, id: id)
        return Placement(type: type, id: id)
      }
    }
  }

  static func problems(_ form: PostedForm) -> [String: String] {
    var problems: [String: String] = [:]
    if form[password] ?? "" != form[repetition] ?? "" {
      problems[repetition] = "The two passwords are not the same. Please type both again."
    }
    if form.text(domain)?.contains("/") == true { problems[domain] = "The name of a user store has no slash." }
    return problems
  }

  /// The attributes with the user name as it is in the user store that was asked for.
  static func qualified(_ attributes: JSONObject, _ form: PostedForm) -> JSONObject {
    guard let domain = form.text(domain), domain.uppercased() != UserStoreDomain.primary,
      let name = attributes["userName"]?.string
    else { return attributes }
    var attributes = attributes
    attributes["userName"] = .string(UserStoreDomain.moved(name, to: domain))
    return attributes
  }
}
