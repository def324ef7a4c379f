import type { FaultReport } from "#lib/model/fault.ts";
import type { CellResult, Check, Run, RunCell } from "#lib/model/run.ts";
import { describeMeasures, describeNeed } from "./calibration-words.ts";
import { cleanSvg, formatMapFigure } from "./report-figures.ts";
import type { ReportChart, ReportMaterial, ReportTable } from "./report-material.ts";
import {
  checkWord,
  formatCheckValue,
  formatDuration,
  formatInstant,
  formatNumber,
  formatRate,
  formatThreshold,
  outcomeSentence
} from "./report-numbers.ts";
import { escapeHtml, formatProse } from "./report-prose.ts";
import { reportStyle } from "./report-style.ts";
import { formatRights, plainStatement } from "./run-statement.ts";

/** Nothing runs and nothing is loaded, whatever a cell wrote into the file. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'";

/** A run as one HTML file that needs nothing else: prose, tables, charts, maps, checks, and all it stood on. */
export function formatReport(run: Run, material: ReportMaterial): string {
  const sentence = outcomeSentence(run.outcome, run.checks);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(run.title)}: ${run.outcome}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<h1>${escapeHtml(run.title)}</h1>
<p class="outcome ${run.outcome}"><strong>${signOf(run.outcome)} ${run.outcome}</strong> ${escapeHtml(sentence)}</p>
<p class="quiet">${formatInstant(run.startedAtMs)} · ${escapeHtml(run.businessUnits.join(", "))}</p>
${formatParams(run)}
</header>
<main>
${formatChecks(run.checks)}
${run.cells.map((cell) => formatCell(cell, material)).join("\n")}
</main>
<footer>
<h2>What it stood on</h2>
${formatGround(run)}
</footer>
</body>
</html>
`;
}

function signOf(word: string): string {
  return word === "passed" ? "✓" : word === "failed" || word === "broken" ? "✗" : "○";
}

function formatParams(run: Run): string {
  const entries = Object.entries(run.params);
  if (entries.length === 0) return "";
  const items = entries.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd>`);
  return `<dl class="params">${items.join("")}</dl>`;
}

function formatChecks(checks: readonly Check[]): string {
  if (checks.length === 0) return "";
  const rows = checks.map((check) => {
    const word = checkWord(check);
    return `<tr><td class="${word}">${signOf(word)} ${word}</td><td>${escapeHtml(check.name)}</td><td class="number">${formatCheckValue(check)}</td><td class="number">${formatThreshold(check)}</td></tr>`;
  });
  return `<section id="checks"><h2>Checks</h2><div class="scroll" tabindex="0"><table><thead><tr><th>Outcome</th><th>Check</th><th class="number">Value, 95 % interval</th><th class="number">Threshold</th></tr></thead><tbody>${rows.join("")}</tbody></table></div></section>`;
}

function formatCell(cell: RunCell, material: ReportMaterial): string {
  if (cell.kind === "prose") return `<section class="prose">${formatProse(cell.text)}</section>`;
  const { state } = cell;
  const took = "durationMs" in state ? ` · ${formatDuration(state.durationMs)}` : "";
  const head = `<h3>${cell.kind} · ${escapeHtml(cell.key)}<span class="quiet">${took}</span></h3>`;
  const source = `<details><summary>Source</summary><pre><code>${escapeHtml(cell.text)}</code></pre></details>`;
  return `<section class="cell">${head}${formatState(cell, material)}${source}</section>`;
}

function formatState({ key, state }: RunCell, material: ReportMaterial): string {
  switch (state.state) {
    case "failed": {
      const hint = state.fault.hint ? `<p>${escapeHtml(state.fault.hint)}</p>` : "";
      return `<div class="fault"><p><strong>failed</strong> ${escapeHtml(state.fault.message)}</p>${hint}</div>`;
    }
    case "blocked":
      return `<p class="fault"><strong>blocked</strong> by ${escapeHtml(state.by.join(", "))}</p>`;
    case "idle":
    case "waiting":
    case "running":
    case "stopped":
      return `<p class="quiet">did not run: ${state.state}</p>`;
    case "done":
      return (
        formatResult(key, state.result, material) +
        formatUnread(material.faults[key]) +
        state.notes.map((note) => `<p class="quiet">${escapeHtml(note)}</p>`).join("")
      );
  }
}

function formatUnread(fault: FaultReport | undefined): string {
  return fault ? `<p class="fault"><strong>not shown</strong> ${escapeHtml(fault.message)}</p>` : "";
}

function formatResult(
  key: string,
  result: Extract<RunCell["state"], { state: "done" }>["result"],
  material: ReportMaterial
): string {
  switch (result.kind) {
    case "prose":
      return "";
    case "scorer":
      return `<p class="quiet">version ${escapeHtml(result.version)}</p>`;
    case "table":
      return formatTable(material.tables[key]);
    case "checks":
      return formatChecks(result.checks).replace(' id="checks"', "").replace("<h2>Checks</h2>", "");
    case "scores": {
      const { n, unscored, passes, mean, interval } = result.summary;
      const rate = n > 0 ? `<strong>${formatRate(passes / n, interval, n)}</strong> passed` : "nothing scored";
      const average = mean === null ? "" : ` · mean ${formatNumber(mean)}`;
      return `<p>${rate}${average} · ${formatNumber(unscored)} unscored · ${escapeHtml(result.scorer)} ${escapeHtml(result.scorerVersion)}</p>${formatTable(material.tables[key])}`;
    }
    case "calibration":
      return formatCalibration(result);
    case "chart":
      return formatChart(material.charts[key]);
    case "map": {
      const map = material.maps[key];
      const shown =
        map && map.share < 1 ? ` · ${formatNumber(Math.round(map.share * 100))} % of the points are drawn` : "";
      const counts = `${formatNumber(result.points)} points · ${result.clusters.length} clusters · ${formatNumber(result.noise)} in none · seed ${result.seed} · ${escapeHtml(result.vectors)}${shown}`;
      const rows = result.clusters.map(
        ({ id, label, size, share }) =>
          `<tr><td class="number">${id}</td><td>${escapeHtml(label)}</td><td class="number">${formatNumber(size)}</td><td class="number">${Math.round(share * 100)} %</td></tr>`
      );
      const list = `<div class="scroll" tabindex="0"><table><thead><tr><th class="number">Cluster</th><th>Words</th><th class="number">Traces</th><th class="number">Share</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
      return `${map ? formatMapFigure(map, result.clusters) : ""}<p class="quiet">${counts}</p>${list}`;
    }
  }
}

function formatCalibration(result: Extract<CellResult, { kind: "calibration" }>): string {
  const rows = describeMeasures(result).map(
    ({ name, said, about }) =>
      `<tr><th>${escapeHtml(name)}</th><td class="number">${escapeHtml(said)}</td><td class="quiet">${escapeHtml(about)}</td></tr>`
  );
  const { passedBoth, missed, falseAlarms, failedBoth } = result.calibration.confusion;
  const counts = `People passed and the scorer too: ${formatNumber(passedBoth)}; failed both: ${formatNumber(failedBoth)}; the scorer passed what people failed: ${formatNumber(missed)}; it failed what people passed: ${formatNumber(falseAlarms)}.`;
  const said = [counts, describeNeed(result), ...result.calibration.warnings].flatMap((line) => line ?? []);
  return `<div class="scroll" tabindex="0"><table><tbody>${rows.join("")}</tbody></table></div>${said.map((line) => `<p class="quiet">${escapeHtml(line)}</p>`).join("")}`;
}

function formatTable(table: ReportTable | undefined): string {
  if (!table) return "";
  const classes = table.columns.map(({ type }) =>
    /^U?(?:TINY|SMALL|BIG|HUGE)?INT|^DOUBLE|^FLOAT|^DECIMAL/.test(type) && !type.endsWith("[]") ? ' class="number"' : ""
  );
  const head = table.columns.map(
    ({ name, type }, index) => `<th${classes[index]} title="${escapeHtml(type)}">${escapeHtml(name)}</th>`
  );
  const body = table.rows.map((row) => {
    const values = row.map(
      (value, index) => `<td${classes[index]}${formatValue(value, table.columns[index]!.type)}</td>`
    );
    return `<tr>${values.join("")}</tr>`;
  });
  const shown =
    table.rows.length < table.total
      ? `the first ${table.rows.length} of ${formatNumber(table.total)} rows`
      : `${formatNumber(table.total)} rows`;
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div><p class="quiet">${shown}</p>`;
}

/** The rest of a table cell's opening tag and what is in it: long fractions shortened, whole in the tip. */
function formatValue(value: string | null, type: string): string {
  if (value === null) return '><span class="quiet">null</span>';
  const isFraction = /^(DOUBLE|FLOAT)$/.test(type) && Number.isFinite(Number(value));
  const short = isFraction ? String(Number(Number(value).toPrecision(5))) : value;
  return `${short === value ? "" : ` title="${escapeHtml(value)}"`}>${escapeHtml(short)}`;
}

function formatChart(chart: ReportChart | undefined): string {
  if (!chart) return "";
  return `<div class="chart">${cleanSvg(chart.svg)}</div>${chart.note ? `<p class="quiet">${escapeHtml(chart.note)}</p>` : ""}`;
}

function formatGround(run: Run): string {
  const scorers = run.cells.flatMap(({ key, state }) =>
    state.state === "done" && state.result.kind === "scores"
      ? [`${key}: ${state.result.scorer} ${state.result.scorerVersion}`]
      : []
  );
  const facts: readonly (readonly [string, string])[] = [
    ["Run", run.runId],
    ["Workbook", run.workbook],
    ["Revision", run.revision === null ? "unsaved text" : String(run.revision)],
    ["Started by", `${run.userId}, ${run.trigger}`],
    ["Rights", formatRights(run, plainStatement(run))],
    ...(run.occurrenceMs === null ? [] : [["Due", formatInstant(run.occurrenceMs)] as const]),
    ["Began", formatInstant(run.startedAtMs)],
    ["Took", run.endedAtMs === null ? "not ended" : formatDuration(run.endedAtMs - run.startedAtMs)],
    ["Lake snapshot", String(run.snapshotId)],
    ["Scorers", scorers.join("; ") || "none"],
    ["Seed", String(run.seed)],
    ["Engine", run.engine]
  ];
  return `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}
