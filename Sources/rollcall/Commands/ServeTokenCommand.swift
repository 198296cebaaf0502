import ArgumentParser
import Foundation
import IdentityServer
import JSON
import LocalDirectory
import OpenID
import Reports
import SCIM

struct ServeTokenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token", abstract: "Bearer tokens for machines; a running server knows of every change at once.",
    subcommands: [Create.self, List.self, Revoke.self])

  @ParentCommand var parent: ServeCommand
}

extension ServeTokenCommand {
  struct Create: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "create", abstract: "Make a token and print it, this once.",
      discussion: """
        Scopes: \(ScopeGrant.names(for: .directory).joined(separator: ", ")), and WSO2's internal_user_mgt_list and the like. \
        Whoever may write users can give them passwords, and whoever may write roles can make administrators.
        Example: rollcall serve token create payroll --scope users:read --scope groups:read --expires 90d
        """)
    static let formats = [ReportFormat.text, .json]

    @Argument(help: "What the token is for: stands in the log and in the audit.")
    var name: String

    @Option(help: "What the token may do. Repeatable.")
    var scope: [String] = []

    @Option(help: "How long the token is good: 90d, 12h. Without it, until it is revoked.")
    var expires: String?

    @OptionGroup var storage: StoreOptions
    @ParentCommand var parent: ServeTokenCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let path = storage.place(parent.parent, workspace.settings)
      let catalog = try await workspace.directory(over: try workspace.store(at: path), at: path).extended().catalog
      let scopes = try wantedScopes(catalog)
      let lifetime = try wantedLifetime()
      try checkName()
      let tokens = try workspace.tokens(at: path)
      guard
        let secret = try await tokens.create(name, scopes: scopes, lifetime: lifetime, by: workspace.operatorAuthor)
      else {
        throw CommandFailure(
          .usage, "there is a token \(name) already", hint: "choose another name, or revoke that one first")
      }
      if workspace.format == .json {
        workspace.terminal.result(JSONValue.object(["name": .string(name), "token": .string(secret.text)]).pretty())
      } else {
        workspace.terminal.result(secret.text)
      }
      workspace.terminal.note("Keep this token: it is shown only now. It may do: \(scopes)")
      return .success
    }

    private func wantedScopes(_ catalog: SchemaCatalog) throws -> Scopes {
      let known = "one of \(ScopeGrant.names(for: catalog).joined(separator: ", "))"
      guard !scope.isEmpty else { throw CommandFailure(.usage, "say what the token may do with --scope", hint: known) }
      if let stranger = scope.first(where: { !ScopeGrant.isKnown($0, to: catalog) }) {
        throw CommandFailure(.usage, "there is no scope \"\(stranger)\"", hint: known)
      }
      return try Scopes(scope)
    }

    private func wantedLifetime() throws -> Int? {
      guard let expires else { return nil }
      guard let seconds = DurationText.seconds(expires), (1...Self.longestLifetime).contains(seconds) else {
        throw CommandFailure(.usage, "--expires cannot be \"\(expires)\"", hint: "a time such as 90d or 12h")
      }
      return seconds
    }

    /// A hundred years, in seconds.
    private static let longestLifetime = 100 * 365 * 86_400

    private func checkName() throws {
      let isPlain = name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
      }
      guard isPlain, (1...64).contains(name.count) else {
        throw CommandFailure(.usage, "the name of a token has 1 to 64 letters, digits, dots, dashes and underscores")
      }
    }
  }

  struct List: CommandBody {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Show the tokens that there are, without the tokens themselves.")
    static let formats = [ReportFormat.text, .json]

    @OptionGroup var storage: StoreOptions
    @ParentCommand var parent: ServeTokenCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let tokens = try await workspace.tokens(at: storage.place(parent.parent, workspace.settings)).serviceTokens()
      if workspace.format == .json {
        workspace.terminal.result(JSONValue.array(tokens.map(json)).pretty())
      } else {
        for token in tokens { workspace.terminal.result(line(token, now: workspace.now())) }
      }
      return .success
    }

    private func line(_ token: AccessToken, now: Date) -> String {
      let expiry = token.expiresAt.map { "\(token.isExpired(at: now) ? "expired" : "expires") \(Timestamp.text($0))" }
      return
        "\(token.holder.name)  \(token.scopes)  since \(Timestamp.text(token.issuedAt))  \(expiry ?? "until revoked")"
    }

    private func json(_ token: AccessToken) -> JSONValue {
      var object: JSONObject = [
        "name": .string(token.holder.name), "scopes": .array(token.scopes.names.map(JSONValue.string)),
        "created": .string(Timestamp.text(token.issuedAt)),
      ]
      object["expires"] = token.expiresAt.map { .string(Timestamp.text($0)) }
      return .object(object)
    }
  }

  struct Revoke: CommandBody {
    static let configuration = CommandConfiguration(commandName: "revoke", abstract: "Make a token worth nothing.")
    static let formats = [ReportFormat.text]

    @Argument(help: "The name that the token was made with.")
    var name: String

    @OptionGroup var storage: StoreOptions
    @ParentCommand var parent: ServeTokenCommand
    @OptionGroup var output: OutputOptions

    func run(in workspace: Workspace) async throws -> ExitStatus {
      let tokens = try workspace.tokens(at: storage.place(parent.parent, workspace.settings))
      guard let token = try await tokens.serviceTokens().first(where: { $0.holder.name == name }) else {
        throw CommandFailure(
          .usage, "there is no token \(name)", hint: "`rollcall serve token list` shows those there are")
      }
      try await tokens.revoke(token, by: workspace.operatorAuthor)
      workspace.terminal.note("The token \(name) is worth nothing any more.")
      return .success
    }
  }
}
