import Foundation
import Reconciliation

/// Tells a process from all others that there are, and whether it runs still, which only its own machine can know.
package struct ProcessIdentity: Hashable, Sendable {
  /// The machine since its start, and the container: within it, numbers of processes mean the same.
  let place: String
  let number: Int32
  /// When it began, for numbers are used again.
  let start: String

  /// This process.
  package static let current = ProcessIdentity(
    place: here ?? UUID().uuidString, number: getpid(), start: stat(of: getpid())?.start ?? "")

  init(place: String, number: Int32, start: String) {
    self.place = place
    self.number = number
    self.start = start
  }

  private init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let number = Int32(parts[1]) else { return nil }
    self.init(place: String(parts[0]), number: number, start: String(parts[2]))
  }

  /// A holder of leases within this process.
  package static func holder(named name: String) -> LeaseHolder {
    let identity = current
    return LeaseHolder(
      name: name, id: "\(identity.place)/\(identity.number)/\(identity.start)#\(UUID().uuidString.lowercased())")
  }

  /// Whether the process of a holder is known to have ended; never of one that cannot be seen from here.
  @Sendable package static func hasEnded(_ holder: LeaseHolder) -> Bool {
    ProcessIdentity(holder.id.prefix { $0 != "#" })?.hasEnded ?? false
  }

  var hasEnded: Bool {
    guard place == Self.here else { return false }
    guard let stat = Self.stat(of: number) else { return kill(number, 0) != 0 && errno == ESRCH }
    return stat.start != start || "ZX".contains(stat.state)
  }

  /// nil where there is no such thing.
  private static var here: String? {
    guard let boot = text("/proc/sys/kernel/random/boot_id"),
      let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    else { return nil }
    return "\(boot.trimmingCharacters(in: .whitespacesAndNewlines)):\(namespace.filter(\.isNumber))"
  }

  /// From proc(5): fields 3 and 22, counted behind the name, which may hold anything.
  private static func stat(of number: Int32) -> (state: String, start: String)? {
    guard let line = text("/proc/\(number)/stat"), let end = line.lastIndex(of: ")") else { return nil }
    let fields = line[line.index(after: end)...].split(separator: " ")
    return fields.count > 19 ? (String(fields[0]), String(fields[19])) : nil
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
