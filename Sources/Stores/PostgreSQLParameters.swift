/// Parameters one behind the other, as the binary format of PostgreSQL has them.
struct PostgreSQLParameters {
  private var bytes: [UInt8] = []
  /// Where each begins; nil for NULL.
  private var offsets: [Int?] = []
  private var lengths: [Int32] = []

  init(_ parameters: [SQLValue]) {
    for parameter in parameters {
      let start = bytes.count
      switch parameter {
      case .null: break
      case .integer(let value): withUnsafeBytes(of: Int64(value).bigEndian) { bytes += $0 }
      case .real(let value): withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes += $0 }
      case .text(let text): bytes += text.utf8.prefix { $0 != 0 }
      case .bytes(let value): bytes += value
      }
      offsets.append(parameter == .null ? nil : start)
      lengths.append(Int32(bytes.count - start))
    }
    // An empty parameter at the end has an address too.
    bytes.append(0)
  }

  func withPointers<Value>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<Int32>, UnsafePointer<Int32>) throws -> Value
  ) rethrows -> Value {
    try bytes.withUnsafeBytes { buffer in
      let start = buffer.assumingMemoryBound(to: CChar.self).baseAddress
      let pointers = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
      return try body(pointers, lengths, [Int32](repeating: 1, count: offsets.count))
    }
  }
}

extension SQLValue {
  /// The OID of the type in PostgreSQL's catalogue; 0 leaves it to the server.
  var postgreSQLType: UInt32 {
    switch self {
    case .null: 0
    case .integer: 20
    case .real: 701
    case .text: 25
    case .bytes: 17
    }
  }
}
