import HTTPTypes
import HummingbirdCore
import JSON
import LocalDirectory
import SCIM

/// The form on which a resource is changed.
struct EditPage {
  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.update)
    let type = try visit.type(place.kind)
    let sections = FormBuilder(type, visit.directory.catalog, isCreation: false).sections(place.kind.form)
    let current = try await place.resource()
    guard visit.isPost else {
      let form = sections.filled(from: current.attributes)
      return page(FormContent(sections: sections, form: form), current)
    }
    let form = try await visit.posted()
    if let more = form.withMoreRows(of: sections) {
      return page(FormContent(sections: sections, form: more), current, version: form[PostedForm.version])
    }
    return try await save(form, sections, current)
  }

  private func save(_ form: PostedForm, _ sections: [FormSection], _ current: Resource) async throws -> Response {
    let expected = form[PostedForm.version] ?? ""
    guard expected == current.version else { return stale(form, sections, current) }
    let reading = FormReading(sections, form, current: current.attributes)
    var content = FormContent(sections: sections, form: form, problems: reading.problems)
    guard reading.problems.isEmpty else { return page(content, current, .badRequest) }
    do {
      if !reading.changes.isEmpty {
        _ = try await visit.directory.patch(
          type: try visit.type(place.kind), id: place.id,
          operations: [PatchOperation(.replace, value: .object(reading.changes))], ifMatch: expected,
          by: visit.author, projection: .identity)
      }
      return .seeOther(Notice.saved.address(place.path()))
    } catch let error as SCIMError where error.status == 412 {
      return stale(form, sections, try await place.resource())
    } catch let error as SCIMError where [400, 409].contains(error.status) {
      content.problems = FormProblems.placed(error, on: sections)
      return page(content, current, HTTPResponse.Status(code: error.status), objection: error.detail)
    }
  }

  /// Somebody else was faster: what was typed stays, beside what stands there by now.
  private func stale(_ form: PostedForm, _ sections: [FormSection], _ current: Resource) -> Response {
    let newer = sections.filled(from: current.attributes)
    let changed = ReadableTime.text(current["meta"]?["lastModified"]?.string)
    return page(
      FormContent(sections: sections, form: form, newer: newer), current, .preconditionFailed,
      objection:
        "Somebody has changed \(current.label.isolated) since you opened this form (\(changed)), so nothing was saved yet. What you typed is still here; what is different by now is told beside it. Save again to write the form as it stands."
    )
  }

  /// - Parameter version: what the form was made from, when that is not what there is.
  private func page(
    _ content: FormContent, _ current: Resource, version: String? = nil, _ status: HTTPResponse.Status = .ok,
    objection: String? = nil
  ) -> Response {
    FormPage(
      title: "Edit \(current.label.isolated)", action: place.path(.edit), cancel: place.path(), submit: "Save changes",
      version: version ?? current.version, objection: objection
    ).response(visit, place.kind, content, status)
  }
}

/// What stands around the controls of a form.
struct FormPage {
  let title: String
  /// Where the form is sent.
  let action: String
  /// Where to go without sending it.
  let cancel: String
  let submit: String
  var version: String?
  /// What is wrong with all of it.
  var objection: String?

  func response(
    _ visit: ConsoleVisit, _ kind: ConsoleKind, _ content: FormContent, _ status: HTTPResponse.Status
  ) -> Response {
    response(visit, section: kind.path, back: (kind.path, "All \(kind.title.lowercased())"), content, status)
  }

  /// - Parameters:
  ///   - section: the path of the entry of the navigation that it belongs to.
  ///   - back: where it leads back to.
  func response(
    _ visit: ConsoleVisit, section: String, back: (address: String, label: String), _ content: FormContent,
    _ status: HTTPResponse.Status
  ) -> Response {
    let isWrong = objection != nil || !content.problems.isEmpty
    return visit.page(
      "console-form", title: title, status: status, section: section,
      [
        "action": .text(action), "cancel": .text(cancel), "submit": .text(submit),
        "form_token": visit.token(for: action),
        "version": .optional(version), "sections": content.content, "is_wrong": .flag(isWrong),
        "objection": .optional(objection ?? (isWrong ? "Some of this cannot be saved yet." : nil)),
        "complaints": objection == nil ? content.problemList : .list([]),
        "back": .object(["address": .text(back.address), "label": .text(back.label)]),
      ])
  }
}

extension PostedForm {
  /// The button that asks for another row, with the name of the rows.
  static let more = "more"

  /// The form with another row, when that is what was asked for.
  func withMoreRows(of sections: [FormSection]) -> PostedForm? {
    guard let name = self[Self.more], let rows = sections.rows.first(where: { $0.name == name }) else { return nil }
    return setting(rows.countName, String(rows.count(in: self) + 1))
  }
}
