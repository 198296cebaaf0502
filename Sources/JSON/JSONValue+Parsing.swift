extension JSONValue {
  /// The value of a JSON text in UTF-8, strictly by RFC 8259; a member name that stands twice is an error.
  package init(parsing bytes: some Collection<UInt8>, limits: JSONParser.Limits = .standard) throws(JSONError) {
    let inPlace = bytes.withContiguousStorageIfAvailable { buffer in
      Result { () throws(JSONError) in try JSONValue(parsing: buffer, limits: limits) }
    }
    if let inPlace {
      self = try inPlace.get()
    } else {
      // What has no contiguous storage is copied once; an array always has it.
      try self.init(parsing: Array(bytes), limits: limits)
    }
  }

  /// The value of a JSON text.
  package init(parsing text: String, limits: JSONParser.Limits = .standard) throws(JSONError) {
    try self.init(parsing: text.utf8, limits: limits)
  }

  /// The value of a JSON text that lies in memory as it is: what is generic about the others takes as long as a small
  /// text.
  package init(
    parsing bytes: UnsafeBufferPointer<UInt8>, limits: JSONParser.Limits = .standard
  ) throws(JSONError) {
    var parser = JSONParser(bytes, limits: limits)
    self = try parser.parseDocument()
  }
}
