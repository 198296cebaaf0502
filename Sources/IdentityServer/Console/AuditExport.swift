import Foundation
import HTTPTypes
import HummingbirdCore
import LocalDirectory
import SCIM

/// What the audit page shows, all of it, as a file.
struct AuditExport {
  /// The most entries of a file: the newest.
  static let most = 10_000

  private let visit: ConsoleVisit
  private let format: AuditFormat

  init(_ visit: ConsoleVisit, _ format: AuditFormat) {
    self.visit = visit
    self.format = format
  }

  static func path(_ format: AuditFormat) -> String { "\(AuditPage.path)/export.\(format.rawValue)" }

  func response() async throws -> Response {
    try visit.demandAdministrator()
    let query = try visit.query
    let part = query["of"].flatMap(AuditReading.Part.init) ?? .changes
    let reading = AuditReading(
      directory: visit.directory, log: visit.surroundings.accessLog,
      search: try AuditSearch(query, now: visit.surroundings.now()), size: 1000)
    var entries: [AuditEntry] = []
    var position = try query.int("before")
    repeat {
      let page = try await reading.page(of: part, before: position)
      entries += page.entries.prefix(Self.most - entries.count)
      position = page.older
    } while position != nil && entries.count < Self.most
    var response = format.response(entries, older: position)
    let name = "audit-\(part.rawValue).\(format.rawValue)"
    response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
    return response
  }
}
