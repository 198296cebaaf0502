import Foundation
import Reconciliation
import Testing

@testable import Controller

@Suite struct GitRemoteTests {
  @Test(arguments: [
    ("https://git.example/org/people.git", "https"), ("http://127.0.0.1:8080/people.git", "http"),
    ("ssh://git@git.example:2222/people.git", "ssh"), ("git@git.example:org/people.git", "ssh"),
    ("/srv/people.git", "file"), ("../people", "file"), ("file:///srv/people.git", "file"), ("./a:b", "file"),
  ])
  func addressesThatAreTaken(url: String, transport: String) throws {
    let remote = try GitRemote(url)
    #expect(remote.transport.rawValue == transport)
    #expect(remote.url == url)
  }

  @Test(arguments: [
    "", "-uevil", "--upload-pack=evil", "ext::sh -c evil", "fd::17", "git://git.example/people.git",
    "ftp://git.example/x", "http://git.example/people.git", "https:///people.git", "https://git.example/a\nb",
  ])
  func addressesThatAreNot(url: String) {
    #expect(throws: GitRemote.Refusal.self) { try GitRemote(url) }
  }

  @Test(arguments: [
    "https://ada:canary@git.example/x", "https://canary@git.example/x", "ssh://git:canary@git.example/x",
  ])
  func credentialsInAnAddressAreRefusedAndNotRepeated(url: String) {
    let refusal = #expect(throws: GitRemote.Refusal.self) { try GitRemote(url) }
    #expect(refusal?.description.contains("--git-credentials") == true)
    #expect(refusal?.description.contains("canary") == false)
  }

  @Test(arguments: [("ada:s3cret", "ada:s3cret"), ("token", "x-access-token:token")])
  func credentialsAreForTheirServerAlone(value: String, pair: String) async throws {
    let credentials = GitCredentials(secret: .environment("GIT"))
    let secrets = SecretResolver(environment: ["GIT": value])
    let told = try await credentials.environment(for: try GitRemote("https://git.example:8443/org/people.git"), secrets)
    #expect(told["GIT_CONFIG_KEY_0"] == "http.https://git.example:8443/.extraHeader")
    #expect(told["GIT_CONFIG_VALUE_0"] == "Authorization: Basic \(Data(pair.utf8).base64EncodedString())")
    #expect(try await credentials.environment(for: try GitRemote("/srv/people.git"), secrets).isEmpty)
  }

  @Test func shellNeverAsksAndNamesAreQuoted() async throws {
    let credentials = GitCredentials(keyFile: "/run/it's a key", knownHosts: "/run/hosts")
    let told = try await credentials.environment(
      for: try GitRemote("git@git.example:x.git"), SecretResolver(environment: [:]))
    let command = try #require(told["GIT_SSH_COMMAND"])
    #expect(command.contains("'BatchMode=yes'") && command.contains("'StrictHostKeyChecking=yes'"))
    #expect(command.contains("'/run/it'\\''s a key'"))
    #expect(command.contains("'UserKnownHostsFile=/run/hosts'"))
  }

  @Test(arguments: ["", "-x", "a..b", "a b", "a:b", "a*", "main/", "a@{1}", "a\n"])
  func namesThatNoBranchHas(ref: String) throws {
    let remote = try GitRemote("/srv/x")
    #expect(throws: GitRemote.Refusal.self) { try GitSource.Settings(remote: remote, ref: ref) }
  }

  @Test func foldersStayWithinTheRepository() throws {
    let remote = try GitRemote("/srv/x")
    #expect(try GitSource.Settings(remote: remote, directory: "./a//b/").directory == "a/b")
    for folder in ["/etc", "../x", "a/../../x"] {
      #expect(throws: GitRemote.Refusal.self) { try GitSource.Settings(remote: remote, directory: folder) }
    }
  }
}
