import Foundation
import JSON
import Reconciliation
import SCIM

/// Reads the `spec` of an `Endpoint` document.
struct EndpointReader {
  /// The types that this version has drivers for.
  static let available: [EndpointDeclaration.Driver] = [.embedded, .scim2, .scim1]

  private enum Dialect: String, CaseIterable { case auto }

  let rules: RuleBook
  let scope: FileScope

  /// nil, and a fault, when the endpoint is of no use.
  func read(_ spec: YAMLNode, name: String, location: SourceLocation) -> EndpointDeclaration? {
    guard var fields = Fields(spec, scope, what: "`spec`"), let type = fields.require("type", of: "`spec`"),
      let driver = scope.choice(type, EndpointDeclaration.Driver.self, what: "`type`"), isAvailable(driver, type)
    else {
      scope.concealSuspects(in: spec)
      return nil
    }
    var endpoint = EndpointDeclaration(name: name, driver: driver, location: location)
    switch driver {
    case .embedded: endpoint.store = fields.string("store")
    default: readConnection(&fields, into: &endpoint)
    }
    readPolicy(&fields, into: &endpoint)
    readMatching(&fields, into: &endpoint)
    fields.finish("an endpoint of type `\(driver.rawValue)`")
    return endpoint
  }

  private func isAvailable(_ driver: EndpointDeclaration.Driver, _ node: YAMLNode) -> Bool {
    if Self.available.contains(driver) { return true }
    scope.report(
      .unavailableType, "the endpoint type `\(driver.rawValue)` is not available in this version", at: node.mark,
      hint: "the types that are: \(Self.available.map(\.rawValue).quoted(and: "and"))")
    return false
  }

  private func readConnection(_ fields: inout Fields, into endpoint: inout EndpointDeclaration) {
    let reader = ConnectionReader(scope: scope)
    endpoint.allowsPlaintext = fields.bool("allowPlaintext") ?? false
    switch endpoint.driver {
    case .scim1: readAddresses(&fields, reader, into: &endpoint)
    default:
      endpoint.url = fields.require("url", of: "an endpoint of this type")
        .flatMap { reader.url($0, allowsPlaintext: endpoint.allowsPlaintext) }
    }
    endpoint.authentication = fields.take("auth").flatMap(reader.authentication)
    endpoint.trust = fields.take("tls").flatMap(reader.trust) ?? .system
    if let node = fields.take("dialect") { checkDialect(node) }
  }

  /// SCIM 1.1 is told where users and groups are, each for itself, as WSO2's connector is.
  private func readAddresses(
    _ fields: inout Fields, _ reader: ConnectionReader, into endpoint: inout EndpointDeclaration
  ) {
    func address(_ node: YAMLNode, _ field: String, _ collection: String) -> String? {
      reader.url(
        node, field: field, example: "https://localhost:9443/wso2/scim/\(collection)",
        allowsPlaintext: endpoint.allowsPlaintext)
    }
    endpoint.userEndpoint = fields.require("userEndpoint", of: "an endpoint of type `scim1`")
      .flatMap { address($0, "userEndpoint", "Users") }
    endpoint.groupEndpoint = fields.take("groupEndpoint").flatMap { address($0, "groupEndpoint", "Groups") }
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
