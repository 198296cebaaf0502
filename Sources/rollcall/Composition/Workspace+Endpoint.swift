import Controller
import Endpoints
import Manifests
import Reconciliation
import Reports

extension Workspace {
  /// The manifests, for a command that shows something else than them.
  /// - Throws: when they are faulty, which is printed.
  func validManifests(_ options: ManifestOptions) async throws -> Compilation {
    let compilation = try await compile(options)
    guard compilation.isValid else {
      _ = print(Report(verb: .validate, compilation.validation))
      throw CommandFailure(.invalidManifests, "the manifests are not valid")
    }
    for warning in compilation.diagnostics {
      terminal.note("\(warning.location): \(warning.severity.rawValue)[\(warning.code)]: \(warning.message)")
    }
    return compilation
  }

  /// The endpoint of this name in the manifests; without a name, the only one.
  func endpoint(named name: String?, in options: ManifestOptions) async throws -> EndpointDeclaration {
    let compilation = try await validManifests(options)
    let declared = compilation.desiredState.endpoints
    let names = declared.map(\.name).joined(separator: ", ")
    guard let name else {
      guard declared.count == 1 else {
        throw CommandFailure(
          .usage, "the manifests declare \(declared.count) endpoints: say which with --endpoint",
          hint: "one of \(names)")
      }
      return declared[0]
    }
    guard let found = declared.first(where: { $0.name == name }) else {
      throw CommandFailure(.usage, "there is no endpoint \"\(name)\" in the manifests", hint: "there is \(names)")
    }
    return found
  }

  /// Opens the endpoint for the body, which sends nothing more when it is to stop, and closes it afterwards.
  func withEndpoint<Answer>(
    _ declaration: EndpointDeclaration, _ body: (any Endpoint, Observer) async throws -> Answer
  ) async throws -> Answer {
    do {
      let endpoint = try await open(declaration)
      let observer = Observer(stop: signals.stop, now: now)
      let answer: Result<Answer, any Error>
      do {
        answer = .success(
          try await SendingPermit.$current.withValue(SendingPermit { [stop = signals.stop] in !stop.isRaised }) {
            try await body(endpoint, observer)
          })
      } catch {
        answer = .failure(error)
      }
      await endpoint.close()
      return try answer.get()
    } catch let error as EndpointError {
      throw CommandFailure(.unreachable, "\(declaration.name): \(error.message)")
    }
  }
}
