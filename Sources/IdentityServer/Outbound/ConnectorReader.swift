import JSON
import LocalDirectory
import Reconciliation
import SCIM

/// Makes connectors of what identity provider resources say of them.
struct ConnectorReader {
  /// The Endpoint manifests that the server was started with, by name.
  let endpoints: [String: EndpointDeclaration]

  /// What is provisioned unless an Endpoint manifest says otherwise: as WSO2's connectors do.
  private static let standardKinds: Set<String> = ["User", "Group"]
  /// What configures a server and is no account.
  private static let neverProvisioned: Set<String> = ["IdentityProvider", "ServiceProvider", "Schema"]

  /// - Parameters:
  ///   - json: one element of `provisioning.connectors`, secrets included.
  ///   - provider: the identity provider that it belongs to.
  func connector(_ json: JSONValue, of provider: Resource) throws(ConnectorProblem) -> Connector {
    let providerName = provider["name"]?.string ?? ""
    guard let own = json["name"]?.string else { throw ConnectorProblem("a connector has no name") }
    let name = ConnectorName.text(provider: providerName, connector: own)
    return Connector(
      name: name, declaration: try declaration(json, name), filter: try ConnectorFilter(json),
      userStoreDomain: json["userStoreDomain"]?.string.flatMap(Self.domain),
      provisionsPasswords: json["passwordProvisioning"]?.bool ?? false,
      isBlocking: json["blocking"]?.bool ?? provider["provisioning"]?["blocking"]?.bool ?? false,
      definition: [json, provider["provisioning"]?["blocking"] ?? .null])
  }

  private func declaration(_ json: JSONValue, _ name: String) throws(ConnectorProblem) -> EndpointDeclaration {
    if let endpoint = json["endpoint"]?.string { return try declared(endpoint, as: name) }
    guard let type = json["type"]?.string, let driver = EndpointDeclaration.Driver(rawValue: type) else {
      throw ConnectorProblem("it has neither a `type` nor an `endpoint`")
    }
    let groups = json["groupEndpoint"]?.string
    var declaration = EndpointDeclaration(
      name: name, driver: driver, authentication: try authentication(json),
      trust: EndpointDeclaration.Trust(json["tls"]))
    declaration.scope.kinds = groups == nil ? ["User"] : Self.standardKinds
    switch driver {
    case .scim1: declaration.settings = .scim1(SCIM1Settings(userEndpoint: try users(json), groupEndpoint: groups))
    case .scim2: declaration.url = try base(try users(json), groups)
    case .spml2:
      declaration.url = try users(json)
      declaration.settings = .spml2(SPML2Settings(groupClass: groups.map { _ in "group" }))
    case .embedded, .google, .salesforce, .wso2:
      throw ConnectorProblem(
        "type \(type) takes more than a connector can say: declare an Endpoint of this type, start the server with it"
          + " (serve -f), and name it with `endpoint`")
    }
    return declaration
  }

  private func users(_ json: JSONValue) throws(ConnectorProblem) -> String {
    guard let users = json["userEndpoint"]?.string else { throw ConnectorProblem("it has no `userEndpoint`") }
    return users
  }

  private func declared(_ endpoint: String, as name: String) throws(ConnectorProblem) -> EndpointDeclaration {
    guard var declaration = endpoints[endpoint] else {
      throw ConnectorProblem(
        "the server knows no Endpoint \"\(endpoint)\"; start it with the manifest that declares it (serve -f)")
    }
    guard declaration.scope.matchLabels.isEmpty else {
      throw ConnectorProblem(
        "the Endpoint \"\(endpoint)\" selects by labels, which only manifests have; use scope.filter")
    }
    declaration.name = name
    declaration.scope.kinds = (declaration.scope.kinds ?? Self.standardKinds).subtracting(Self.neverProvisioned)
    return declaration
  }

  /// SCIM 2.0 has one address below which both are.
  private func base(_ users: String, _ groups: String?) throws(ConnectorProblem) -> String {
    let collections = [(users, "/Users"), (groups, "/Groups")]
    let bases = collections.compactMap { address, path in
      address.map { $0.hasSuffix(path) ? String($0.dropLast(path.count)) : "" }
    }
    guard let base = bases.first, !base.isEmpty, bases.allSatisfy({ $0 == base }) else {
      throw ConnectorProblem(
        "`userEndpoint` and `groupEndpoint` of SCIM 2.0 must be one address and /Users and /Groups")
    }
    return base
  }

  private func authentication(_ json: JSONValue) throws(ConnectorProblem) -> EndpointDeclaration.Authentication? {
    if let token = json["token"]?.string { return .bearer(token: .literal(Secret(token)), expiresAt: nil) }
    guard let username = json["username"]?.string else { return nil }
    guard let password = json["password"]?.string else {
      throw ConnectorProblem("it has no `password`, or one that was sealed with another key")
    }
    return .basic(username: username, password: .literal(Secret(password)))
  }

  /// A name without a domain belongs to the primary user store everywhere.
  private static func domain(_ text: String) -> String? {
    text.isEmpty || text.uppercased() == UserStoreDomain.primary ? nil : text
  }
}
