import HTTPTypes
import HummingbirdCore
import LocalDirectory
import OpenID
import SCIM

/// Makes a new secret for an application, and shows it this once.
struct ClientSecretPage {
  private let place: ResourcePlace
  private var visit: ConsoleVisit { place.visit }

  init(_ place: ResourcePlace) { self.place = place }

  func response() async throws -> Response {
    try place.demand(.update)
    let label = try await place.resource().label
    guard let client = try await visit.directory.client(registeredBy: place.id) else {
      throw SCIMError(status: 404, nil, "\(label) is no OpenID Connect client, so it has no secret.")
    }
    guard visit.isPost else { return question(label, client.isPublic) }
    _ = try await visit.posted()
    guard let secret = try await ClientSecrets(visit.directory).renew(client.id, by: visit.author) else {
      throw SCIMError(status: 404, nil, "There is no application with the client ID \(client.id) any more.")
    }
    return visit.page(
      "console-secret", title: "The new secret of \(label.isolated)", section: place.kind.path,
      [
        "client_id": .text(client.id), "secret": .text(secret.text),
        "back": .object(["address": .text(place.path()), "label": .text("Back to \(label.isolated)")]),
      ])
  }

  private func question(_ label: String, _ isPublic: Bool) -> Response {
    let consequence =
      isPublic
      ? "The application has no secret so far. With one it must show it from then on."
      : "The secret that the application has now is worth nothing from then on."
    return ConfirmationPage(
      title: "Make a new client secret for \(label.isolated)?",
      texts: [consequence, "The new one is shown once: the server keeps a hash of it only."],
      action: place.path(.secret), cancel: place.path(), submit: "Make a new secret", isDangerous: false
    ).response(visit, place.kind, .ok)
  }
}
