import HTTPTypes
import Hummingbird
import JSON
import Synchronization

/// Queries, and many records by one call.
extension SalesforceTestServer {
  func createAll(_ request: Request) async throws -> Response {
    let body = try await body(of: request)
    guard let records = body["records"]?.array, (1...200).contains(records.count), body["allOrNone"] == false else {
      throw SalesforceStore.Refusal(code: "INVALID_BATCH_SIZE")
    }
    let results = records.map { record -> JSONValue in
      result {
        guard var object = record.object, let type = object["attributes"]?["type"]?.string else {
          throw SalesforceStore.Refusal(code: "INVALID_TYPE")
        }
        object["attributes"] = nil
        return try store.create(type, object)
      }
    }
    return Self.answer(200, .array(results))
  }

  func deleteAll(_ request: Request) throws -> Response {
    let ids = (request.uri.queryParameters["ids"].map(String.init) ?? "").split(separator: ",").map(String.init)
    guard (1...200).contains(ids.count), request.uri.queryParameters["allOrNone"] == "false" else {
      throw SalesforceStore.Refusal(code: "INVALID_BATCH_SIZE")
    }
    let results = ids.map { id in
      result {
        guard let type = SalesforceFacts.objects.first(where: { id.hasPrefix($0.value.prefix) })?.key else {
          throw SalesforceStore.Refusal(code: "MALFORMED_ID")
        }
        try store.delete(type, id)
        return id
      }
    }
    return Self.answer(200, .array(results))
  }

  private func result(_ work: () throws -> String) -> JSONValue {
    do {
      return ["id": .string(try work()), "success": true, "errors": []]
    } catch let refusal as SalesforceStore.Refusal {
      return [
        "success": false,
        "errors": [
          ["statusCode": .string(refusal.code), "message": .string(refusal.message), "fields": []]
        ],
      ]
    } catch {
      return ["success": false, "errors": [["statusCode": "UNKNOWN_EXCEPTION", "message": "", "fields": []]]]
    }
  }

  func query(_ request: Request) throws -> Response {
    let query = try SOQLReader.read(request.uri.queryParameters["q"].map(String.init) ?? "")
    guard let facts = SalesforceFacts.objects[query.object] else {
      throw SalesforceStore.Refusal(code: "INVALID_TYPE", message: "sObject type '\(query.object)' is not supported.")
    }
    let lacking = query.object == "User" ? manners.lacks : []
    for name in query.fields + query.conditions.map(\.field) where name != "Id" {
      guard facts.fields[name] != nil, !lacking.contains(name) else {
        throw SalesforceStore.Refusal(code: "INVALID_FIELD", message: "No such column '\(name)' on '\(query.object)'")
      }
    }
    let found = store.records(query.object).filter { record in
      query.conditions.allSatisfy { condition in
        guard let text = condition.value.string else { return (record[condition.field] ?? false) == condition.value }
        return record[condition.field]?.string?.lowercased() == text.lowercased()
      }
    }
    let records = found.map { record in
      var told: JSONObject = ["attributes": ["type": .string(query.object)]]
      for name in query.fields { told[name] = record[name] ?? .null }
      return told
    }
    return batch(records, total: records.count)
  }

  func nextBatch(_ cursor: String) throws -> Response {
    guard let rest = cursors.withLock({ $0[cursor] }), let total = Int(cursor.split(separator: "-")[2]) else {
      throw SalesforceStore.Refusal(code: "INVALID_QUERY_LOCATOR", message: "invalid query locator")
    }
    return batch(rest, total: total)
  }

  private func batch(_ records: [JSONObject], total: Int) -> Response {
    let first = records.prefix(manners.batch)
    var answer: JSONObject = [
      "totalSize": .number(JSONNumber(total)), "done": .bool(first.count == records.count),
      "records": .array(first.map(JSONValue.object)),
    ]
    if first.count < records.count {
      let cursor = cursors.withLock { cursors in
        let name = "01g\(cursors.count)-\(records.count)-\(total)"
        cursors[name] = Array(records.dropFirst(first.count))
        return name
      }
      answer["nextRecordsUrl"] = .string("\(Self.api)/query/\(cursor)")
    }
    return Self.answer(200, .object(answer))
  }
}
