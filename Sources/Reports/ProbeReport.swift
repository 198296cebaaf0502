import Foundation
import Reconciliation
import SCIM

/// What a probe of endpoints and identity providers found: the one value that text and JSON show.
package struct ProbeReport: Sendable {
  let results: [ProbeResult]
  let now: Date

  package init(_ results: [ProbeResult], at now: Date) {
    self.results = results
    self.now = now
  }

  package var findings: [ProbeResult.Finding] { results.flatMap { $0.findings(at: now) } }

  /// Why an endpoint cannot be used, a sentence each. Identity providers are reached by the server and by browsers, so that
  /// one which cannot be reached from here is only shown.
  package var reasons: [String] {
    results.filter { $0.owner.kind == "Endpoint" && !$0.isUsable }.map { "\($0.owner.name): \($0.trouble ?? "")" }
  }

  // MARK: Text

  package func text(_ style: TextStyle) -> String {
    let sections = results.map(lines) + [[closing]]
    return sections.map { lines in lines.map { $0.rendered(style) + "\n" }.joined() }.joined(separator: "\n")
  }

  private func lines(_ result: ProbeResult) -> [StyledLine] {
    let place = result.address.map { "\(result.type) · \($0)" } ?? "\(result.type) · in process"
    return [StyledLine("\(result.owner.kind) \(result.owner.name)", .strong) + StyledLine("  \(place)")]
      + facts(result).map { name, value in "  " + StyledLine(name).padded(to: 14) + value }
  }

  private func facts(_ result: ProbeResult) -> [(String, StyledLine)] {
    var facts: [(String, StyledLine)] = []
    if let failure = result.failure {
      facts.append(("reach", StyledLine(failure, .bad)))
    } else if let latency = result.latency {
      facts.append(("reach", StyledLine("answered in \(Int((latency * 1000).rounded())) ms")))
    }
    if let certificate = result.certificate {
      facts.append(("TLS", StyledLine(words(certificate))))
    } else if result.address != nil, result.failure == nil {
      facts.append(("TLS", StyledLine("none: the connection is not encrypted", .warning)))
    }
    facts += credentials(result).map { [("credentials", $0)] } ?? []
    if let capabilities = result.capabilities {
      facts.append(("capabilities", StyledLine(capabilities.words)))
      facts.append(("kinds", StyledLine(capabilities.catalog.resourceTypes.map(\.name).joined(separator: ", "))))
    }
    if let skew = result.clockSkew {
      let seconds = Int(abs(skew).rounded())
      facts.append(
        ("clock", StyledLine(seconds == 0 ? "in step" : "\(seconds) s \(skew > 0 ? "ahead" : "behind")")))
    }
    return facts + result.expiries.filter { $0.subject != .certificate }.map { ($0.subject.rawValue, left($0)) }
      + result.findings(at: now).map { finding in
        (finding.urgency.rawValue, StyledLine(finding.message, finding.urgency == .error ? .bad : .warning))
      }
  }

  private func credentials(_ result: ProbeResult) -> StyledLine? {
    switch result.credentials {
    case .untested: nil
    case .none: result.address == nil ? nil : "none are sent"
    case .accepted: StyledLine("accepted", .good) + StyledLine(result.user.map { ", as \($0)" } ?? "")
    case .refused(let reason): StyledLine(reason, .bad)
    }
  }

  private func words(_ certificate: ServerCertificate) -> String {
    let version = certificate.version.map { "\($0), " } ?? ""
    let days = ExpiryFinding(ResourceKey("", ""), .certificate, expiresAt: certificate.validUntil).daysLeft(at: now)
    return "\(version)\(certificate.subject), issued by \(certificate.issuer), "
      + (days < 0 ? "ended on" : "\(days.counted("day")) left, until") + " \(certificate.validUntil.day)"
  }

  private func left(_ finding: ExpiryFinding) -> StyledLine {
    let days = finding.daysLeft(at: now)
    let words = days < 0 ? "ended on" : "\(days.counted("day")) left, until"
    return StyledLine("\(words) \(finding.expiresAt.day)")
  }

  private var closing: StyledLine {
    let unusable = reasons.count
    let urgent = findings.count
    let findings = urgent == 0 ? "" : " \(urgent.counted("finding"))."
    guard unusable == 0 else {
      let total = results.count { $0.owner.kind == "Endpoint" }
      return StyledLine("Not usable: ", .bad) + StyledLine("\(unusable) of \(total.counted("endpoint")).\(findings)")
    }
    return StyledLine("Usable: ", .good) + StyledLine("\(results.count.counted("server")).\(findings)")
  }
}

extension ProbeResult {
  /// Why it cannot be used; nil when it can.
  package var trouble: String? {
    if case .refused(let reason) = credentials { return reason }
    return failure
  }
}

extension Capabilities {
  /// `PATCH, filter (at most 1,000), sort, ETag, bulk (at most 1,000 operations); paged by index`.
  fileprivate var words: String {
    var words: [String] = []
    if supportsPatch { words.append("PATCH") }
    if supportsFilter { words.append("filter" + (maxResults.map { " (at most \($0.grouped))" } ?? "")) }
    if supportsSort { words.append("sort") }
    if supportsEntityTags { words.append("ETag") }
    if supportsBulk { words.append("bulk" + (maxBulkOperations.map { " (at most \($0.grouped) operations)" } ?? "")) }
    if supportsChangePassword { words.append("password change") }
    return (words.isEmpty ? "none" : words.joined(separator: ", "))
      + "; paged by \(pagingMethods.joined(separator: " or "))"
  }

  /// Without a word on it, listings are paged by index (RFC 7644 section 3.4.2.4).
  var pagingMethods: [String] {
    guard let pagination else { return ["index"] }
    return (pagination.supportsIndex ? ["index"] : []) + (pagination.supportsCursors ? ["cursor"] : [])
  }
}
