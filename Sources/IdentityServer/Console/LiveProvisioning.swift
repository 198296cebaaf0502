import HummingbirdCore
import LocalDirectory

/// The numbers of the provisioning page as they change, for browsers that run scripts.
struct LiveProvisioning: Sendable {
  static let path = "\(ProvisioningPage.path)/live"

  private let provisioning: OutboundProvisioning

  /// - Throws: ``Refusal`` 403, or 404 for a server that provisions nothing.
  init(_ visit: ConsoleVisit) throws(Refusal) {
    try visit.demandAdministrator()
    guard let provisioning = visit.surroundings.provisioning else { throw .notFound }
    self.provisioning = provisioning
  }

  func response() -> Response {
    LiveTexts.response { [provisioning] in
      let inUse = Set(provisioning.configured.connectors)
      return try await provisioning.statuses().flatMap { status in
        ConnectorContent.texts(status, isInUse: inUse.contains(status.state.name)).map { part, text in
          ("\(status.state.name) \(part)", text)
        }
      }
    }
  }
}
