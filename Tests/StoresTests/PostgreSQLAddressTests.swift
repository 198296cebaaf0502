import Testing

@testable import Stores

struct PostgreSQLAddressTests {
  @Test(arguments: [
    ("postgresql://carol@db.example.org/people", "postgresql://carol@db.example.org/people"),
    (
      "postgres://carol:s3cret@db.example.org:5433/people?sslmode=require",
      "postgresql://carol@db.example.org:5433/people"
    ),
    ("POSTGRESQL://carol:p@ss/people", "postgresql://carol@ss/people"),
    ("postgresql://c:s3@cret@db/people", "postgresql://c@db/people"),
    ("postgresql:///people?host=/run/postgresql&password=s3cret", "postgresql:///people"),
    ("postgresql://[::1]:5432,other/people", "postgresql://[::1]:5432,other/people"),
  ])
  func theDescriptionShowsNoPassword(_ text: String, _ description: String) {
    #expect(PostgreSQLAddress(text)?.description == description)
  }

  @Test(arguments: [".rollcall/directory.sqlite", "/postgresql://x", "mysql://carol@db/people", "", "postgresql:"])
  func otherTextsAreNoAddresses(_ text: String) {
    #expect(PostgreSQLAddress(text) == nil)
  }

  @Test(arguments: [
    "postgresql://carol:s3cret%21@nowhere.invalid/people", "postgresql://nowhere.invalid/people?password=s3cret%21",
    "postgresql://carol:s3cret%21@127.0.0.1:1/people", "postgresql://carol:s3cret%zz@127.0.0.1:1/people",
    "postgresql://carol:s3cret@[::1/people", "postgresql://127.0.0.1:1/people?password=s3cret&nonsense=1",
    "postgresql://carol:s3cret@127.0.0.1:port/people", "postgresql://127.0.0.1/people?passw%6frd=s3cret&sslmode=odd",
  ])
  func noErrorShowsThePassword(_ text: String) throws {
    let address = try #require(PostgreSQLAddress(text))
    let error = #expect(throws: StoreError.self) { try PostgreSQLDirectoryStore(address) }
    #expect(error?.kind == .unavailable)
    #expect(error?.message.contains(address.description) == true)
    #expect(error?.message.contains("s3cret") == false, "\(error?.message ?? "")")
  }
}
