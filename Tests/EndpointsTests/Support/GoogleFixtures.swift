import JSON

enum GoogleFixtures {
  static func user(_ name: String, _ more: JSONObject = [:]) -> JSONObject {
    JSONObject(
      uniqueMembers: ([
        "userName": .string("\(name)@corp.example"), "externalId": .string("E-\(name)"),
        "name": ["givenName": .string(name), "familyName": "Family"], "active": true,
      ] as JSONObject).members + more.members)
  }
}
