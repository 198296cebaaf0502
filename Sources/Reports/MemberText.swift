import Foundation
import JSON
import Reconciliation

/// Who comes into a group or role and who leaves it.
struct MemberText {
  /// Of those who come, and of those who leave.
  private static let shown = 8

  let attribute: AttributeChange
  /// When memberships end again or have ended, by member.
  var ends: [String: Date] = [:]

  /// Broken into lines of at most so many columns.
  func lines(width: Int) -> [StyledLine] {
    pieces.reduce(into: []) { lines, piece in
      if let last = lines.last, last.width + 2 + piece.width <= width {
        lines[lines.count - 1] = last + "  " + piece
      } else {
        lines.append(piece)
      }
    }
  }

  private var pieces: [StyledLine] { pieces("+", attribute.after, .good) + pieces("-", attribute.before, .bad) }

  private func pieces(_ sign: String, _ members: JSONValue?, _ tone: TextStyle.Tone) -> [StyledLine] {
    let names = (members?.array ?? []).compactMap(\.string)
    let shown = names.prefix(Self.shown).map { name in
      let end = ends[name].map { " (\(sign == "+" ? "until" : "ended") \($0.day))" } ?? ""
      return StyledLine("\(sign) \(name)\(end)", tone)
    }
    let rest = names.count - shown.count
    return shown + (rest > 0 ? [StyledLine("\(sign) \(rest.grouped) more", tone)] : [])
  }
}
