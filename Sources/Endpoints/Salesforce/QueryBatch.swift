import JSON

/// What a query brings at once.
struct QueryBatch: Sendable {
  let records: [JSONObject]
  /// Of the whole query; nil when it is not told.
  let total: Int?
  /// The path of the next batch; nil after the last.
  let next: String?

  /// - Throws: `malformed` for what is no answer to a query, and for a next batch that lies outside of the API: our credential
  ///   goes nowhere else.
  init(_ answer: JSONObject?) throws(EndpointError) {
    guard let answer, let records = answer["records"]?.array, let isDone = answer["done"]?.bool else {
      throw EndpointError(.malformed, "the answer to a query has no records")
    }
    self.records = records.compactMap(\.object)
    total = answer["totalSize"]?.int
    guard self.records.count == records.count, self.records.allSatisfy({ $0["Id"]?.string?.isEmpty == false }) else {
      throw EndpointError(.malformed, "the answer to a query holds records without an id")
    }
    guard !isDone else {
      next = nil
      return
    }
    guard let path = answer["nextRecordsUrl"]?.string, Self.isInside(path) else {
      throw EndpointError(.malformed, "the answer to a query names no next batch within the API")
    }
    next = path
  }

  private static func isInside(_ path: String) -> Bool {
    let isPlain = path.utf8.allSatisfy { byte in
      let scalar = Unicode.Scalar(byte)
      return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "/-._~".unicodeScalars.contains(scalar)
    }
    return path.hasPrefix("/services/data/") && isPlain && !path.contains("..")
  }
}
