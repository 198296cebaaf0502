import ArgumentParser
import Foundation
import IdentityServer
import JSON
import LocalDirectory
import Logging
import OpenID
import Reports

struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys",
    abstract: "The keys that the identity server signs tokens with; a running server knows of every change at once.",
    subcommands: [List.self, Rotate.self])
}

extension KeysCommand {
  struct List: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Show the keys that are published, without their private halves.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var storage: StoreOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      KeyList(workspace).show(try await workspace.signingKeys(at: storage.place(workspace.settings)).current())
      return .success
    }
  }

  struct Rotate: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "rotate",
      abstract: "Sign with new keys from now on; the old ones stay published until their tokens have expired.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var storage: StoreOptions
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let keys = try workspace.signingKeys(at: storage.place(workspace.settings))
      try await keys.rotate(by: workspace.operatorAuthor)
      KeyList(workspace).show(try await keys.current())
      return .success
    }
  }
}

/// How keys are shown.
private struct KeyList {
  private let workspace: Workspace

  init(_ workspace: Workspace) { self.workspace = workspace }

  func show(_ keys: [SigningKey]) {
    if workspace.format == .json {
      workspace.terminal.result(JSONValue.array(keys.map(json)).pretty())
    } else {
      for key in keys {
        let state = key.retiredAt.map { "retired \(Timestamp.text($0))" } ?? "signs"
        workspace.terminal.result(
          "\(key.id)  \(key.algorithm.rawValue)  since \(Timestamp.text(key.createdAt))  \(state)")
      }
    }
  }

  private func json(_ key: SigningKey) -> JSONValue {
    var object: JSONObject = [
      "id": .string(key.id), "algorithm": .string(key.algorithm.rawValue),
      "created": .string(Timestamp.text(key.createdAt)),
    ]
    object["retired"] = key.retiredAt.map { .string(Timestamp.text($0)) }
    return .object(object)
  }
}

extension Workspace {
  /// The keys of a server beside this process, or of none. Its own log is not ours to write.
  fileprivate func signingKeys(at place: String) throws -> SigningKeys {
    let store = try store(at: place)
    let silent = Logger(label: "rollcall") { _ in SwiftLogNoOpLogHandler() }
    return try signingKeys(in: store, at: place, trail(in: store, logger: silent))
  }
}
