import Controller
import Endpoints
import Foundation
import Manifests
import Reconciliation
import Reports

/// Checks manifests against the world: whether secrets can be read, endpoints take our credentials, and what of the manifests
/// they cannot hold.
struct OnlineValidation {
  let workspace: Workspace
  let compilation: Compilation

  /// The report of an offline check, with what was found out by asking.
  func report() async -> Report {
    var validation = compilation.validation
    let results = await probeAll()
    validation.diagnostics += await unreadableSecrets()
    for (declaration, result) in results {
      validation.diagnostics += result.expiries.filter { $0.urgency(at: workspace.now()) != nil }
        .map { $0.diagnostic(at: workspace.now()) }
      guard let capabilities = result.capabilities else { continue }
      validation.diagnostics += EndpointFit(declaration, capabilities).misfits(in: compilation.desiredState)
        .map { $0.diagnostic(at: declaration.name) }
    }
    validation.diagnostics.sort { $0.location < $1.location }
    var report = Report(verb: .validate, validation)
    let probed = ProbeReport(results.map(\.1), at: workspace.now())
    guard !probed.reasons.isEmpty else { return report }
    report.unreachable = results.filter { !$0.1.isUsable }
      .map { .init(endpoint: $0.0.name, message: $0.1.trouble ?? "") }
    report.reasons += probed.reasons
    if report.exit == .success { report.exit = .unreachable }
    return report
  }

  private func probeAll() async -> [(EndpointDeclaration, ProbeResult)] {
    let declarations = compilation.desiredState.endpoints
    let results = await withTaskGroup(of: (Int, ProbeResult).self) { group in
      for (index, declaration) in declarations.enumerated() {
        group.addTask { (index, await workspace.prober(for: declaration).probe(declaration)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return results.sorted { $0.0 < $1.0 }.map { (declarations[$0.0], $0.1) }
  }

  /// Those of resources; an endpoint's own show when it is probed.
  private func unreadableSecrets() async -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    let secrets = workspace.secrets
    for resource in compilation.desiredState.resources {
      for (path, reference) in resource.secrets.sorted(by: { $0.key < $1.key }) {
        do throws(SecretResolver.Failure) {
          _ = try await secrets.value(of: reference)
        } catch {
          diagnostics.append(
            Diagnostic(
              DiagnosticCode.unresolvableSecret.severity, DiagnosticCode.unresolvableSecret.rawValue,
              "`\(path)` of \(resource.key) cannot be read: \(error)",
              at: resource.secretLocations[path] ?? resource.location))
        }
      }
    }
    return diagnostics
  }
}

extension EndpointFit.Misfit {
  fileprivate func diagnostic(at endpoint: String) -> Diagnostic {
    let rest = others == 0 ? "" : others == 1 ? "; so does another document" : "; so do \(others) other documents"
    let code = DiagnosticCode.unheldByEndpoint
    return Diagnostic(
      code.severity, code.rawValue, "\(key) asks \(endpoint) for what it cannot hold: \(message)\(rest)", at: location,
      hint: "leave it to other endpoints with `scope`, `ignore` or `mapping` of this one")
  }
}
