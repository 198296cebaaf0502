// swift-tools-version: 6.2
import PackageDescription

// The house, from the ground up: each target may import what stands above it in this list, and only what it names.

let package = Package(
  name: "rollcall",
  products: [
    .executable(name: "rollcall", targets: ["rollcall"]), .executable(name: "playground", targets: ["playground"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-asn1", from: "1.7.4"),
    .package(url: "https://github.com/apple/swift-certificates", from: "1.21.1"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // The system's libraries
    .systemLibrary(name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(name: "CPostgreSQL", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CMalloc"),

    // Level 0 and 1: vocabularies
    .room("JSON"),
    .room("XML"),
    .room("Prometheus", .metrics),
    .room("SCIM", "JSON"),
    .room("OpenID", "JSON", .crypto),

    // Level 2: rules
    .room("Reconciliation", "JSON", "SCIM", .crypto),
    .room("LocalDirectory", "JSON", "SCIM", "OpenID", "CArgon2", .crypto),

    // Level 3, below the write boundary: front end and back end
    .room("Manifests", "JSON", "SCIM", "Reconciliation", "CLibYAML"),
    .room("Reports", "JSON", "XML", "SCIM", "Reconciliation"),

    // Level 3: drivers and persistence
    .room(
      "Endpoints", "JSON", "XML", "SCIM", "Reconciliation", "LocalDirectory", .httpClient, .nio, .nioPosix, .nioHTTP1,
      .nioSSL, .crypto, .jwt, .x509, .asn1),
    .room(
      "Stores", "JSON", "OpenID", "Reconciliation", "LocalDirectory", "CPostgreSQL", "CSQLite", .grdb,
      .sqlite),

    // Level 4: effects in order
    .room(
      "Controller", "CMalloc", "JSON", "Prometheus", "SCIM", "Reconciliation", "Manifests", "Endpoints",
      .httpClient, .hummingbird, .hummingbirdCore, .httpTypes, .nio, .nioHTTP1, .crypto, .logging, .metrics),
    .room(
      "IdentityServer", "JSON", "XML", "Prometheus", "SCIM", "OpenID", "Reconciliation", "LocalDirectory", "Reports",
      "Endpoints", .hummingbird, .hummingbirdCore, .hummingbirdTLS, .httpTypes, .nio, .nioHTTP1, .nioHTTPTypes, .nioSSL,
      .crypto, .cryptoExtras, .jwt, .mustache, .x509, .asn1, .logging, .metrics, .lifecycle),

    // Level 5: the commands and the composition root
    .executableTarget(
      name: "rollcall",
      dependencies: [
        "JSON", "SCIM", "OpenID", "Reconciliation", "LocalDirectory", "Manifests", "Reports", "Endpoints", "Stores",
        "Controller", "IdentityServer", .argumentParser, .logging, .lifecycle,
      ],
      swiftSettings: .house),

    // An application whose users sign in at an OpenID provider: samples/03-just-in-time
    .executableTarget(
      name: "playground",
      dependencies: [
        "JSON", "XML", "OpenID", .argumentParser, .httpClient, .httpTypes, .hummingbird, .jwt, .logging, .mustache,
        .nio, .nioHTTP1, .nioSSL,
      ],
      swiftSettings: .house),

    // Speed, measured: make bench
    .target(name: "CEventLoop", linkerSettings: [.linkedLibrary("yaml")]),
    .executableTarget(
      name: "bench",
      dependencies: [
        "JSON", "SCIM", "Reconciliation", "LocalDirectory", "Manifests", "Stores", "CEventLoop", .httpClient,
        .httpTypes, .hummingbird, .grdb, .logging, .nio,
      ],
      swiftSettings: .house),

    // Tests mirror the rooms
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: .house),
    .tests(of: "JSON", "SeededRandom"),
    .tests(of: "XML", "SeededRandom"),
    .tests(of: "Prometheus", "SeededRandom", .metrics),
    .tests(of: "SCIM", "SeededRandom", "JSON"),
    .tests(of: "OpenID", "SeededRandom", "JSON"),
    .tests(of: "Reconciliation", "SeededRandom", "JSON", "SCIM"),
    .tests(of: "LocalDirectory", "SeededRandom", "JSON", "SCIM", "OpenID"),
    .tests(of: "Manifests", "SeededRandom", "JSON", "SCIM", "Reconciliation"),
    .tests(of: "Reports", "JSON", "SCIM", "Reconciliation", exclude: ["Golden"]),
    .tests(of: "playground", "SeededRandom", "JSON", "OpenID", .jwt),
    .tests(
      of: "Endpoints", "SeededRandom", "JSON", "XML", "SCIM", "Reconciliation", "LocalDirectory", .httpClient,
      .hummingbird, .httpTypes, .nio, .nioSSL, .logging, .jwt, .cryptoExtras, .lifecycle),
    .tests(of: "Stores", "SeededRandom", "JSON", "SCIM", "OpenID", "Reconciliation", "LocalDirectory", .grdb),
    .tests(
      of: "Controller", "SeededRandom", "JSON", "SCIM", "Reconciliation", "LocalDirectory", "Manifests", "Endpoints",
      "Stores", .httpClient, .nio, .nioHTTP1, .logging),
    .tests(
      of: "IdentityServer", "SeededRandom", "JSON", "XML", "SCIM", "OpenID", "Reconciliation", "LocalDirectory",
      "Endpoints", "Stores", "Prometheus", .httpClient, .httpTypes, .hummingbird, .hummingbirdCore, .nio, .nioHTTP1,
      .nioPosix, .nioSSL, .crypto, .cryptoExtras, .jwt, .logging, .metrics, .lifecycle),
  ]
)

extension Target {
  /// A library of the house, with its settings.
  static func room(_ name: String, _ dependencies: Dependency...) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: .house)
  }

  static func tests(of name: String, _ dependencies: Dependency..., exclude: [String] = []) -> Target {
    .testTarget(
      name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: .house)
  }
}

extension [SwiftSetting] {
  static var house: Self {
    [
      .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
      // An asynchronous function runs where its caller does: every hop costs as much as a look-up.
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .treatAllWarnings(as: .error),
    ]
  }
}

extension Target.Dependency {
  static var argumentParser: Self { .product(name: "ArgumentParser", package: "swift-argument-parser") }
  static var asn1: Self { .product(name: "SwiftASN1", package: "swift-asn1") }
  static var crypto: Self { .product(name: "Crypto", package: "swift-crypto") }
  static var cryptoExtras: Self { .product(name: "CryptoExtras", package: "swift-crypto") }
  static var grdb: Self { .product(name: "GRDB", package: "GRDB.swift") }
  static var httpClient: Self { .product(name: "AsyncHTTPClient", package: "async-http-client") }
  static var httpTypes: Self { .product(name: "HTTPTypes", package: "swift-http-types") }
  static var hummingbird: Self { .product(name: "Hummingbird", package: "hummingbird") }
  static var hummingbirdCore: Self { .product(name: "HummingbirdCore", package: "hummingbird") }
  static var hummingbirdTLS: Self { .product(name: "HummingbirdTLS", package: "hummingbird") }
  static var jwt: Self { .product(name: "JWTKit", package: "jwt-kit") }
  static var lifecycle: Self { .product(name: "ServiceLifecycle", package: "swift-service-lifecycle") }
  static var logging: Self { .product(name: "Logging", package: "swift-log") }
  static var metrics: Self { .product(name: "CoreMetrics", package: "swift-metrics") }
  static var mustache: Self { .product(name: "Mustache", package: "swift-mustache") }
  static var nio: Self { .product(name: "NIOCore", package: "swift-nio") }
  static var nioHTTP1: Self { .product(name: "NIOHTTP1", package: "swift-nio") }
  static var nioHTTPTypes: Self { .product(name: "NIOHTTPTypes", package: "swift-nio-extras") }
  static var nioPosix: Self { .product(name: "NIOPosix", package: "swift-nio") }
  static var nioSSL: Self { .product(name: "NIOSSL", package: "swift-nio-ssl") }
  static var sqlite: Self { .product(name: "GRDBSQLite", package: "GRDB.swift") }
  static var x509: Self { .product(name: "X509", package: "swift-certificates") }
}
