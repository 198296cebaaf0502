import Foundation
import Manifests
import Reconciliation
import Testing

@Suite struct ManifestFolderTests {
  /// Makes a folder with these files for the length of the body.
  private func withFolder(_ files: [String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "manifests-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in files {
      let url = folder.appending(path: file)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.utf8).write(to: url)
    }
    try body(folder.path)
  }

  @Test func foldersAreWalkedInOrderAndHiddenOnesLeftAlone() throws {
    try withFolder(["b.yaml", "a/z.yml", "a/y.yaml", ".git/x.yaml", ".hidden.yaml", "notes.txt"]) { folder in
      let contents = ManifestFolder.contents(of: [folder])
      #expect(contents.diagnostics.isEmpty)
      #expect(contents.sources.map(\.path) == ["a/y.yaml", "a/z.yml", "b.yaml"].map { "\(folder)/\($0)" })
      let bytes = try contents.sources.first?.bytes()
      #expect(bytes == Array("a/y.yaml".utf8))
    }
  }

  @Test func linksDoNotLeadInCircles() throws {
    try withFolder(["a/x.yaml"]) { folder in
      try FileManager.default.createSymbolicLink(atPath: "\(folder)/a/loop", withDestinationPath: folder)
      #expect(ManifestFolder.contents(of: [folder, "\(folder)/a"]).sources.map(\.path) == ["\(folder)/a/x.yaml"])
    }
  }

  @Test func aNamedFileMayBeCalledAnything() throws {
    try withFolder(["notes.txt"]) { folder in
      #expect(ManifestFolder.contents(of: ["\(folder)/notes.txt"]).sources.count == 1)
    }
  }

  @Test func standardInputIsGivenByTheCaller() {
    #expect(ManifestFolder.contents(of: ["-"], standardInput: [65]).sources == [ManifestSource(path: "-", bytes: [65])])
  }

  @Test func aFileThatCannotBeReadIsReportedByTheCompiler() throws {
    try withFolder(["a.yaml"]) { folder in
      let contents = ManifestFolder.contents(of: [folder])
      try FileManager.default.removeItem(atPath: "\(folder)/a.yaml")
      let diagnostics = ManifestCompiler().compile(contents.sources).diagnostics
      #expect(diagnostics.map(\.code) == [DiagnosticCode.unreadable.rawValue])
      #expect(diagnostics.map(\.location.file) == ["\(folder)/a.yaml"])
    }
  }

  @Test func whatIsNotThereIsReported() throws {
    try withFolder(["notes.txt"]) { folder in
      let codes = ManifestFolder.contents(of: ["\(folder)/none.yaml", folder]).diagnostics.map(\.code)
      #expect(codes == [DiagnosticCode.unreadable, .noManifests].map(\.rawValue))
    }
  }
  @Test func theSettingsFileIsNoManifest() throws {
    try ManifestsTests.withFolder(["rollcall.yaml": "prune: true\n", "a/rollcall.yaml": "", "a/x.yaml": ""]) { folder in
      let contents = ManifestFolder.contents(of: [folder])
      #expect(contents.sources.map(\.path) == ["\(folder)/a/x.yaml"])
      #expect(contents.diagnostics.isEmpty)
    }
  }

  /// Passed by without a word, they would be taken for removed.
  @Test(arguments: [true, false]) func documentsInAFileOfTheSettingsNameAreNotLost(isNamed: Bool) throws {
    try ManifestsTests.withFolder(["rollcall.yaml": "# ours\napiVersion: rollcall/v1\nkind: User\n", "x.yaml": ""]) {
      folder in
      let contents = ManifestFolder.contents(of: [isNamed ? "\(folder)/rollcall.yaml" : folder])
      #expect(contents.diagnostics.map(\.code) == [DiagnosticCode.unreadable.rawValue])
      #expect(contents.diagnostics.first?.location.file == "\(folder)/rollcall.yaml")
    }
  }

  @Test func aPipeIsReadOnce() throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data("kind: Overlay".utf8))
    try pipe.fileHandleForWriting.close()
    let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    let contents = ManifestFolder.contents(of: [path])
    #expect(contents.sources == [ManifestSource(path: path, bytes: Array("kind: Overlay".utf8))])
    #expect(contents.diagnostics.isEmpty)
  }

  @Test func aPipeInAFolderIsNotWaitedFor() throws {
    try withFolder(["a.yaml"]) { folder in
      #expect(mkfifo("\(folder)/b.yaml", 0o600) == 0)
      let contents = ManifestFolder.contents(of: [folder])
      #expect(contents.sources.map(\.path) == ["\(folder)/a.yaml"])
      #expect(contents.diagnostics.map(\.location.file) == ["\(folder)/b.yaml"])
    }
  }

  @Test func noDocumentAtAllIsWarnedOf() throws {
    try ManifestsTests.withFolder(["a.yaml": "# nothing\n", "b.yaml": ""]) { folder in
      let contents = ManifestFolder.contents(of: ["\(folder)/a.yaml", "\(folder)/b.yaml"])
      let documents = ManifestCompiler().compile(contents.sources).documents
      #expect(contents.diagnostics(with: documents).map(\.code) == [DiagnosticCode.noManifests.rawValue])
      #expect(contents.diagnostics(with: 1).isEmpty)
    }
  }
}
