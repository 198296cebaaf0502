import Foundation

/// One connection, used by one thread at a time; requests and answers are as long as their `Content-Length` says.
final class LoadSocket: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = Self.loopback(port)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, Self.addressSize) }
    }
    guard result == 0 else { throw BenchFailure("cannot connect to port \(port): \(String(cString: strerror(errno)))") }
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  deinit { close(descriptor) }

  /// A port of the loopback that nobody listens on.
  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var size = addressSize
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, size) == 0 ? getsockname(descriptor, address, &size) : -1
      }
    }
    guard result == 0 else { throw BenchFailure("no free port: \(String(cString: strerror(errno)))") }
    return Int(UInt16(bigEndian: address.sin_port))
  }

  private static let addressSize = socklen_t(MemoryLayout<sockaddr_in>.size)

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  /// - Returns: the status of the answer, and the size of its body.
  func exchange(_ request: [UInt8]) throws -> (status: Int, bytes: Int) {
    guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
      throw BenchFailure("the server does not take a request")
    }
    var buffer = [UInt8](repeating: 0, count: 16_384)
    var filled = 0
    while true {
      let head = buffer[..<filled]
      if let end = head.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
        let text = String(decoding: head[..<end], as: UTF8.self).lowercased()
        let length =
          text.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        try skip(length - (filled - end), &buffer)
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, length)
      }
      filled += try receive(&buffer, from: filled)
    }
  }

  private func skip(_ count: Int, _ buffer: inout [UInt8]) throws {
    var left = count
    while left > 0 { left -= try receive(&buffer, from: 0) }
  }

  private func receive(_ buffer: inout [UInt8], from start: Int) throws -> Int {
    let count = buffer.withUnsafeMutableBytes {
      recv(descriptor, $0.baseAddress?.advanced(by: start), $0.count - start, 0)
    }
    guard count > 0 else { throw BenchFailure("the server ended a connection") }
    return count
  }
}
