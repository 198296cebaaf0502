import JSON
import NIOCore
import NIOHTTP1
import SCIM

/// Many records by one call (REST API Developer Guide, "sObject Collections").
extension SalesforceEndpoint {
  /// The most that one call takes.
  private static let recordsAtOnce = 200

  /// Creates rows. One that is there already is as good as created.
  func createRecords(of object: String, _ records: [JSONObject]) async throws(EndpointError) {
    if records.count == 1 { return try await createRecord(of: object, records[0]) }
    for part in records.parts(of: Self.recordsAtOnce) {
      let typed = part.map { record -> JSONValue in
        var record = record
        record["attributes"] = ["type": .string(object)]
        return .object(record)
      }
      var request = EndpointRequest(
        .POST, "\(api)/composite/sobjects", body: ["allOrNone": false, "records": .array(typed)])
      request.effect = .repeatableWrite
      try await connection.send(request) { answer throws(EndpointError) in
        try answer.checkRecords(count: part.count) { $0.kind == .conflict }
      }
    }
  }

  private func createRecord(of object: String, _ record: JSONObject) async throws(EndpointError) {
    var request = EndpointRequest(.POST, "\(api)/sobjects/\(object)", body: record)
    request.effect = .repeatableWrite
    do throws(EndpointError) {
      _ = try await connection.send(request)
    } catch {
      guard error.kind == .conflict else { throw error }
    }
  }

  /// Deletes rows. One that is gone already is as good as deleted.
  func deleteRecords(of object: String, _ ids: [String]) async throws(EndpointError) {
    if ids.count == 1 { return try await deleteRecord(of: object, ids[0]) }
    for part in ids.parts(of: Self.recordsAtOnce) {
      let query = SCIM2Address.query([("ids", part.joined(separator: ",")), ("allOrNone", "false")])
      try await connection.send(EndpointRequest(.DELETE, "\(api)/composite/sobjects" + query)) {
        answer
          throws(EndpointError) in
        try answer.checkRecords(count: part.count) { $0.kind == .notFound }
      }
    }
  }
}

extension EndpointResponse {
  /// Reads the results of the records one by one.
  /// - Parameter isHarmless: of a refusal that leaves things as they were to become.
  /// - Throws: the first refusal that is not; one that may not be met again comes first, so that the call is repeated.
  fileprivate func checkRecords(
    count: Int, except isHarmless: (SalesforceRefusal) -> Bool
  ) throws(EndpointError) {
    guard let results = (try? JSONValue(parsing: Array(body.readableBytesView)))?.array, results.count == count else {
      throw EndpointError(.malformed, status: status, "the answer does not say what became of each record")
    }
    let refusals = results.filter { $0["success"] != true }.flatMap { result -> [SalesforceRefusal] in
      (result["errors"]?.array ?? []).compactMap(SalesforceRefusal.init)
    }.filter { !isHarmless($0) }
    let errors = refusals.map { refusal in EndpointError(refusal.kind ?? .rejected, status: status, refusal.text) }
    if let error = errors.first(where: \.isTransient) ?? errors.first { throw error }
    guard results.allSatisfy({ $0["success"] == true || $0["errors"]?.array?.isEmpty == false }) else {
      throw EndpointError(.malformed, status: status, "a record was refused without a reason")
    }
  }
}

extension Array {
  fileprivate func parts(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
