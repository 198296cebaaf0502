import Endpoints
import LocalDirectory
import Manifests
import Reconciliation
import Reports
import SCIM

extension Workspace {
  /// Keeps the schemas of the manifests in the store of an embedded directory, so that whoever serves it knows them.
  func keepSchemas(for declaration: EndpointDeclaration) async throws {
    guard declaration.driver == .embedded, !declaration.schemas.isEmpty else { return }
    try await keep(declaration.schemas, in: try directory(at: declaration.store))
  }

  /// Forgets the schemas that the manifests no longer describe, and says which have to stay.
  func forgetSchemas(for declaration: EndpointDeclaration) async throws {
    guard declaration.driver == .embedded else { return }
    let used = try await directory(at: declaration.store)
      .forgetSchemas(except: declaration.schemas, by: Self.manifestAuthor)
    for urn in used {
      terminal.note("\(declaration.name): the schema \(urn) is in no manifest, and stays while resources use it")
    }
  }

  /// As ``open(_:)``, for a controller: what it reconciles, it may write.
  @Sendable func openKeepingSchemas(_ declaration: EndpointDeclaration) async throws(EndpointError) -> any Endpoint {
    do {
      try await keepSchemas(for: declaration)
    } catch {
      throw EndpointError(.misconfigured, "endpoint '\(declaration.name)': the schemas cannot be kept: \(error)")
    }
    return try await open(declaration)
  }

  /// What of the manifests at the paths, or where the settings say, concerns a server: schemas that its directory is to
  /// know, endpoints that its connectors may name. Nothing when neither says any.
  func served(_ paths: [String]) async throws -> (schemas: [SchemaExtension], endpoints: [EndpointDeclaration]) {
    let paths = paths.isEmpty ? settings.string("filename", nil).map { [$0] } ?? [] : paths
    guard !paths.isEmpty else { return ([], []) }
    let compilation = await compile(paths)
    guard compilation.isValid else {
      _ = print(Report(verb: .validate, compilation.validation))
      throw CommandFailure(.invalidManifests, "the manifests are not valid")
    }
    return (compilation.schemas, compilation.desiredState.endpoints.filter { $0.location != nil })
  }

  /// The directory with all schemas that its store keeps, these from now on among them.
  func keeping(_ schemas: [SchemaExtension], in directory: Directory) async throws -> Directory {
    try await keep(schemas, in: directory)
    return try await directory.extended()
  }

  private func keep(_ schemas: [SchemaExtension], in directory: Directory) async throws {
    do {
      try await directory.keep(schemas, by: Self.manifestAuthor)
    } catch let error as SCIMError {
      throw CommandFailure(
        .refused, error.detail, hint: "give the schema a URN of its own, or remove its attributes from the resources")
    }
  }

  /// How these writes are signed in the directory's events.
  private static let manifestAuthor: Author = "manifests"
}
