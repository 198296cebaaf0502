import JSON
import NIOHTTP1
import SCIM

extension GoogleEndpoint {
  /// The ids of all direct members of a group; who has none there, by address.
  func members(of group: String) async throws(EndpointError) -> [String] {
    var members: [String] = []
    var token: String?
    repeat {
      let page = try await list(try GoogleAddress.members(of: group), "members", [("maxResults", "200")], token)
      for member in page.entries {
        guard let id = member["id"]?.string ?? member["email"]?.string else {
          throw EndpointError(.malformed, "Google told a member that has neither id nor address")
        }
        members.append(id)
      }
      token = page.next
    } while token != nil
    return members
  }

  /// Adds and removes members one by one, a few at once, as Google wants it. What goes wrong with one keeps no other.
  func apply(_ edit: MembershipEdit, toGroup group: String) async throws(EndpointError) {
    guard !edit.isEmpty else { return }
    let edit = edit.all == nil ? edit : edit.resolved(against: try await members(of: group))
    try await carryOut(edit, add: { member throws(EndpointError) in try await self.add(member, to: group) }) {
      member throws(EndpointError) in
      try await self.remove(member, from: group)
    }
  }

  /// - Throws: the first failure, with how many there were.
  func carryOut(
    _ edit: MembershipEdit, add: @escaping @Sendable (String) async throws(EndpointError) -> Void,
    remove: @escaping @Sendable (String) async throws(EndpointError) -> Void
  ) async throws(EndpointError) {
    let steps = edit.added.map { (id: $0, joins: true) } + edit.removed.map { (id: $0, joins: false) }
    let results = try await SideBySide.map(steps) { (step) throws(EndpointError) in
      await SideBySide.result { () throws(EndpointError) in
        try await step.joins ? add(step.id) : remove(step.id)
      }
    }
    let failures = results.compactMap { result in if case .failure(let error) = result { error } else { nil } }
    guard let first = failures.first else { return }
    throw failures.count == 1
      ? first
      : EndpointError(
        first.kind, status: first.status,
        "\(failures.count) of \(steps.count) members could not be changed; the first: \(first.message)")
  }

  private func add(_ member: String, to group: String) async throws(EndpointError) {
    var body: JSONObject = ["role": "MEMBER"]
    // The address is what Google asks for; an id will do where it was not seen.
    if let address = member.contains("@") ? member : knowledge.address(of: member) {
      body["email"] = .string(address)
    } else {
      body["id"] = .string(member)
    }
    var request = EndpointRequest(.POST, try GoogleAddress.members(of: group), body: body)
    // A second one finds the first, and is refused.
    request.effect = .repeatableWrite
    let insert = request
    do throws(EndpointError) {
      _ = try await settled([group, member]) { () throws(EndpointError) -> JSONObject? in try await send(insert) }
    } catch {
      switch error.kind {
      case .conflict: return
      case .notFound:
        throw EndpointError(
          .rejected, status: error.status,
          "the member \(knowledge.address(of: member) ?? member) or the group is not there: \(error.message)")
      default: throw error
      }
    }
  }

  private func remove(_ member: String, from group: String) async throws(EndpointError) {
    do throws(EndpointError) {
      let target = try GoogleAddress.item(member, in: try GoogleAddress.members(of: group))
      _ = try await send(EndpointRequest(.DELETE, target))
    } catch {
      // Who does not belong is told as 404, or as a missing key.
      guard error.kind == .notFound || (error.status == 400 && error.message.contains("resourceKey")) else {
        throw error
      }
    }
  }
}
