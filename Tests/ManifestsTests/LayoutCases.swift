/// What `fmt` makes of one peculiarity at a time.
enum LayoutCases {
  static let all = order + space + lists + comments + scalars + anchors + documents

  private static let order = [
    LayoutCase(
      "the envelope has its order",
      "# Alice\nspec: {userName: alice}\nmetadata:\n  labels: {team: a}\n  name: alice\n# A person\nkind: User\napiVersion: rollcall/v1\n",
      "# Alice\napiVersion: rollcall/v1\n# A person\nkind: User\nmetadata:\n  name: alice\n  labels: {team: a}\nspec: {userName: alice}\n"
    ),
    LayoutCase(
      "an anchor holds the order",
      "kind: User\napiVersion: &v rollcall/v1\nmetadata: {name: a}\nspec: {userName: *v}\n",
      "kind: User\napiVersion: &v rollcall/v1\nmetadata: {name: a}\nspec: {userName: *v}\n"),
    LayoutCase(unchanged: "what is no manifest keeps its order", "spec: 1\nmetadata: 2\nkind: 3\n"),
  ]

  private static let space = [
    LayoutCase("indentation", "a:\n    b:\n       c: 1\n       d: 2\n", "a:\n  b:\n    c: 1\n    d: 2\n"),
    LayoutCase("space between and behind", "a   :   1   \nb:\t2\n", "a: 1\nb: 2\n"),
    LayoutCase("blank lines", "\n\na: 1\n\n\n\nb:\n\n  c: 2\n\n\n", "a: 1\n\nb:\n  c: 2\n"),
    LayoutCase("line ends of other systems", "\u{FEFF}a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
    LayoutCase("no line end at the end", "a: 1", "a: 1\n"),
    LayoutCase("a value below its key", "a:\n  1\nb:\n  'x'\n", "a: 1\nb: 'x'\n"),
    LayoutCase("a key announced", "? a\n: 1\n? b\n", "a: 1\nb:\n"),
    LayoutCase("nothing", "", ""),
    LayoutCase("nothing but space", "\n  \n\n", ""),
  ]

  private static let lists = [
    LayoutCase("lists below their key", "a:\n- 1\n- 2\nb: 3\n", "a:\n  - 1\n  - 2\nb: 3\n"),
    LayoutCase("items of several lines", "a:\n-   b: 1\n    c: 2\n-\n    d: 3\n", "a:\n  - b: 1\n    c: 2\n  - d: 3\n"),
    LayoutCase("lists of lists", "-  - 1\n   - 2\n-\n  - 3\n", "- - 1\n  - 2\n- - 3\n"),
    LayoutCase("brackets", "a: [ 1,2 ,  3 ]\nb: { c: 1,d : 2, }\nc: [ ]\n", "a: [1, 2, 3]\nb: {c: 1, d: 2}\nc: []\n"),
    LayoutCase("brackets over lines", "a: [\n  1,\n  2\n]\n", "a: [1, 2]\n"),
    LayoutCase("a pair in a list", "a: [b: 1, c]\n", "a: [{b: 1}, c]\n"),
    LayoutCase(
      "brackets that are too long",
      "a: [\(Array(repeating: "aaaaaaaaaaaa", count: 10).joined(separator: ", "))]\n",
      "a:\n" + String(repeating: "  - aaaaaaaaaaaa\n", count: 10)),
    LayoutCase(
      "long brackets within a list",
      "- {a: \(String(repeating: "x", count: 80)), b: {c: \(String(repeating: "y", count: 60))}}\n",
      "- a: \(String(repeating: "x", count: 80))\n  b: {c: \(String(repeating: "y", count: 60))}\n"),
    LayoutCase(
      "comments open the brackets", "a: [ # these\n  1, # one\n  # two\n  2\n]\n",
      "a:   # these\n  - 1  # one\n  # two\n  - 2\n"),
  ]

  private static let comments = [
    LayoutCase(
      "comments move with what they speak of",
      "# top\na:\n    # of b\n    b: 1   # one\n    # after b\n# of c\nc: 2\n# end\n",
      "# top\na:\n  # of b\n  b: 1   # one\n  # after b\n# of c\nc: 2\n# end\n"),
    LayoutCase(unchanged: "comments in a column stay there", "a: 1               # one\nbb: [2, 3]         # two\n"),
    LayoutCase(
      "comments that go on below", "a:\n- b: [1]    # one\n            # two\n  # of c\n  c: 2\n",
      "a:\n  - b: [1]    # one\n              # two\n    # of c\n    c: 2\n"),
    LayoutCase("comments that are too near", "a: 1 # one\n", "a: 1  # one\n"),
    LayoutCase(
      "comments between the items of a list", "a:\n- 1\n# between\n- 2\n# of b\nb: 3\n",
      "a:\n  - 1\n  # between\n  - 2\n# of b\nb: 3\n"),
    LayoutCase(unchanged: "comments at the end of a list", "a:\n  - 1\n  # - 2\nb: 3\n"),
    LayoutCase(unchanged: "comments instead of a list", "a:\n  # - 1\n\n  # - 2\nb: 3\n"),
    LayoutCase(unchanged: "a comment behind a key", "a:  # what\n  b: 1\n"),
    LayoutCase("a comment between a key and its value", "a: # what\n  1\n", "a: 1  # what\n"),
    LayoutCase("two comments for one line", "a: # what\n  1 # one\n", "# what\na: 1  # one\n"),
    LayoutCase(unchanged: "a comment behind a dash", "-  # what\n  b: 1\n"),
    LayoutCase("a number sign that is none", "a: b#c   \nd: 'e # f'\n", "a: b#c\nd: 'e # f'\n"),
    LayoutCase(unchanged: "blank lines between comments", "# one\n\n# two\na: 1\n\n# three\n\nb: 2\n"),
    LayoutCase("comments alone", "\n# one\n\n\n# two\n\n", "# one\n\n# two\n"),
  ]

  private static let scalars = [
    LayoutCase(unchanged: "quotes stay", "a: \"no\"\nb: 'no'\nc: no\nd: \"\\u00e9\"\n\"e f\": ''\n"),
    LayoutCase(
      "blocks of text",
      "a:\n    b: |  # text\n        one  \n          # no comment\n\n        two\n\n\n    c: >-\n      x\n      y\n",
      "a:\n  b: |  # text\n    one  \n      # no comment\n\n    two\n\n  c: >-\n    x\n    y\n"),
    LayoutCase("blocks that keep their end", "a: |+\n    x\n\n\nb: 1\n", "a: |+\n  x\n\n\nb: 1\n"),
    LayoutCase("blocks that begin with space", "a: |4\n      x\n    y\n", "a: |2\n    x\n  y\n"),
    LayoutCase("a block at the end of a file without a line end", "a: |\n  x", "a: |-\n  x\n"),
    LayoutCase("an empty block", "a: |\n\n\nb: 1\n", "a: |\n\nb: 1\n"),
    LayoutCase(
      "text over lines", "a: one\n    two\n\n    three\nb: \"x\n  y \\\n    z\"\n",
      "a: one\n  two\n\n  three\nb: \"x\n  y \\\n  z\"\n"),
  ]

  private static let anchors = [
    LayoutCase(
      unchanged: "anchors, aliases and merges",
      "a: &a\n  b: 1\nc:\n  <<: *a\n  d: &d [1, 2]\ne: [*d, *d]\n"),
    LayoutCase("space around them", "a:   &a    1\nb:    *a\n", "a: &a 1\nb: *a\n"),
    LayoutCase("an anchor on a line of its own", "a:\n  &a\n  b: 1\nc: *a\n", "a: &a\n  b: 1\nc: *a\n"),
    LayoutCase("anchors of items", "-  &a\n   b: 1\n- *a\n", "- &a\n  b: 1\n- *a\n"),
    LayoutCase("tags", "a:  !!str   1\nb: !!map\n    c: 1\n", "a: !!str 1\nb: !!map\n  c: 1\n"),
    LayoutCase("an alias for a key", "a: &k x\n*k   : 1\n", "a: &k x\n*k : 1\n"),
    LayoutCase("an anchor of nothing", "a: &a\nb: *a\n", "a: &a\nb: *a\n"),
  ]

  private static let documents = [
    LayoutCase(
      "separators", "---\na: 1\n\n---   # next\n\nb: 2\n...\n---\nc: 3\n", "a: 1\n---   # next\nb: 2\n---\nc: 3\n"),
    LayoutCase("a heading", "# all\n---\n# one\na: 1\n", "# all\n# one\na: 1\n"),
    LayoutCase("documents of nothing", "---\n---\na: 1\n---\n# rest\n---\n", "a: 1\n# rest\n"),
    LayoutCase("comments between documents", "a: 1\n---\n# of b\n---\nb: 2\n", "a: 1\n---\n# of b\nb: 2\n"),
    LayoutCase(unchanged: "directives", "%YAML 1.2\n---\na: 1\n...\n%YAML 1.2\n---\nb: 2\n"),
    LayoutCase("other roots", "---   x\n--- |\n   y\n--- [1,2]\n", "x\n---\n|\n  y\n---\n[1, 2]\n"),
  ]
}
