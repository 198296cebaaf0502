import Endpoints
import Foundation
import Manifests
import Reconciliation

extension Workspace {
  /// - Parameter declaration: whose secrets are at hand; whatever has none of its own is probed by any.
  func prober(for declaration: EndpointDeclaration = .embedded) async -> EndpointProber {
    EndpointProber(await endpointFactory(for: declaration))
  }

  /// What of these endpoints and identity providers ends at a known moment.
  @Sendable func expiries(
    of declarations: [EndpointDeclaration], _ identityProviders: [DesiredResource]
  ) async -> [ExpiryFinding] {
    let findings = await withTaskGroup(of: [ExpiryFinding].self) { group in
      for declaration in declarations { group.addTask { await prober(for: declaration).expiries(of: declaration) } }
      for resource in identityProviders {
        group.addTask { await prober().expiries(ofIdentityProvider: resource) }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    return findings.sorted { ($0.owner, $0.subject.rawValue) < ($1.owner, $1.subject.rawValue) }
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
