import HummingbirdCore

/// One of the protocols that the server speaks: which paths are its own, how it answers, and how its refusals read.
protocol WebService: Sendable {
  /// Whether requests to this path are for this service.
  /// - Parameter path: as it stands in the request, still percent-encoded.
  func owns(_ path: String) -> Bool

  /// - Throws: ``Refusal`` and `SCIMError` for what the client did wrong, anything else for what failed here.
  func respond(to exchange: Exchange) async throws -> Response

  /// What went wrong, as clients of this protocol read it.
  func response(to refusal: Refusal) -> Response

  /// What a request to this path is counted as: one of a few words, never something that the client chose.
  func route(of path: String) -> String
}

extension WebService {
  /// The name of the service.
  func route(of path: String) -> String { Self.routeName }

  /// `health` of `HealthService`.
  static var routeName: String {
    let name = "\(Self.self)"
    return (name.hasSuffix("Service") ? String(name.dropLast("Service".count)) : name).lowercased()
  }
}
