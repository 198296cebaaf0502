import CMalloc
import Foundation

/// Gives back the memory that a pass needed and the wait for the next one does not: a controller waits most of its time.
enum IdleMemory {
  static func release() {
    // Freed memory between what is still in use stays with the allocator, three times as much as that, until it is told.
    malloc_trim(0)
    guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return }
    for line in maps.split(separator: "\n") { releaseCode(in: line) }
  }

  /// Code that only the start or a pass needed. What is needed again comes back out of the file, which nobody can change while
  /// it runs.
  private static func releaseCode(in line: Substring) {
    let fields = line.split(separator: " ")
    guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { return }
    let ends = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
    guard ends.count == 2, ends[0] < ends[1] else { return }
    madvise(UnsafeMutableRawPointer(bitPattern: ends[0]), Int(ends[1] - ends[0]), Int32(MADV_DONTNEED))
  }
}
