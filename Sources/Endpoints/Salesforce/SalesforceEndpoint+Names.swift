import JSON
import SCIM

extension SalesforceEndpoint {
  /// Records as the mapping wants them: with names in the place of the ids of profiles and user roles.
  ///
  /// They are read when the first record refers to one that is not known yet.
  func naming(_ records: [JSONObject], _ mapping: UserMapping) async throws(EndpointError) -> [JSONObject] {
    var records = records
    for (field, names) in namedFields(mapping) {
      let ids = records.compactMap { $0[field]?.string }
      if ids.contains(where: { names[$0] == nil }) {
        try await learn(names)
        // What was deleted meanwhile, or is kept from us, goes by its id.
        names.learn(ids.filter { names[$0] == nil }.map { ($0, $0) })
      }
      for index in records.indices {
        if let id = records[index][field]?.string { records[index][field] = names[id].map(JSONValue.string) }
      }
    }
    return records
  }

  /// A record as Salesforce wants it: with ids in the place of names.
  /// - Throws: `rejected` for a name that nothing or more than one thing there has.
  func identifying(_ record: JSONObject, _ mapping: UserMapping) async throws(EndpointError) -> JSONObject {
    var record = record
    for (field, names) in namedFields(mapping) {
      guard let name = record[field]?.string else { continue }
      record[field] = .string(try await id(of: name, names))
    }
    return record
  }

  private func id(of name: String, _ names: ObjectNames) async throws(EndpointError) -> String {
    let object = names.object.rawValue
    if names.ids(named: name).isEmpty { try await learn(names, only: [.equals("Name", name)]) }
    let ids = names.ids(named: name)
    switch ids.count {
    case 1: return ids[0]
    // An id is as good as a name.
    case 0 where names[name] != nil: return name
    case 0: throw EndpointError(.rejected, "the organisation has no \(object) named '\(name)'")
    default: throw EndpointError(.rejected, "more than one \(object) is named '\(name)': write the id instead")
    }
  }

  private func learn(_ names: ObjectNames, only conditions: [SOQL.Condition] = []) async throws(EndpointError) {
    let query = SOQL(["Id", "Name"], from: names.object.rawValue, where: conditions)
    let records = try await all(query)
    names.learn(
      records.compactMap { record in
        guard let id = record["Id"]?.string, let name = record["Name"]?.string else { return nil }
        return (id, name)
      })
  }

  private func namedFields(_ mapping: UserMapping) -> [(field: String, names: ObjectNames)] {
    mapping.fields.compactMap { field in
      guard case .name(let object) = field.form else { return nil }
      return (field.name, object == .profile ? profiles : roles)
    }
  }
}
