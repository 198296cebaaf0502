import Foundation
import JSON
import Reconciliation
import Testing

@testable import Manifests

@Suite struct OverlayTests {
  private static let base = [
    "base/people.yaml": """
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: alice, labels: {team: platform}}
    spec:
      userName: alice@${DOMAIN:=corp.example}
      title: Engineer
      emails:
        - {value: alice@old.example, type: work}
        - {value: alice@home.example, type: home}
    ---
    apiVersion: rollcall/v1
    kind: User
    metadata: {name: bob}
    spec: {userName: bob, password: {file: secrets/bob}}

    """,
    "base/groups.yaml": document("Group", "ops", "{displayName: Ops, members: [alice, bob]}"),
  ]

  private static func overlay(_ spec: String, resources: String = "../../base") -> String {
    "apiVersion: rollcall/v1\nkind: Overlay\nmetadata: {name: prod}\nspec:\n  resources: [\(resources)]\n\(spec)"
  }

  /// Compiles `overlays/prod` over the base.
  private func compile(
    _ spec: String, _ more: [String: String] = [:], _ body: (Compilation, String) throws -> Void
  ) throws {
    let files = Self.base.merging(["overlays/prod/overlay.yaml": Self.overlay(spec)]) { $1 }.merging(more) { $1 }
    try withFolder(files) { folder in
      let contents = ManifestFolder.contents(of: ["\(folder)/overlays/prod"])
      var compilation = ManifestCompiler(variables: ["HOME": "/root"]).compile(contents.sources)
      compilation.validation.diagnostics += contents.diagnostics
      try body(compilation, folder)
    }
  }

  private func user(_ name: String, in compilation: Compilation) throws -> DesiredResource {
    try #require(compilation.isValid, "\(compilation.diagnostics)")
    return try #require(compilation.desiredState.resources.first { $0.key == ResourceKey("User", name) })
  }

  @Test func patchesVariablesAndLabels() throws {
    let spec = """
        variables: {DOMAIN: prod.example}
        commonLabels: {env: prod}
        patches:
          - target: {kind: User, name: alice}
            labels: {team: null, tier: "0"}
            spec:
              title: null
              nickName: Al
              emails: [{value: "alice@${DOMAIN}", type: work, primary: true}]
          - target: {kind: Group}
            spec: {members: {mode: AtLeast, refs: [{user: bob, $patch: delete}]}}

      """
    try compile(spec) { compilation, _ in
      let alice = try user("alice", in: compilation)
      #expect(alice.attributes["userName"] == "alice@prod.example")
      #expect(alice.attributes["title"] == nil && alice.attributes["nickName"] == "Al")
      #expect(
        alice.attributes["emails"] == [
          ["value": "alice@prod.example", "type": "work", "primary": true],
          ["value": "alice@home.example", "type": "home"],
        ])
      #expect(alice.labels == ["env": "prod", "tier": "0"])
      let ops = compilation.desiredState.resources.first { $0.key.kind == "Group" }
      #expect(ops?.members?.mode == .atLeast)
      #expect(ops?.members?.references.map(\.key.name) == ["alice"])
      let bob = try user("bob", in: compilation)
      #expect(bob.labels == ["env": "prod"])
    }
  }

  @Test func whatIsInTheFolderOfTheOverlayCountsToo() throws {
    try compile("", ["overlays/prod/more/carol.yaml": document("User", "carol", "{userName: carol}")]) {
      compilation, _ in
      #expect(compilation.isValid && compilation.desiredState.resources.count == 4)
    }
  }

  @Test func aPatchCanLeaveADocumentOut() throws {
    try compile("  patches:\n    - {target: {kind: Group}, remove: true}\n") { compilation, _ in
      #expect(compilation.isValid && compilation.desiredState.resources.map(\.key.kind) == ["User", "User"])
    }
  }

  @Test func overlaysStandOnOverlays() throws {
    let outer = Self.overlay(
      "  variables: {DOMAIN: eu.example}\n  patches:\n    - {target: {name: alice}, spec: {nickName: Outer}}\n",
      resources: "../prod")
    let inner =
      "  variables: {DOMAIN: prod.example}\n  patches:\n    - {target: {name: alice}, spec: {nickName: Inner}}\n"
    try compile(inner, ["overlays/eu/overlay.yaml": outer]) { _, folder in
      let contents = ManifestFolder.contents(of: ["\(folder)/overlays/eu"])
      let alice = try user("alice", in: ManifestCompiler().compile(contents.sources))
      #expect(alice.attributes["nickName"] == "Outer" && alice.attributes["userName"] == "alice@eu.example")
    }
  }

  @Test func pathsBeginWhereTheyAreWritten() throws {
    let spec = "  patches:\n    - {target: {name: alice}, spec: {password: {file: alice.txt}}}\n"
    try compile(spec) { compilation, folder in
      let (alice, bob) = (try user("alice", in: compilation), try user("bob", in: compilation))
      #expect(alice.secrets["password"] == .file("\(folder)/overlays/prod/alice.txt"))
      #expect(bob.secrets["password"] == .file("\(folder)/base/secrets/bob"))
    }
  }

  // MARK: Faults

  @Test(arguments: [
    (
      "  patches:\n    - {target: {kind: User, name: alice}, spec: {usrName: x}}\n", "M020",
      "overlays/prod/overlay.yaml", 7, 50
    ),
    (
      "  patches:\n    - {target: {kind: User, name: alcie}, spec: {title: x}}\n", "M110", "overlays/prod/overlay.yaml",
      7, 16
    ),
    ("  patches:\n    - {target: {name: alice}, spec: {title: [x]}}\n", "M021", "overlays/prod/overlay.yaml", 7, 45),
    ("  patches:\n    - {target: {name: alice}, spec: {userName: null}}\n", "M024", "base/people.yaml", 5, 3),
    (
      "  patches:\n    - {target: {name: alice}, spec: {title: \"${NONE}\"}}\n", "M040", "overlays/prod/overlay.yaml",
      7, 45
    ),
    (
      "  patches:\n    - {target: {name: ops}, spec: {members: [nobody]}}\n", "M050", "overlays/prod/overlay.yaml", 7,
      46
    ),
    ("  patchs: []\n", "M014", "overlays/prod/overlay.yaml", 6, 3),
    ("  patches:\n    - {target: {kind: Usr}, spec: {}}\n", "M011", "overlays/prod/overlay.yaml", 7, 23),
    ("  patches:\n    - {target: {}, spec: {}}\n", "M013", "overlays/prod/overlay.yaml", 7, 16),
    ("  patches:\n    - {target: {name: alice}}\n", "M013", "overlays/prod/overlay.yaml", 7, 7),
  ])
  func faultsPointAtTheFileTheyComeFrom(spec: String, code: String, file: String, line: Int, column: Int) throws {
    try compile(spec) { compilation, folder in
      #expect(compilation.diagnostics.map(\.code) == [code], "\(compilation.diagnostics)")
      #expect(
        compilation.diagnostics.first?.location
          == SourceLocation(file: "\(folder)/\(file)", line: line, column: column))
      #expect(compilation.diagnostics.first?.sourceLine != nil)
    }
  }

  @Test func aFaultOfAPatchIsToldOnce() throws {
    try compile("  patches:\n    - {target: {kind: User}, spec: {usrName: x}}\n") { compilation, _ in
      #expect(compilation.diagnostics.map(\.code) == ["M020"])
    }
  }

  @Test func aSecretInAPatchIsNotShown() throws {
    try compile("  patches:\n    - {target: {name: alice}, spec: {password: canary, usrName: x}}\n") { compilation, _ in
      #expect(compilation.diagnostics.map(\.code) == ["M030", "M020"])
      #expect(!"\(compilation.diagnostics)".contains("canary"))
    }
    try compile("  patches:\n    - {target: {name: nobody}, spec: {password: canary}}\n") { compilation, _ in
      #expect(compilation.diagnostics.map(\.code) == ["M110"])
      #expect(!"\(compilation.diagnostics)".contains("canary"))
    }
  }

  @Test func whatCannotBeStoodOn() throws {
    func codes(_ resources: String, _ more: [String: String] = [:]) throws -> [String] {
      var codes: [String] = []
      try compile("", ["overlays/prod/overlay.yaml": Self.overlay("", resources: resources)].merging(more) { $1 }) {
        compilation, folder in
        codes = compilation.diagnostics.map(\.code)
        #expect(compilation.diagnostics.allSatisfy { $0.location.file.hasPrefix(folder) })
      }
      return codes
    }
    #expect(try codes("../../nowhere") == ["M001"])
    #expect(try codes("../../base, ../../base/people.yaml") == ["M112"])
    #expect(try codes(".") == ["M111"])
    let circle = ["overlays/other/overlay.yaml": Self.overlay("", resources: "../prod")]
    #expect(try codes("../other", circle) == ["M111"])
  }

  @Test func anOverlayWithinAFolderIsNotAskedFor() throws {
    try compile("") { _, folder in
      let contents = ManifestFolder.contents(of: [folder])
      let codes = ManifestCompiler().compile(contents.sources).diagnostics.map(\.code)
      #expect(codes == ["M113"])
    }
  }

  // MARK: Rendering

  @Test func whatIsRenderedAsksForTheSame() throws {
    let spec = """
        variables: {DOMAIN: prod.example}
        commonLabels: {env: prod, "no": "off"}
        patches:
          - target: {kind: User}
            spec:
              active: true
              title: "yes"
              nickName: "$${HOME}: # x"
              timezone: 'line
                two'
          - {target: {name: alice}, spec: {password: {file: alice.txt}}}

      """
    try compile(spec) { compilation, folder in
      try #require(compilation.isValid, "\(compilation.diagnostics)")
      let sources = ManifestFolder.contents(of: ["\(folder)/overlays/prod"]).sources
      let text = try ManifestRenderer(variables: ["HOME": "/root"]).text(of: sources)
      #expect(text.contains("# \(folder)/base/people.yaml:1:1"))
      let again = ManifestCompiler().compile([ManifestSource(path: "-", bytes: Array(text.utf8))])
      #expect(again.diagnostics.isEmpty, "\(again.diagnostics)\n\(text)")
      let (before, after) = (compilation.desiredState.resources, again.desiredState.resources)
      #expect(before.map(\.key) == after.map(\.key))
      #expect(before.map(\.attributes) == after.map(\.attributes))
      #expect(before.map(\.labels) == after.map(\.labels))
      #expect(before.map(\.secrets) == after.map(\.secrets))
      #expect(before.map(\.members) == after.map(\.members))
      #expect(before.first { $0.key.name == "bob" }?.attributes["nickName"] == "${HOME}: # x")
    }
  }
}
