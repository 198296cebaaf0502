import CLibYAML

/// libyaml's event loop over bytes in memory: the only place that knows the C library.
///
/// One event is current at a time; `advance` replaces it. The bytes must outlive this value.
struct YAMLEvents: ~Copyable {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case scalar, alias, sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  /// libyaml keeps pointers into the parser, so it must not move.
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let event: UnsafeMutablePointer<yaml_event_t>
  private let hasMemory: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    event = .allocate(capacity: 1)
    event.initialize(to: yaml_event_t())
    hasMemory = yaml_parser_initialize(parser) == 1
    if hasMemory, let start = bytes.baseAddress { yaml_parser_set_input_string(parser, start, bytes.count) }
  }

  deinit {
    yaml_event_delete(event)
    if hasMemory { yaml_parser_delete(parser) }
    event.deallocate()
    parser.deallocate()
  }

  /// Reads the next event. After a fault, or after `streamEnd`, it must not be called again.
  mutating func advance() throws(YAMLFault) -> Kind {
    yaml_event_delete(event)
    guard hasMemory, yaml_parser_parse(parser, event) == 1 else { throw fault() }
    switch event.pointee.type {
    case YAML_SCALAR_EVENT: return .scalar
    case YAML_MAPPING_START_EVENT: return .mappingStart
    case YAML_MAPPING_END_EVENT: return .mappingEnd
    case YAML_SEQUENCE_START_EVENT: return .sequenceStart
    case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
    case YAML_ALIAS_EVENT: return .alias
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_STREAM_START_EVENT: return .streamStart
    default: return .streamEnd
    }
  }

  /// Where the current event begins; for a node with an anchor or a tag that is where these begin.
  var mark: YAMLMark {
    let start = event.pointee.start_mark
    let end = event.pointee.end_mark
    let length = start.line == end.line ? Int(end.column) - Int(start.column) : 1
    return YAMLMark(line: Int(start.line) + 1, column: Int(start.column) + 1, length: length)
  }

  /// Where the text of the current event stands, in characters from the start of the file, a byte order mark not counted.
  /// The end of a block collection is known by what follows it, so there both bounds are where that begins.
  var range: Range<Int> {
    let start = Int(event.pointee.start_mark.index)
    return start..<max(start, Int(event.pointee.end_mark.index))
  }

  /// The text of the current scalar; libyaml has checked that it is UTF-8.
  var text: String {
    let scalar = event.pointee.data.scalar
    return String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
  }

  /// The current scalar is neither quoted nor a block.
  var isPlain: Bool { event.pointee.data.scalar.style == YAML_PLAIN_SCALAR_STYLE }

  /// The current scalar is a literal or folded block.
  var isBlockScalar: Bool {
    let style = event.pointee.data.scalar.style
    return style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE
  }

  /// The current scalar is in double quotes.
  var isDoubleQuoted: Bool { event.pointee.data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE }

  /// The sequence that begins here stands in brackets.
  var isFlowSequence: Bool { event.pointee.data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE }

  /// The mapping that begins here stands in braces.
  var isFlowMapping: Bool { event.pointee.data.mapping_start.style == YAML_FLOW_MAPPING_STYLE }

  /// The anchor of the current node, or the anchor that the current alias names.
  ///
  /// Every node event begins with its anchor and, but for aliases, its tag, so C lets us read these two as if each were
  /// a scalar (C11 section 6.5.2.3).
  var anchor: String? { event.pointee.data.scalar.anchor.map { String(cString: $0) } }

  /// The resolved tag of the current node (never of an alias).
  var tag: String? { event.pointee.data.scalar.tag.map { String(cString: $0) } }

  private func fault() -> YAMLFault {
    let state = parser.pointee
    return YAMLFault(
      problem: state.problem.map { String(cString: $0) } ?? YAMLFault.outOfMemory,
      place: YAMLFault.Place(state.problem_mark),
      context: state.context.map { (String(cString: $0), YAMLFault.Place(state.context_mark)) },
      undecodableByte: state.error == YAML_READER_ERROR ? state.problem_offset : nil)
  }
}

/// What libyaml says about input that it cannot read, in its own words.
struct YAMLFault: Error {
  /// The one problem that libyaml has no words for.
  static let outOfMemory = "out of memory"

  /// Counted from 0, as libyaml does.
  struct Place {
    var line: Int
    var column: Int
  }

  var problem: String
  var place: Place
  /// What libyaml was in the middle of, and where that began.
  var context: (problem: String, place: Place)?
  /// The offset of the first byte that is no UTF-8 or stands for a forbidden character.
  var undecodableByte: Int?
}

extension YAMLFault.Place {
  fileprivate init(_ mark: yaml_mark_t) { self.init(line: Int(mark.line), column: Int(mark.column)) }
}
