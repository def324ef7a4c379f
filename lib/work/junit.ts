import type { Run } from "#lib/model/run.ts";
import { checkWord, formatCheckValue, formatThreshold } from "./report-numbers.ts";
import { formatPublished, formatRights, plainStatement, type RunStatement } from "./run-statement.ts";

/**
 * A run as JUnit XML: one test case per check, and one per cell that failed or was blocked. A check that
 * failed is a failure; one that is undecided is an error, because it says nothing of the traces. A run that did not
 * begin is an error of its own; its properties say whose rights it had.
 */
export function formatJunit(run: Run, statement: RunStatement = plainStatement(run)): string {
  const took = run.endedAtMs === null ? 0 : (run.endedAtMs - run.startedAtMs) / 1000;
  const cases: string[] = [];
  let failures = 0;
  let errors = 0;
  for (const { key, state } of run.cells) {
    const time = "durationMs" in state ? (state.durationMs / 1000).toFixed(3) : "0.000";
    const open = (name: string) =>
      `    <testcase classname="${escapeXml(`${run.workbook}.${key}`)}" name="${escapeXml(name)}" time="${time}"`;
    if (state.state === "failed" || state.state === "blocked" || state.state === "stopped") {
      errors++;
      const message =
        state.state === "failed"
          ? state.fault.message
          : state.state === "blocked"
            ? `blocked by ${state.by.join(", ")}`
            : "stopped";
      cases.push(`${open(`cell ${key}`)}><error type="${state.state}" message="${escapeXml(message)}"/></testcase>`);
    }
    if (state.state !== "done" || state.result.kind !== "checks") continue;
    for (const check of state.result.checks) {
      const word = checkWord(check);
      if (word === "passed") {
        cases.push(`${open(check.name)}/>`);
        continue;
      }
      const threshold = formatThreshold(check);
      const message = `${formatCheckValue(check)}${threshold ? `, threshold ${threshold}` : ""}`;
      if (word === "failed") failures++;
      else errors++;
      const element = word === "failed" ? "failure" : "error";
      cases.push(`${open(check.name)}><${element} type="${word}" message="${escapeXml(message)}"/></testcase>`);
    }
  }
  if (run.ending !== undefined) {
    errors++;
    const open = `    <testcase classname="${escapeXml(run.workbook)}" name="run" time="0.000"`;
    cases.push(`${open}><error type="${run.outcome}" message="${escapeXml(run.ending)}"/></testcase>`);
  }
  const properties = [
    ["rights", formatRights(run, statement)],
    ["user", run.userId],
    ["business units", run.businessUnits.join(", ")],
    ["roles", (run.roles ?? []).join(", ")],
    ["published", formatPublished(statement) ?? "no"]
  ].map(([name, value]) => `      <property name="${name}" value="${escapeXml(value!)}"/>\n`);
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}" time="${took.toFixed(3)}"`;
  const stamp = new Date(run.startedAtMs).toISOString().slice(0, 19);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${counts}>
  <testsuite name="${escapeXml(run.title)}" timestamp="${stamp}" ${counts}>
    <properties>
${properties.join("")}    </properties>
${cases.map((line) => `${line}\n`).join("")}  </testsuite>
</testsuites>
`;
}

/** XML 1.0 knows no control characters but tab and line ends, not even escaped: they become U+FFFD. */
function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\n": "&#10;",
    "\r": "&#13;",
    "\t": "&#9;"
  };
  return Array.from(text.toWellFormed(), (character) => {
    const code = character.codePointAt(0)!;
    if (entities[character]) return entities[character];
    return code < 0x20 || code === 0xfffe || code === 0xffff ? "\uFFFD" : character;
  }).join("");
}
