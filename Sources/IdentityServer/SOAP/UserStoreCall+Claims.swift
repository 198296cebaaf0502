import JSON
import LocalDirectory
import SCIM

extension UserStoreCall {
  func setClaim() async throws {
    let claim = try claim(uri: text("claimURI") ?? "")
    let value = text("claimValue")
    try await edit { edit throws(SOAPFault) in try edit.set(claim, to: value) }
  }

  func setClaims() async throws {
    let claims = try givenClaims()
    try await edit { edit throws(SOAPFault) in
      for (claim, value) in claims { try edit.set(claim, to: value) }
    }
  }

  func addClaim() async throws {
    let claim = try claim(uri: text("claimURI") ?? "")
    let value = text("claimValue")
    try await edit { edit throws(SOAPFault) in try edit.add(value, to: claim) }
  }

  func addClaims() async throws {
    let claims = try givenClaims()
    try await edit { edit throws(SOAPFault) in
      for (claim, value) in claims { try edit.add(value, to: claim) }
    }
  }

  func deleteClaim() async throws {
    let claim = try claim(uri: text("claimURI") ?? "")
    try await edit { edit throws(SOAPFault) in try edit.set(claim, to: nil) }
  }

  func deleteClaims() async throws {
    let claims = try texts("claims").map(claim)
    try await edit { edit throws(SOAPFault) in
      for claim in claims { try edit.set(claim, to: nil) }
    }
  }

  /// The value of one claim; nil when the user has none.
  func claim() async throws -> String? {
    try claim(uri: text("claim") ?? "").value(of: try await subject())
  }

  /// The values of the claims that were asked for, as far as the user has any.
  func claimValues() async throws -> [SOAPValue] {
    let user = try await subject()
    return texts("claims").compactMap { uri in
      Claim(uri: uri)?.value(of: user).map { .structure(["claimURI": .text(uri), "value": .text($0)]) }
    }
  }

  /// All claims of the user with what is known of them.
  func describedClaims() async throws -> [SOAPValue] {
    let user = try await subject()
    return Claim.all.enumerated().compactMap { position, claim in
      claim.value(of: user).map { value in
        .structure([
          "claimUri": .text(claim.uri), "description": .text(claim.title), "dialectURI": .text(Claim.dialect),
          "displayOrder": .number(position + 1), "displayTag": .text(claim.title),
          "required": .boolean(claim.isRequired), "supportedByDefault": .boolean(true), "value": .text(value),
        ])
      }
    }
  }

  /// The claims of the parameter `claims` with their values.
  func givenClaims() throws(SOAPFault) -> [(Claim, String?)] {
    var claims: [(Claim, String?)] = []
    for given in arguments["claims"]?.list ?? [] {
      claims.append((try claim(uri: given["claimURI"].text ?? ""), given["value"].text))
    }
    return claims
  }

  /// - Throws: ``SOAPFault`` 30005 for a claim that no attribute holds.
  func claim(uri: String) throws(SOAPFault) -> Claim {
    guard let claim = Claim(uri: uri) else {
      throw .store(.invalidClaim, "Claim URI is invalid: no attribute holds \"\(uri)\".")
    }
    return claim
  }

  /// Changes claims of the user in one write, over again when somebody else has changed the user in between.
  private func edit(_ change: (inout ClaimEdit) throws(SOAPFault) -> Void) async throws {
    for attempt in 1... {
      let user = try await subject()
      var edit = ClaimEdit(user)
      try change(&edit)
      do {
        _ = try await directory.patch(
          type: try type("User"), id: user.id, operations: edit.operations, ifMatch: user.version, by: author,
          projection: .identity)
        return
      } catch let error as SCIMError where error.status == 412 && attempt < Self.attempts {
        continue
      } catch let error as SCIMError {
        throw SOAPFault(error)
      }
    }
  }

  private static let attempts = 5
}
