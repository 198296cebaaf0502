import Foundation

extension ServerBench {
  /// What was measured against the goals. Rates are held against limits of the same run, and processor time against itself at
  /// another size, so that a busy machine changes little.
  static func findings(_ passes: [ServerPass], bare: Load, nginx: Load?, storeShare: Double) -> [Finding] {
    guard let tenth = passes.dropFirst().first, let full = passes.last else { return [] }
    return get(full, bare: bare, nginx: nginx) + create(full) + filter(full) + list(full) + members(full)
      + size(full, storeShare: storeShare) + growth(tenth, full)
  }

  private static func get(_ pass: ServerPass, bare: Load, nginx: Load?) -> [Finding] {
    guard let get = pass["get"] else { return [] }
    // Where there is no nginx, the library stands for it: it does somewhat more than half of nginx's rate.
    let (limit, name, goal) = nginx.map { ($0, "nginx", 0.4) } ?? (bare, "the HTTP library alone", 0.7)
    let share = get.rate / limit.rate
    return [
      Finding(
        goal: "S1", what: "get by id, 16 connections", measured: "\(share.rounded(2)) × \(name)",
        limit: "≥ \(goal.rounded(2)) ×", isReached: share >= goal),
      Finding(
        goal: "S1", what: "get by id, CPU of the server",
        measured:
          "\(get.serverMilliseconds.rounded(3)) ms, the HTTP library alone \(bare.serverMilliseconds.rounded(3)) ms",
        limit: "≤ 0.120 ms", isReached: get.serverMilliseconds <= 0.12),
    ]
  }

  private static func create(_ pass: ServerPass) -> [Finding] {
    [(1, 0.8), (16, 5.0)].compactMap { connections, goal in
      guard let load = pass["create, \(connections) connections"] else { return nil }
      let share = load.rate / pass.sqlite.commits
      return Finding(
        goal: "S2", what: "durable create, \(connections) connections",
        measured: "\(share.rounded(2)) × SQLite's commits one by one", limit: "≥ \(goal.rounded(2)) ×",
        isReached: share >= goal)
    }
  }

  private static func filter(_ pass: ServerPass) -> [Finding] {
    guard let get = pass["get"] else { return [] }
    return ["userName", "externalId"].compactMap { attribute in
      guard let load = pass["filter \(attribute)"] else { return nil }
      let share = load.rate / get.rate
      return Finding(
        goal: "S3", what: "filter \(attribute) eq", measured: "\(share.rounded(2)) × get by id",
        limit: "≥ 0.80 ×",
        isReached: share >= 0.8)
    }
  }

  private static func list(_ pass: ServerPass) -> [Finding] {
    guard let first = pass["list 100"], let last = pass["list the last 100"] else { return [] }
    let share = last.rate / first.rate
    return [
      Finding(
        goal: "S4", what: "list 100", measured: "\(Int(first.rate))/s", limit: "≥ 1000/s", isReached: first.rate >= 1000
      ),
      Finding(
        goal: "S4", what: "list the last 100", measured: "\(share.rounded(2)) × the first",
        limit: "≥ 0.80 ×",
        isReached: share >= 0.8),
    ]
  }

  private static func members(_ pass: ServerPass) -> [Finding] {
    let large = pass.users / 2
    guard let few = pass[ServerPass.memberPatch(10)], let many = pass[ServerPass.memberPatch(large)] else { return [] }
    let ratio = many.serverCPU / few.serverCPU
    return [
      Finding(
        goal: "S5", what: "patch one member of \(large), CPU of the server",
        measured: "\(ratio.rounded(2)) × that of 10", limit: "≤ 2.00 ×", isReached: ratio <= 2)
    ]
  }

  private static func size(_ pass: ServerPass, storeShare: Double) -> [Finding] {
    return [
      Finding(
        goal: "S6", what: "memory of the server", measured: "\(pass.memory >> 20) MB", limit: "≤ 96 MB",
        isReached: pass.memory <= 96 << 20),
      Finding(
        goal: "S6", what: "the store with its record of all writes",
        measured: "\(storeShare.rounded(2)) × the JSON of its users", limit: "≤ 1.60 ×",
        isReached: storeShare <= 1.6),
    ]
  }

  /// The exponent of processor time over ten times the users: 0 when it does not matter how many there are.
  private static func growth(_ tenth: ServerPass, _ full: ServerPass) -> [Finding] {
    ["get", "filter userName", "filter externalId", "patch, 16 connections", "create, 16 connections"].compactMap {
      name in
      guard let before = tenth[name], let after = full[name] else { return nil }
      let exponent = log10(after.serverMilliseconds / before.serverMilliseconds)
      return Finding(
        goal: "G1", what: "\(name), growth of CPU", measured: "users^\(exponent.rounded(2))", limit: "≤ users^0.05",
        isReached: exponent <= 0.05)
    }
  }
}
