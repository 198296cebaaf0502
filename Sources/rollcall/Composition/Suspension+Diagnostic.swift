import Foundation
import Manifests
import Reconciliation

extension EndpointOrder.Suspension {
  /// A warning at the endpoint's document.
  func diagnostic(at declaration: EndpointDeclaration) -> Diagnostic {
    let code = DiagnosticCode.suspendedEndpoint
    let why = reason.isEmpty ? "" : ": \(reason)"
    return Diagnostic(
      code.severity, code.rawValue,
      "endpoint \(declaration.name) is suspended by \(by) since \(since.formatted(.iso8601))\(why)",
      at: declaration.location ?? SourceLocation(file: declaration.name, line: 1),
      hint: "that holds back the controller, not rollcall apply")
  }
}
