import JSON
import SCIM

/// A fact about a user by its URI in WSO2's own dialect, and the attribute that holds it.
struct Claim: Hashable, Sendable {
  static let dialect = "http://wso2.org/claims"

  enum Target: Hashable, Sendable {
    /// A single-valued text.
    case text(AttributePath)
    /// A boolean, or its opposite.
    case flag(String, isInverted: Bool)
    /// The values of a multi-valued attribute that have this type. Without a type: those that have none, or else those
    /// of the type of the preferred value.
    case values(String, type: String?)
    /// A part of the preferred postal address.
    case address(String)
    /// The name of the user, which only the creation sets.
    case userName
    /// What the directory tells of a user.
    case told(AttributePath)
    /// Groups or roles, which other operations change.
    case roles(attribute: String, kind: String)
  }

  /// What follows the dialect and a slash.
  let name: String
  /// What forms call it.
  let title: String
  let target: Target
  var isRequired = false

  init(_ name: String, _ title: String, _ target: Target, isRequired: Bool = false) {
    self.name = name
    self.title = title
    self.target = target
    self.isRequired = isRequired
  }

  var uri: String { "\(Self.dialect)/\(name)" }

  /// The claim with this URI, compared without regard to case; nil when no attribute holds it.
  init?(uri: String) {
    guard let claim = Self.byURI[uri.lowercased()] else { return nil }
    self = claim
  }

  private static let byURI = Dictionary(
    all.map { ($0.uri.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })
}

extension Claim {
  /// The claim as one text, several values with commas between them; nil when the user has none.
  func value(of user: Resource) -> String? {
    let values = values(of: user)
    return values.isEmpty ? nil : values.joined(separator: Self.separator)
  }

  static let separator = ","

  func values(of user: Resource) -> [String] {
    switch target {
    case .text(let path), .told(let path): path.values(in: user.attributes).compactMap(\.string)
    case .flag(let name, let isInverted): user[name]?.bool.map { [String($0 != isInverted)] } ?? []
    case .values(let name, let type): ElementList(user[name]).values(ofType: type)
    case .address(let part): ElementList(user["addresses"]).preferred?[part]?.string.map { [$0] } ?? []
    case .userName: user.userName.map { [$0] } ?? []
    case .roles(let attribute, let kind):
      (kind == "Role" ? [RoleName.everyone.text] : []) + RoleName.names(in: user[attribute], kind: kind).map(\.text)
    }
  }

  /// A filter that every user whose claim has this value passes; nil when there is none to tell.
  func filter(equals value: String) -> Filter? {
    switch target {
    case .text(let path): .compare(path, .equal, .string(value))
    case .values(let name, _):
      .valuePath(AttributePath(name), .compare(AttributePath("value"), .equal, .string(value)))
    case .address(let part): .compare(AttributePath("addresses", sub: part), .equal, .string(value))
    case .userName: .compare(AttributePath("userName"), .equal, .string(value))
    case .told(let path) where path.attribute == "id": .compare(path, .equal, .string(value))
    case .flag, .told, .roles: nil
    }
  }
}
