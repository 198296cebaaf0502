import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import Reconciliation
import Reports
import SCIM

/// What differs at an endpoint without the manifests having asked for it, since when, and what people have agreed to live with.
struct EndpointDriftPage {
  private let place: EndpointPlace
  private let state: ControllerState

  init(_ place: EndpointPlace, _ state: ControllerState) {
    self.place = place
    self.state = state
  }

  func response() async throws -> Response {
    let now = place.visit.surroundings.now()
    let memory = try DriftMemory(try await state.storage.driftFindings(at: place.name))
    let first = try Paging.first(in: try place.visit.query)
    let shown = Self.sorted(memory.records.values, now: now).dropFirst(first - 1).prefix(Paging.size)
    var content: [String: PageContent?] = [
      "chart": try await DriftContent.chart(state, of: place.name, now: now),
      "none": .optional(memory.records.isEmpty ? "In sync: no drift." : nil),
      "findings": .list(shown.map { row($0, now: now) }), "has_findings": .flag(!shown.isEmpty),
    ]
    content.merge(
      Paging(first: first, shown: shown.count, of: memory.records.count) { from in
        "\(place.path(.drift))?from=\(from)"
      }.content
    ) { own, _ in own }
    return try place.page("console-endpoint-drift", title: "Drift of \(place.name)", .drift, content)
  }

  /// What counts first; by class, and the oldest of each first.
  private static func sorted(_ records: some Collection<DriftRecord>, now: Date) -> [DriftRecord] {
    let classes = DriftReport.Finding.Class.allCases
    func rank(_ record: DriftRecord) -> (Int, Int, Date, String) {
      (
        record.acknowledgement(at: now) == nil ? 0 : 1, classes.firstIndex(of: record.finding.class) ?? 0,
        record.firstSeen, record.fingerprint
      )
    }
    return records.sorted { rank($0) < rank($1) }
  }

  private func row(_ record: DriftRecord, now: Date) -> [String: PageContent] {
    let words = FindingWords(record, at: now)
    let attributes = words.attributes
    let action = FindingPage.path(place, record.fingerprint)
    return [
      "class": .text(record.finding.class.rawValue), "resource": .text(words.resource), "age": .text(words.age),
      "fingerprint": .text(words.fingerprint), "first": .text(EndpointContent.time(record.firstSeen)),
      "modified": .optional(words.modified.isEmpty ? nil : words.modified),
      "place": .optional(words.place.isEmpty ? nil : words.place), "is_open": .flag(words.isOpen),
      "standing": .optional(words.standing), "action": .text(action), "form_token": place.visit.token(for: action),
      "differences": .list(attributes.map(PlanContent.attribute)), "has_differences": .flag(!attributes.isEmpty),
    ]
  }
}

/// Lets people live with a finding until a date, as `drift acknowledge` does, and takes that back.
struct FindingPage {
  private static let until = FormField(
    path: ["until"], label: "Until", help: "2026-12-31, or 2026-12-31T18:00:00Z. At most a year away.", control: .text,
    isRequired: true)
  private static let reason = FormField(
    path: ["reason"], label: "Reason", help: "Why, for whoever reads the report.", control: .text, isRequired: true)

  private let place: EndpointPlace
  private let state: ControllerState
  private let fingerprint: String
  private var visit: ConsoleVisit { place.visit }
  private var path: String { Self.path(place, fingerprint) }

  init(_ place: EndpointPlace, _ state: ControllerState, _ fingerprint: String) {
    self.place = place
    self.state = state
    self.fingerprint = fingerprint
  }

  static func path(_ place: EndpointPlace, _ fingerprint: String) -> String {
    "\(place.path(.drift))/\(FormEncoding.encoded(fingerprint))"
  }

  func response() async throws -> Response {
    let memory = try DriftMemory(try await state.storage.driftFindings(at: place.name))
    guard let record = memory.records[fingerprint] else { throw Self.gone }
    guard visit.isPost else { return page(record, PostedForm()) }
    let form = try await visit.posted()
    if form["change"] == "unacknowledge" { return try await change(nil, .unacknowledged) }
    let now = visit.surroundings.now()
    let (end, problems) = Self.read(form, now: now)
    guard let end, problems.isEmpty else { return page(record, form, problems, .badRequest) }
    return try await change(
      Acknowledgement(until: end, reason: form.text(Self.reason.name) ?? "", by: visit.author.name, at: now),
      .acknowledged)
  }

  private static let gone = SCIMError(
    status: 404, nil, "The finding is not there any more: it went away or changed again.")

  private func change(_ acknowledgement: Acknowledgement?, _ notice: EndpointNotice) async throws -> Response {
    let changed = try await state.storage.acknowledge(
      [fingerprint], at: place.name, acknowledgement, by: visit.author.name, at: visit.surroundings.now())
    guard !changed.isEmpty else { throw Self.gone }
    return .seeOther(notice.address(place.path(.drift)))
  }

  /// When it is to end, and what is wrong, by the names of controls.
  private static func read(_ form: PostedForm, now: Date) -> (end: Date?, problems: [String: String]) {
    var problems: [String: String] = [:]
    let end = form.text(until.name).flatMap(date)
    switch end {
    case nil: problems[until.name] = "This is no date: write it as 2026-12-31 or 2026-12-31T18:00:00Z."
    case let end? where end <= now: problems[until.name] = "This has passed."
    case let end? where end > now + TimeInterval(Acknowledgement.longest) * 86_400:
      problems[until.name] = "This is too far away: an acknowledgement lasts a year at most, and can be renewed."
    default: break
    }
    let words = form.text(reason.name) ?? ""
    if words.isEmpty { problems[reason.name] = "This is needed." }
    if words.count > Acknowledgement.longestReason {
      problems[reason.name] = "This must not be longer than \(Acknowledgement.longestReason) characters."
    }
    return (end, problems)
  }

  private static func date(_ text: String) -> Date? {
    guard let time = DateTime(text) ?? DateTime(text + "T00:00:00Z") else { return nil }
    return Date(timeIntervalSince1970: TimeInterval(time.seconds) + TimeInterval(time.nanoseconds) / 1e9)
  }

  private func page(
    _ record: DriftRecord, _ form: PostedForm, _ problems: [String: String] = [:], _ status: HTTPResponse.Status = .ok
  ) -> Response {
    let words = FindingWords(record, at: visit.surroundings.now())
    return FormPage(
      title: "Acknowledge \(words.resource.isolated)", action: path, cancel: place.path(.drift), submit: "Acknowledge"
    ).response(
      visit, section: EndpointPlace.path, back: (place.path(.drift), "Drift of \(place.name)"),
      FormContent(
        sections: [FormSection("It does not count until then", [.field(Self.until), .field(Self.reason)])], form: form,
        problems: problems),
      status)
  }
}
