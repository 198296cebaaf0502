import ArgumentParser
import Controller
import Endpoints
import Foundation
import JSON
import Manifests
import Reconciliation
import Reports
import SCIM

struct GetCommand: CommandBody {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Show live resources of an endpoint.",
    discussion: "Example: rollcall get users alice --endpoint local -o json")
  static let formats = [ReportFormat.text, .json]

  @Argument(help: "What to show: users, groups, roles, or the name of any resource type.")
  var kind: String

  @Argument(help: "Only those with this id, userName, displayName or externalId.")
  var name: String?

  @Option(help: "The endpoint. Needed when the manifests declare more than one.")
  var endpoint: String?

  @OptionGroup var manifests: ManifestOptions
  @OptionGroup var deadline: DeadlineOption
  @OptionGroup var output: OutputOptions

  func run(in workspace: Workspace) async throws -> ExitStatus {
    try deadline.begin(in: workspace)
    let declaration = try await workspace.endpoint(named: endpoint, in: manifests)
    let (type, listing) = try await workspace.withEndpoint(declaration) { endpoint, observer in
      let type = try await resourceType(at: endpoint)
      return (type, try await observer.observe(endpoint, kinds: [type.name]).listings[type.name])
    }
    guard let listing else { throw CommandFailure(.unexpected, "\(declaration.name) did not list \(type.name)s") }
    let resources = listing.resources.filter(isWanted)
    if let name, resources.isEmpty {
      throw CommandFailure(.unexpected, "\(declaration.name) has no \(type.name) \"\(name)\"")
    }
    workspace.terminal.result(workspace.format == .json ? json(resources) : ResourceTable(resources).text)
    if case .incomplete(let reason) = listing.completeness {
      throw CommandFailure(.unreachable, "the read is not complete: \(reason)")
    }
    return .success
  }

  private func resourceType(at endpoint: any Endpoint) async throws -> ResourceType {
    let known = try await endpoint.capabilities().catalog.resourceTypes
    let wanted = kind.lowercased()
    guard let type = known.first(where: { [$0.name.lowercased(), "\($0.name.lowercased())s"].contains(wanted) }) else {
      throw CommandFailure(
        .usage, "\(endpoint.name) has no resource type \"\(kind)\"",
        hint: "it has \(known.map(\.name).joined(separator: ", "))")
    }
    return type
  }

  private func isWanted(_ resource: Resource) -> Bool {
    guard let name = name?.lowercased() else { return true }
    return [resource.id, resource.userName, resource.displayName, resource.externalId].contains {
      $0?.lowercased() == name
    }
  }

  private func json(_ resources: [Resource]) -> String {
    JSONValue.array(resources.map { .object($0.attributes) }).pretty()
  }
}

/// Live resources in columns.
private struct ResourceTable {
  let rows: [[String]]

  init(_ resources: [Resource]) {
    rows =
      [["NAME", "DISPLAY NAME", "ACTIVE", "MEMBERS", "ID"]]
      + resources.map { resource in
        let members = ["members", "users", "groups"].compactMap { resource[$0]?.array?.count }
        return [
          resource.userName ?? resource.displayName ?? resource["name"]?.string ?? "",
          resource.userName == nil ? "" : resource.displayName ?? "",
          resource["active"]?.bool.map(String.init) ?? "",
          resource.userName == nil && !members.isEmpty ? String(members.reduce(0, +)) : "",
          resource.id,
        ]
      }
  }

  /// Columns that hold nothing are left out.
  var text: String {
    let kept = rows[0].indices.filter { column in rows.count == 1 || rows.dropFirst().contains { !$0[column].isEmpty } }
    let widths = kept.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(kept, widths).map { column, width in
        row[column] + String(repeating: " ", count: width - row[column].count)
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}
