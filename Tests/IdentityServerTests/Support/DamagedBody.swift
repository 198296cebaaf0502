import SeededRandom

extension SplitMix64 {
  /// One of these bodies, damaged in up to three places.
  mutating func damaged(_ bodies: [String]) -> [UInt8] {
    var bytes = Array((bodies.randomElement(using: &self) ?? "").utf8)
    for _ in 0..<Int.random(in: 0...3, using: &self) where !bytes.isEmpty {
      let position = bytes.indices.randomElement(using: &self) ?? 0
      switch Int.random(in: 0...2, using: &self) {
      case 0: bytes[position] = UInt8.random(in: .min ... .max, using: &self)
      case 1: bytes.remove(at: position)
      default: bytes.insert(contentsOf: bytes[position...].prefix(9), at: position)
      }
    }
    return bytes
  }
}
