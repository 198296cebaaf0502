import JSON
import SCIM

/// A column of a list: what it is called, and what it shows of a resource.
struct ListColumn: Sendable {
  let title: String
  /// Whether it tells what works and what does not.
  var isState = false
  /// Whether it holds what must not be broken into lines, such as a time; names of any length may.
  var isWhole = false
  let text: @Sendable (Resource) -> String

  static let fullName = ListColumn(title: "Name") { $0.fullName ?? "" }
  static let displayName = ListColumn(title: "Display name") { $0.displayName ?? "" }

  static let email = ListColumn(title: "E-mail") { user in
    let emails = user["emails"]?.array ?? []
    return (emails.first { $0["primary"] == true } ?? emails.first)?["value"]?.string ?? ""
  }

  static let activity = ListColumn(title: "State", isState: true, isWhole: true) {
    $0["active"] == false ? disabled : "Active"
  }
  static let enablement = ListColumn(title: "State", isState: true, isWhole: true) {
    $0["enabled"] == false ? disabled : "Enabled"
  }
  static let disabled = "Disabled"

  static let permissions = ListColumn(title: "Permissions") { role in
    let permissions = role["permissions"]?.array ?? []
    return permissions.count > 2
      ? "\(permissions.count) permissions" : permissions.compactMap(\.string).joined(separator: ", ")
  }

  static let connectors = ListColumn(title: "Connectors") { provider in
    (provider["provisioning"]?["connectors"]?.array ?? []).compactMap { $0["name"]?.string }.joined(separator: ", ")
  }

  static let clientID = ListColumn(title: "Client ID") { provider in
    guard let client = provider["inbound"]?["openidconnect"] else { return "" }
    return client["clientId"]?.string ?? provider.id
  }

  static let created = ListColumn(title: "Added", isWhole: true) { ReadableTime.text($0["meta"]?["created"]?.string) }
  static let lastModified = ListColumn(title: "Last changed", isWhole: true) {
    ReadableTime.text($0["meta"]?["lastModified"]?.string)
  }
}

extension Resource {
  /// What people call it.
  var label: String {
    userName ?? displayName ?? attributes["name"]?.string ?? id
  }

  /// The name of a person, as far as it is known.
  var fullName: String? {
    let name = attributes["name"]
    let parts = [name?["givenName"]?.string, name?["familyName"]?.string].compactMap(\.self)
    return displayName ?? name?["formatted"]?.string ?? (parts.isEmpty ? nil : parts.joined(separator: " "))
  }
}

/// Times as people read them.
enum ReadableTime {
  /// `2026-11-26 09:30 UTC` of `2026-11-26T09:30:00.000Z`; what is no such time stays as it is.
  static func text(_ timestamp: String?) -> String {
    guard let timestamp else { return "" }
    let parts = timestamp.split(separator: "T")
    guard parts.count == 2, parts[1].hasSuffix("Z") else { return timestamp }
    return "\(parts[0]) \(parts[1].prefix(5)) UTC"
  }
}
