import Reconciliation
import SCIM
import XML

/// An endpoint of SPML 2.0 over SOAP 1.1 whose objects follow the DSML v2 profile (OASIS Standards, 1 April 2006).
///
/// What the target can do and hold is asked of it once (`listTargets`). Users and groups are objects of one class each;
/// ``DSMLField`` tells which attributes hold what. Whether somebody is active is no attribute there but a state, which the
/// suspend capability changes and tells, and passwords are set by the password capability where there is one.
package final class SPML2Endpoint: Endpoint {
  package let name: String
  package let ownUserName: String?

  let dialogue: SPMLDialogue
  let walks = SPMLWalks()
  let pageSize: Int
  private let settings: SPML2Settings
  private let learned = LearnedOnce<SPMLView>()

  /// - Parameters:
  ///   - clock: what the waits between attempts are measured by.
  ///   - generator: where the jitter of these waits, and our request ids, come from.
  /// - Throws: `misconfigured` when the address, the credential or the trust cannot be used.
  package init(
    _ configuration: SPML2Configuration, clock: any Clock<Duration> = ContinuousClock(),
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) throws(EndpointError) {
    name = configuration.name
    ownUserName = configuration.connection.credential?.userName
    settings = configuration.settings
    pageSize = max(configuration.pageSize, 1)
    _ = try SCIM2Address(configuration.url, allowsPlaintext: configuration.allowsPlaintext)
    var generator = generator
    let idPrefix = String(UInt64.random(in: .min ... .max, using: &generator), radix: 36)
    let connection = try EndpointConnection(
      configuration.connection, base: configuration.url, format: .soap11, clock: clock, generator: generator)
    dialogue = SPMLDialogue(
      connection, clock: clock, patience: configuration.connection.retry.patience, idPrefix: idPrefix)
  }

  /// Tells the provider of the searches that are not read to their end, and lets go of the connections.
  package func close() async {
    for iterator in walks.takeIterators() { await closeIterator(iterator) }
    await dialogue.close()
  }

  package func capabilities() async throws(EndpointError) -> Capabilities { try await view().capabilities }

  /// What the target is, asked once.
  func view() async throws(EndpointError) -> SPMLView {
    try await learned.value { () throws(EndpointError) -> SPMLView in
      let request = SPMLRequest(
        "listTargetsRequest", SPMLNamespace.core, id: dialogue.nextID(), effect: .read,
        [("profile", SPMLNamespace.dsmlProfile)])
      let target = try SPMLTarget.chosen(by: settings, in: try await dialogue.ask(request))
      dialogue.expectOutcomes(target.can(.async))
      return try SPMLView(target, settings)
    }
  }
}

/// An object as a response tells it.
struct SPMLObject: Sendable {
  let id: PSOIdentifier
  let attributes: DSMLAttributes

  /// Reads a `pso` element; nil when it does not say which object it is.
  init?(_ element: MessageElement) {
    guard let id = element["psoID"].flatMap({ PSOIdentifier($0) }) else { return nil }
    self.id = id
    attributes = DSMLAttributes(element["data"])
  }
}
