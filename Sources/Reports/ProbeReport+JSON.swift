import Foundation
import JSON
import Reconciliation
import SCIM

extension ProbeReport {
  /// Format version 1. Fields are only ever added.
  package func json(exit: ExitStatus) -> String {
    let object: JSONObject = [
      "formatVersion": 1, "verb": "probe",
      "endpoints": .array(results.filter { $0.owner.kind == "Endpoint" }.map(json)),
      "identityProviders": .array(results.filter { $0.owner.kind != "Endpoint" }.map(json)),
      "findings": .array(
        findings.map { finding in
          [
            "owner": .string(finding.owner.description), "severity": .string(finding.urgency.rawValue),
            "message": .string(finding.message),
          ]
        }),
      "exit": .number(JSONNumber(Int(exit.rawValue))), "reasons": .array(reasons.map(JSONValue.string)),
    ]
    return JSONValue.object(object).pretty().escapingControls(keepingLineEnds: true)
  }

  private func json(_ result: ProbeResult) -> JSONValue {
    var object: JSONObject = [
      "name": .string(result.owner.name), "type": .string(result.type), "reachable": .bool(result.failure == nil),
      "credentials": .string(result.credentials.name),
    ]
    object["url"] = result.address.map(JSONValue.string)
    object["user"] = result.user.map(JSONValue.string)
    object["message"] = result.trouble.map(JSONValue.string)
    object["latencyMilliseconds"] = result.latency.map { .number(JSONNumber(Int(($0 * 1000).rounded()))) }
    object["clockSkewSeconds"] = result.clockSkew.map { .number(JSONNumber(Int($0.rounded()))) }
    object["tls"] = result.certificate.map(json)
    if let capabilities = result.capabilities {
      object["capabilities"] = capabilities.json
      object["resourceTypes"] = .array(capabilities.catalog.resourceTypes.map { .string($0.name) })
    }
    object["expiries"] = .array(result.expiries.map(json))
    return .object(object)
  }

  private func json(_ certificate: ServerCertificate) -> JSONValue {
    var object: JSONObject = [
      "subject": .string(certificate.subject), "issuer": .string(certificate.issuer),
      "validFrom": .string(certificate.validFrom.formatted(.iso8601)),
      "validUntil": .string(certificate.validUntil.formatted(.iso8601)),
    ]
    object["version"] = certificate.version.map(JSONValue.string)
    return .object(object)
  }

  private func json(_ finding: ExpiryFinding) -> JSONValue {
    [
      "subject": .string(finding.subject.rawValue), "expiresAt": .string(finding.expiresAt.formatted(.iso8601)),
      "daysLeft": .number(JSONNumber(finding.daysLeft(at: now))),
      "severity": finding.urgency(at: now).map { .string($0.rawValue) } ?? .null,
    ]
  }
}

extension ProbeResult.Credentials {
  fileprivate var name: String {
    switch self {
    case .none: "none"
    case .accepted: "accepted"
    case .refused: "refused"
    case .untested: "untested"
    }
  }
}

extension Capabilities {
  fileprivate var json: JSONValue {
    var object: JSONObject = [
      "patch": .bool(supportsPatch), "filter": .bool(supportsFilter), "sort": .bool(supportsSort),
      "etag": .bool(supportsEntityTags), "bulk": .bool(supportsBulk), "changePassword": .bool(supportsChangePassword),
      "paging": .array(pagingMethods.map(JSONValue.string)),
    ]
    object["maxResults"] = maxResults.map { .number(JSONNumber($0)) }
    object["maxBulkOperations"] = maxBulkOperations.map { .number(JSONNumber($0)) }
    return .object(object)
  }
}
