import JSON
import NIOHTTP1
import Reconciliation
import SCIM

extension GoogleEndpoint {
  /// Runs a create; when its address is taken, says by what.
  func explainingConflict(
    over address: String, isGroup: Bool = false, _ create: () async throws(EndpointError) -> Resource
  ) async throws(EndpointError) -> Resource {
    do throws(EndpointError) {
      return try await create()
    } catch {
      // An address in use elsewhere is told as 409 or as 412.
      guard [.conflict, .stale].contains(error.kind) else { throw error }
      // What cannot be adopted is no conflict between two that are the same.
      if let reason = try? await stranger(at: address, isGroup: isGroup) {
        throw EndpointError(.rejected, status: error.status, reason)
      }
      throw EndpointError(.conflict, status: error.status, error.message)
    }
  }

  /// What else has an address: users and groups share one space of them, and who was deleted keeps theirs for a while. nil
  /// when it is that of a user or group which can be adopted.
  private func stranger(at address: String, isGroup: Bool) async throws(EndpointError) -> String? {
    if let user = try await raw(try GoogleAddress.user(address)) {
      let primary = user["primaryEmail"]?.string ?? ""
      let isPrimary = primary.lowercased() == address.lowercased()
      if isPrimary, !isGroup { return nil }
      return "\(address) is \(isPrimary ? "the address" : "an alias") of the user \(primary)"
    }
    if let group = try await raw(try GoogleAddress.group(address)) {
      if isGroup { return nil }
      return "\(address) is the address of the group \(group["name"]?.string ?? group["email"]?.string ?? "")"
    }
    let parameters = [("customer", settings.customer), ("query", "email:\(address)"), ("showDeleted", "true")]
    let deleted = try await list(GoogleAddress.users, "users", parameters, nil).entries
    return deleted.first { $0["primaryEmail"]?.string?.lowercased() == address.lowercased() }.map { user in
      "the user \(address) was deleted\(user["deletionTime"]?.string.map { " at \($0)" } ?? ""), and Google keeps the name"
        + " for 20 days; restore the user in the Admin console (Users, Recently deleted), and the next run adopts it"
    }
  }

  private func raw(_ target: String) async throws(EndpointError) -> JSONObject? {
    do throws(EndpointError) {
      return try await send(EndpointRequest(.GET, target))
    } catch {
      guard error.kind == .notFound else { throw error }
      return nil
    }
  }
}
