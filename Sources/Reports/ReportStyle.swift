/// How a report looks as a page, and how it is searched.
enum ReportStyle {
  static let text: StaticString = """
    :root { color-scheme: light dark; --line: #d0d7de; --dim: #59636e; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700;
      --change: #0969da; --known: #8250df; --code: #f6f8fa; }
    @media (prefers-color-scheme: dark) { :root { --line: #3d444d; --dim: #9198a1; --good: #3fb950; --bad: #f85149;
      --warn: #d29922; --change: #4493f8; --known: #ab7df8; --code: #212830; } }
    body { font: 15px/1.5 system-ui, sans-serif; max-width: 76rem; margin: 2rem auto; padding: 0 1rem; }
    h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
    header p { margin: .3rem 0; } .good { color: var(--good); } .bad { color: var(--bad); }
    table { border-collapse: collapse; width: 100%; } section { overflow-x: auto; }
    th { text-align: left; color: var(--dim); font-weight: 600; }
    th, td { border-bottom: 1px solid var(--line); padding: .35rem .7rem .35rem 0; vertical-align: top; }
    td { overflow-wrap: anywhere; } code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
    svg { width: 100%; max-width: 760px; } svg text { fill: currentColor; font-size: 13px; }
    .mark { font-weight: 600; white-space: nowrap; } .create { color: var(--good); fill: var(--good); }
    .update, .changed, .note { color: var(--change); fill: var(--change); }
    .disable, .withheld, .unmanaged, .warning { color: var(--warn); fill: var(--warn); }
    .delete, .missing, .error { color: var(--bad); fill: var(--bad); }
    .foreign { color: var(--dim); fill: var(--dim); } .acknowledged, .baseline { color: var(--known); fill: var(--known); }
    svg .axis { stroke: var(--dim); }
    .search { display: none; } .searchable .search { display: block; margin-top: 1rem; }
    @media print { .search { display: none !important; } body { max-width: none; margin: 0; font-size: 11px; }
      tr, svg { break-inside: avoid; } thead { display: table-header-group; } }
    """

  /// Leaves the rows that have all words of the search. Without scripts there is no field for it.
  static let search: StaticString = """
    document.documentElement.classList.add("searchable");
    document.getElementById("search").addEventListener("input", event => {
      const words = event.target.value.toLowerCase().split(/\\s+/).filter(Boolean);
      for (const row of document.querySelectorAll("tbody tr")) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every(word => text.includes(word));
      }
    });
    """
}
