import JSON
import SCIM

/// A workforce of any size, the same for the same numbers: as manifests, and as the resources of an endpoint in sync.
struct Workload {
  let users: Int
  let groups: Int

  private static let given = [
    "Alice", "Björn", "Chloé", "David", "Erin", "Łukasz", "Mei", "Olga", "Þóra", "Yūki", "No", "Null",
  ]
  private static let family = [
    "Smith", "O'Brien", "Müller", "Novák", "佐藤", "Garcia", "True", "Иванова", "Hansen", "Rossi",
  ]
  private static let titles = [
    "Engineer", "Director: Operations", "VP, Finance & Treasury", "Designer #2", "Nurse", "Analyst",
  ]
  private static let departments = ["Engineering", "Finance", "Legal", "People", "Sales", "Support"]

  /// Five hundred documents a text, as a repository of this size would have.
  func manifests() -> [String] {
    let documents = (0..<users).map(userManifest) + (0..<groups).map(groupManifest)
    return stride(from: 0, to: documents.count, by: 500).map { start in
      documents[start..<min(start + 500, documents.count)].joined(separator: "---\n")
    }
  }

  /// What the endpoint holds when it is in sync.
  func resources() -> (users: [JSONObject], groups: [JSONObject]) {
    ((0..<users).map(userResource), (0..<groups).map(groupResource))
  }

  static func userID(_ index: Int) -> String { "2819c223-7f76-453a-919d-\(padded(index, 12))" }
  static func groupID(_ index: Int) -> String { "e9e30dba-f08f-4109-8486-\(padded(index, 12))" }

  /// Group sizes fall as one over the rank: one huge group, a few large ones, many small ones.
  func members(of group: Int) -> [Int] {
    let size = max(2, min(users / 2, users / (2 * (group + 1))) + 3)
    let step = max(1, users / size)
    return (0..<min(size, users)).map { ($0 * step + group * 7) % users }.uniqued()
  }

  private func manager(of user: Int) -> Int? { user < users / 20 ? nil : (user * 31) % max(1, users / 20) }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private func name(_ user: Int) -> (given: String, family: String) {
    (Self.given[user % Self.given.count], Self.family[(user / 3) % Self.family.count])
  }

  private func userManifest(_ index: Int) -> String {
    let key = Self.padded(index, 6)
    let name = name(index)
    return """
      apiVersion: rollcall/v1
      kind: User
      metadata:
        name: u\(key)
      spec:
        userName: user\(key)@corp.example
        externalId: E\(key)
        name:
          givenName: "\(name.given)"
          familyName: "\(name.family)"
          formatted: "\(name.given) \(name.family)"
        displayName: "\(name.given) \(name.family)"
        emails:
        - value: user\(key)@corp.example
          type: work
          primary: true
        active: \(index % 20 != 0)
        title: "\(Self.titles[index % Self.titles.count])"
        enterprise:
          employeeNumber: "\(key)"
          department: \(Self.departments[index % Self.departments.count])
      \(manager(of: index).map { "    manager: u\(Self.padded($0, 6))\n" } ?? "")
      """
  }

  private func groupManifest(_ index: Int) -> String {
    let members = members(of: index).map { "  - u\(Self.padded($0, 6))\n" }.joined()
    return """
      apiVersion: rollcall/v1
      kind: Group
      metadata:
        name: g\(Self.padded(index, 6))
      spec:
        displayName: Team \(index)
        externalId: G\(index)
        members:
      \(members)
      """
  }

  private func userResource(_ index: Int) -> JSONObject {
    let key = Self.padded(index, 6)
    let name = name(index)
    var enterprise: JSONObject = [
      "employeeNumber": .string(key), "department": .string(Self.departments[index % Self.departments.count]),
    ]
    if let manager = manager(of: index) { enterprise["manager"] = ["value": .string(Self.userID(manager))] }
    return [
      "schemas": [.string(SchemaURN.user), .string(SchemaURN.enterpriseUser)], "id": .string(Self.userID(index)),
      "externalId": .string("E\(key)"), "userName": .string("user\(key)@corp.example"),
      "name": [
        "givenName": .string(name.given), "familyName": .string(name.family),
        "formatted": .string("\(name.given) \(name.family)"),
      ],
      "displayName": .string("\(name.given) \(name.family)"),
      "emails": [["value": .string("user\(key)@corp.example"), "type": "work", "primary": true]],
      "active": .bool(index % 20 != 0), "title": .string(Self.titles[index % Self.titles.count]),
      SchemaURN.enterpriseUser: .object(enterprise), "meta": Self.meta("User"),
    ]
  }

  private func groupResource(_ index: Int) -> JSONObject {
    [
      "schemas": [.string(SchemaURN.group)], "id": .string(Self.groupID(index)), "externalId": .string("G\(index)"),
      "displayName": .string("Team \(index)"),
      "members": .array(members(of: index).map { ["value": .string(Self.userID($0)), "type": "User"] }),
      "meta": Self.meta("Group"),
    ]
  }

  private static func meta(_ type: String) -> JSONValue {
    [
      "resourceType": .string(type), "created": "2026-01-05T08:00:00Z", "lastModified": "2026-01-05T08:00:00Z",
      "version": "W/\"1\"",
    ]
  }
}

extension Array where Element: Hashable {
  fileprivate func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
