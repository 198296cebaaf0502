extension String {
  /// The text as it may stand within a sentence of ours: one that is written from right to left, or that says so, turns no
  /// word beside it round (Unicode's bidirectional algorithm, UAX #9). Where a text stands in an element of its own, the
  /// element sees to that.
  var isolated: String {
    guard unicodeScalars.contains(where: \.isOfDirection) else { return self }
    return "\u{2068}\(balancingIsolates)\u{2069}"
  }

  /// The text with an end for each isolate that it begins, and none for others: browsers would take it for the end of the
  /// element that the text stands in. By itself the text reads as before.
  var balancingIsolates: String {
    guard unicodeScalars.contains(where: { ("\u{2066}"..."\u{2069}").contains($0) }) else { return self }
    var result = String.UnicodeScalarView()
    var depth = 0
    for scalar in unicodeScalars {
      switch scalar {
      case "\u{2066}", "\u{2067}", "\u{2068}": depth += 1
      case "\u{2069}" where depth == 0: continue
      case "\u{2069}": depth -= 1
      default: break
      }
      result.append(scalar)
    }
    result.append(contentsOf: repeatElement("\u{2069}", count: depth))
    return String(result)
  }
}

extension Unicode.Scalar {
  /// Whether it may be written from right to left, or have others written so: Hebrew, Arabic and their like, and the
  /// marks, embeddings, overrides and isolates.
  fileprivate var isOfDirection: Bool {
    switch value {
    case 0x590...0x8FF, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFB1D...0xFDFF, 0xFE70...0xFEFF,
      0x10800...0x10FFF, 0x1E800...0x1EFFF:
      true
    default: false
    }
  }
}
