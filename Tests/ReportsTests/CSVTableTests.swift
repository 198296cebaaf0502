import Testing

@testable import Reports

struct CSVTableTests {
  @Test(arguments: [
    ("plain", "plain"), ("=1", "\"'=1\""), (" =1", "\"' =1\""), ("\t=1", "\\t=1"), ("-1", "\"'-1\""),
    ("@x", "\"'@x\""), ("＝1", "\"'＝1\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "a\\r\\nb"),
    ("\u{1B}[31m", "\\u001b[31m"), ("a;b", "\"a;b\""), ("a,b", "\"a,b\""), ("", ""),
  ])
  func aCellIsNoFormulaAndNoOtherCell(text: String, cell: String) {
    #expect(CSVTable.cell(text) == cell)
  }
}
