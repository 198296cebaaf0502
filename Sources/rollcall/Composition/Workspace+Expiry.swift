import Endpoints
import Foundation
import Manifests
import Reconciliation

extension Workspace {
  var prober: EndpointProber { EndpointProber(endpointFactory) }

  /// What of these endpoints ends soon or has ended.
  func expiries(of declarations: [EndpointDeclaration]) async -> [ExpiryFinding] {
    let prober = prober
    let findings = await withTaskGroup(of: [ExpiryFinding].self) { group in
      for declaration in declarations { group.addTask { await prober.expiries(of: declaration) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
    return findings.filter { $0.urgency(at: now()) != nil }
      .sorted { ($0.owner, $0.subject.rawValue) < ($1.owner, $1.subject.rawValue) }
  }
}

extension ExpiryFinding {
  /// A warning at the endpoint's document: what ends soon is no fault of a plan.
  func diagnostic(at now: Date) -> Diagnostic {
    Diagnostic(
      .warning, DiagnosticCode.expiringCredential.rawValue, sentence(at: now),
      at: location ?? SourceLocation(file: owner.description, line: 1), hint: subject.remedy)
  }
}

extension ExpiryFinding.Subject {
  fileprivate var remedy: String {
    switch self {
    case .certificate: "have the server's certificate renewed"
    case .caFile: "get the new certificates of the authority and put them into the file"
    case .token: "have a new token made and put it where the manifest says"
    }
  }
}
