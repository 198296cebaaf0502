import JSON
import SCIM

/// Changes of a user's claims, gathered into the operations of one PATCH.
struct ClaimEdit {
  private let user: Resource
  private var singles: [AttributePath: PatchOperation] = [:]
  private var lists: [String: ElementList] = [:]

  /// - Parameter user: as the user is now; empty for one who is yet to be created.
  init(_ user: Resource) { self.user = user }

  var operations: [PatchOperation] {
    singles.sorted { $0.key.description < $1.key.description }.map(\.value)
      + lists.sorted { $0.key < $1.key }.map { PatchOperation(.replace, AttributePath($0.key), value: $0.value.json) }
  }

  /// Makes the claim this value; nil or an empty text takes it away.
  /// - Throws: ``SOAPFault`` for a claim that is not to be set, or a value that is none of its type.
  mutating func set(_ claim: Claim, to value: String?) throws(SOAPFault) {
    let value = value.flatMap { $0.isEmpty ? nil : $0 }
    switch claim.target {
    case .text(let path): singles[path] = Self.operation(path, value.map(JSONValue.string))
    case .flag(let name, let isInverted):
      let flag = try value.map { text throws(SOAPFault) in try Self.flag(text, of: claim) != isInverted }
      singles[AttributePath(name)] = Self.operation(AttributePath(name), flag.map(JSONValue.bool))
    case .values(let name, let type):
      let values = value?.split(separator: Claim.separator).map { $0.trimmingBlanks } ?? []
      lists[name, default: ElementList(user[name])].set(values.filter { !$0.isEmpty }, ofType: type)
    case .address(let part): lists["addresses", default: ElementList(user["addresses"])].setPart(part, to: value)
    case .userName, .told, .roles:
      guard claim.value(of: user) != value else { return }
      throw .store(.invalidClaim, "The claim \(claim.uri) cannot be set.")
    }
  }

  /// Adds a value to the claim, unless the claim has it.
  mutating func add(_ value: String?, to claim: Claim) throws(SOAPFault) {
    guard let value, !value.isEmpty else { return }
    var edited = user
    for (name, list) in lists { edited[name] = list.json }
    var present = claim.values(of: edited)
    if case .text(let path) = claim.target, let pending = singles[path] {
      present = pending.value?.string.map { [$0] } ?? []
    }
    let known = present.flatMap { $0.split(separator: Claim.separator) }.map { $0.trimmingBlanks.lowercased() }
    guard !known.contains(value.lowercased()) else { return }
    try set(claim, to: (present + [value]).joined(separator: Claim.separator))
  }

  private static func operation(_ path: AttributePath, _ value: JSONValue?) -> PatchOperation {
    guard let value else { return PatchOperation(.remove, path) }
    return PatchOperation(.replace, path, value: value)
  }

  private static func flag(_ text: String, of claim: Claim) throws(SOAPFault) -> Bool {
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw .store(.invalidClaimValue, "The claim \(claim.uri) must be true or false.")
    }
  }
}

extension Substring {
  fileprivate var trimmingBlanks: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
