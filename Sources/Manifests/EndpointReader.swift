import Foundation
import JSON
import Reconciliation
import SCIM

/// Reads the `spec` of an `Endpoint` document.
struct EndpointReader {
  enum Dialect: String, CaseIterable { case auto }

  let rules: RuleBook
  let scope: FileScope

  /// nil, and a fault, when the endpoint is of no use.
  func read(_ spec: YAMLNode, _ metadata: DocumentReader.Metadata, location: SourceLocation) -> EndpointDraft? {
    guard var fields = Fields(spec, scope, what: "`spec`"), let type = fields.require("type", of: "`spec`"),
      let driver = scope.choice(type, EndpointDeclaration.Driver.self, what: "`type`")
    else {
      scope.concealSuspects(in: spec)
      return nil
    }
    var endpoint = EndpointDeclaration(name: metadata.name, driver: driver, location: location)
    switch driver {
    case .embedded: endpoint.store = fields.string("store")
    default: readConnection(&fields, into: &endpoint)
    }
    readPolicy(&fields, into: &endpoint)
    readMatching(&fields, into: &endpoint)
    let dependencies = fields.items("dependsOn") ?? []
    fields.finish("an endpoint of type `\(driver.rawValue)`")
    var draft = EndpointDraft(declaration: endpoint, part: scope.part, nameMark: metadata.nameMark)
    for node in dependencies {
      guard let name = scope.text(node, what: "an entry of `dependsOn`") else { continue }
      draft.declaration.dependsOn.append(name)
      draft.dependencyMarks.append(node.mark)
    }
    return draft
  }

  private func readConnection(_ fields: inout Fields, into endpoint: inout EndpointDeclaration) {
    let reader = ConnectionReader(scope: scope)
    let allowsPlaintext = fields.bool("allowPlaintext") ?? false
    endpoint.allowsPlaintext = allowsPlaintext
    endpoint.settings = DriverSettingsReader(scope: scope, allowsPlaintext: allowsPlaintext)
      .read(endpoint.driver, &fields)
    endpoint.url = address(endpoint.driver, &fields).flatMap { reader.url($0, allowsPlaintext: allowsPlaintext) }
    endpoint.authentication = fields.take("auth")
      .flatMap(AuthenticationReader(scope: scope, allowsPlaintext: allowsPlaintext).read)
    endpoint.trust = fields.take("tls").flatMap(reader.trust) ?? .system
    if let node = fields.take("dialect") { checkDialect(node) }
  }

  /// The settings of SCIM 1.1 hold its addresses, and Google's is the same for everybody.
  private func address(_ driver: EndpointDeclaration.Driver, _ fields: inout Fields) -> YAMLNode? {
    switch driver {
    case .embedded, .scim1: nil
    case .google: fields.take("url")
    case .scim2, .spml2, .salesforce, .wso2: fields.require("url", of: "an endpoint of this type")
    }
  }

  /// Presets and switches come with the dialects themselves.
  private func checkDialect(_ node: YAMLNode) {
    guard node.text.flatMap(Dialect.init) == nil else { return }
    scope.report(
      .unavailableDialect, "this dialect is not available in this version", at: node.mark,
      hint: "the dialects that are: \(Dialect.allCases.map(\.rawValue).quoted(and: "and"))")
  }

  private func readPolicy(_ fields: inout Fields, into endpoint: inout EndpointDeclaration) {
    let limits = LimitsReader(paths: paths)
    endpoint.ownership = fields.choice("ownership", EndpointDeclaration.Ownership.self) ?? endpoint.ownership
    endpoint.drift = fields.choice("drift", EndpointDeclaration.DriftPolicy.self) ?? endpoint.drift
    endpoint.limits = fields.take("limits").map(limits.limits) ?? endpoint.limits
    endpoint.safety = fields.take("safety").map(limits.safety) ?? endpoint.safety
    endpoint.interval = fields.duration("interval") ?? endpoint.interval
    if endpoint.interval == 0 {
      scope.report(
        .invalidDuration, "`interval` must not be zero", at: fields.node["interval"]?.mark ?? fields.node.mark)
    }
  }

  private func readMatching(_ fields: inout Fields, into endpoint: inout EndpointDeclaration) {
    let matching = MatchingReader(paths: paths)
    endpoint.scope = fields.take("scope").map(matching.scope) ?? endpoint.scope
    endpoint.situations = fields.take("situations").map(matching.situations) ?? endpoint.situations
    endpoint.correlation = fields.items("correlation").map(matching.correlation) ?? endpoint.correlation
    endpoint.ignore = fields.items("ignore").map(matching.ignored) ?? endpoint.ignore
    let mapping = MappingReader(paths: paths)
    endpoint.mapping = fields.items("mapping")?.compactMap(mapping.read) ?? []
  }

  private var paths: PathReader { PathReader(rules: rules, scope: scope) }
}
