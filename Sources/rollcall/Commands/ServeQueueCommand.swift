import ArgumentParser
import Foundation
import IdentityServer
import JSON
import LocalDirectory
import Reports
import Stores

struct ServeQueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue",
    abstract: "What outbound provisioning has yet to deliver; a running server knows of every change at once.",
    subcommands: [List.self, Retry.self, Drop.self])

  @ParentCommand var parent: ServeCommand
}

extension ServeQueueCommand {
  struct List: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Show every connector, and each resource that it could not deliver.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var storage: StoreOptions
    @ParentCommand var parent: ServeQueueCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let path = storage.place(parent.parent, workspace.settings)
      let store = try workspace.store(at: path)
      let statuses = try await workspace.directory(over: store, at: path).connectorStatuses(in: store)
      if workspace.format == .json {
        let deliveries = statuses.flatMap(\.deliveries).map(\.json)
        let report: JSONValue = ["connectors": .array(statuses.map(\.json)), "deliveries": .array(deliveries)]
        workspace.terminal.result(report.pretty())
        return .success
      }
      for status in statuses {
        workspace.terminal.result(line(status))
        for delivery in status.deliveries { workspace.terminal.result("  " + line(delivery)) }
      }
      return .success
    }

    private func line(_ status: ConnectorStatus) -> String {
      let queue =
        status.behind == 0 && status.deliveries.isEmpty ? "nothing to deliver" : "\(status.behind) events to go"
      let failure = status.state.failure.map { ", tried again \(Timestamp.text($0.retryAt)): \($0.reason)" } ?? ""
      return "\(status.state.name)  \(queue)\(failure)".escapingControls()
    }

    private func line(_ delivery: Delivery) -> String {
      let next = delivery.state == .dead ? "given up" : "tried again \(Timestamp.text(delivery.dueAt))"
      return
        "\(delivery.type) \(delivery.id)  failed \(delivery.attempts) times since \(Timestamp.text(delivery.since)), \(next): \(delivery.reason)"
        .escapingControls()
    }
  }

  struct Retry: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "retry", abstract: "Try again at once what could not be delivered, given up or not.")
    static let formats = [ReportFormat.text]

    @OptionGroup var deliveries: DeliveryOptions
    @ParentCommand var parent: ServeQueueCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let store = try await deliveries.store(of: parent.parent, in: workspace)
      let count = try await store.retryDeliveries(
        of: deliveries.connector, id: deliveries.id, now: workspace.now())
      workspace.terminal.note("\(count) to be tried again.")
      return .success
    }
  }

  struct Drop: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "drop",
      abstract: "Give up what could not be delivered. What is linked already, the next full pass looks at again.")
    static let formats = [ReportFormat.text]

    @OptionGroup var deliveries: DeliveryOptions
    @ParentCommand var parent: ServeQueueCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let store = try await deliveries.store(of: parent.parent, in: workspace)
      let count = try await store.dropDeliveries(of: deliveries.connector, id: deliveries.id)
      workspace.terminal.note("\(count) given up.")
      return .success
    }
  }
}

/// Which deliveries are meant, and in which store they are.
struct DeliveryOptions: ParsableArguments {
  @Argument(help: "The connector, as `list` shows it: is2/scim.")
  var connector: String

  @Option(help: "Only the resource with this id.")
  var id: String?

  @OptionGroup var storage: StoreOptions

  /// The store that they are in.
  /// - Throws: ``CommandFailure`` for a connector that never worked.
  func store(of server: ServeCommand, in workspace: Workspace) async throws -> any ProvisioningStore {
    let store = try workspace.store(at: storage.place(server, workspace.settings))
    let names = try await store.connectorStates().map(\.name)
    guard !names.contains(connector) else { return store }
    throw CommandFailure(
      .usage, "there is no connector \(connector)",
      hint: names.isEmpty ? "none has worked yet" : "there is \(names.joined(separator: ", "))")
  }
}
