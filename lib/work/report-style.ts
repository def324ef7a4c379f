/** The look of a report: light or dark as the reader's system prefers, and fit for print. */
export const reportStyle = `
:root{color-scheme:light dark;--text:#1b1e23;--quiet:#5b636e;--line:#d9dde3;--page:#fff;--soft:#f5f6f8;--good:#1a7f37;--bad:#c0262d;--open:#8a5a00}
@media (prefers-color-scheme:dark){:root{--text:#e6e8eb;--quiet:#9aa3ad;--line:#363c45;--page:#15181c;--soft:#1e2228;--good:#4ac26b;--bad:#ff7b72;--open:#e3b341}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:960px;padding:32px 24px;font:14px/1.5 system-ui,sans-serif;color:var(--text);background:var(--page)}
h1{font-size:26px;margin:0 0 8px}.prose{margin-top:32px}h2{font-size:18px;margin:32px 0 8px}h3{font-size:14px;margin:0 0 8px}
.outcome{padding:12px 16px;border:1px solid currentColor;border-radius:6px}
.passed{color:var(--good)}.failed,.broken{color:var(--bad)}.undecided,.stopped,.running{color:var(--open)}
.quiet{color:var(--quiet);font-size:13px;font-weight:400}
.cell{border-top:1px solid var(--line);padding:16px 0;margin-top:16px}
.scroll{overflow:auto;max-height:420px;border:1px solid var(--line);border-radius:6px}
table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:4px 8px;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);max-width:360px;overflow-wrap:break-word;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;background:var(--soft);font-weight:600;white-space:nowrap}tbody tr:last-child td{border-bottom:0}
.number{text-align:right}
pre{background:var(--soft);padding:12px;border-radius:6px;overflow-x:auto}code{font:12px/1.5 ui-monospace,monospace}
details{margin-top:8px}summary{cursor:pointer;color:var(--quiet)}
.fault{border-left:3px solid var(--bad);padding:4px 12px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;font-size:13px}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
.chart svg,svg.map{max-width:100%;height:auto}svg.map{border:1px solid var(--line);border-radius:6px}
svg.map text{font:600 12px system-ui,sans-serif;fill:var(--text);stroke:var(--page);stroke-width:3px;paint-order:stroke}
@media print{body{max-width:none}.scroll{max-height:none}details{display:none}.cell{break-inside:avoid}}
`;
