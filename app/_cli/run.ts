import { readFile, writeFile } from "node:fs/promises";
import type { ParamValue } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Check, RunEvent } from "#lib/model/run.ts";
import { sayUsd } from "#lib/work/paid-model.ts";
import { runWorkbookFile, type WorkbookSource } from "#lib/work/run-workbook-file.ts";
import { parseArguments, textOption } from "./arguments.ts";
import type { Command } from "./command.ts";
import { type Console, formatCount, openConsole } from "./console.ts";
import { withWorkbench } from "./session.ts";

const usage =
  "tracebook run <workbook.md|slug> [--param name=value] [--report out.html] [--json out.json] [--junit out.xml]";

async function findSource(word: string): Promise<WorkbookSource> {
  if (!word.endsWith(".md")) return { kind: "saved", slug: word };
  const text = await readFile(word, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new Fault("missing", `"${word}" cannot be read: ${error.message}`, { cause: error });
  });
  return { kind: "file", path: word, text };
}

/** `name=value` words as parameters; the workbook's own types are applied where they are read. */
function parseParams(words: readonly string[]): Record<string, ParamValue> {
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf("=");
      if (at < 1) throw new Fault("invalid", `--param "${word}" is not name=value`);
      const value = word.slice(at + 1);
      return [
        word.slice(0, at),
        /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value === "true" ? true : value === "false" ? false : value
      ];
    })
  );
}

function printEvent(out: Console, event: RunEvent): void {
  if (event.kind !== "cell") return;
  const { key, cell } = event;
  if (cell.state === "running")
    out.progress(
      `${key}: ${cell.step ?? "running"}${cell.total ? ` ${formatCount(cell.done ?? 0)} of ${formatCount(cell.total)}` : ""}${cell.spentUsd === undefined ? "" : `, ${sayUsd(cell.spentUsd)} so far`}`
    );
  if (cell.state === "failed") {
    out.progressDone();
    process.stderr.write(
      `${key} failed: ${cell.fault.message}${cell.fault.position ? ` (line ${cell.fault.position.line})` : ""}\n`
    );
  }
  if (cell.state === "blocked") process.stderr.write(`${key} is blocked by ${cell.by.join(", ")}\n`);
}

function formatCheck(check: Check): string {
  const word = check.pass === true ? "pass" : check.pass === false ? "FAIL" : "undecided";
  const value = check.value === null ? "" : ` ${Number(check.value.toPrecision(3))}`;
  const threshold = check.threshold === null ? "" : ` against ${check.threshold}`;
  const n = check.n === null ? "" : `, n = ${formatCount(check.n)}`;
  const interval =
    check.interval === null ? "" : ` [${check.interval.map((end) => Number(end.toPrecision(3))).join(", ")}]`;
  return `  ${word.padEnd(9)} ${check.name}:${value}${interval}${threshold}${n}`;
}

export const command: Command = {
  about: "Runs a workbook; exit 0 all checks pass, 1 a check failed or is undecided, 2 it could not run.",
  usage,
  async run(args) {
    const parsed = parseArguments(
      args,
      {
        param: { type: "string", multiple: true },
        report: { type: "string" },
        json: { type: "string" },
        junit: { type: "string" }
      },
      usage
    );
    const [word] = parsed.words;
    if (!word) throw new Fault("invalid", "there is no workbook to run", { hint: `Usage: ${usage}` });
    const source = await findSource(word);
    const params = parseParams((parsed.options.param as readonly string[] | undefined) ?? []);
    const out = openConsole(false);
    return withWorkbench(async (workbench, signal) => {
      const done = await runWorkbookFile(
        workbench,
        await workbench.scope(),
        source,
        params,
        (event) => printEvent(out, event),
        signal
      );
      out.progressDone();
      out.print(`${done.run.title}: ${done.run.outcome} on snapshot ${done.run.snapshotId} (run ${done.run.runId})`);
      for (const check of done.run.checks) out.print(formatCheck(check));
      const files: readonly (readonly [string, string | null])[] = [
        ["report", done.report],
        ["json", done.json],
        ["junit", done.junit]
      ];
      for (const [option, text] of files) {
        const path = textOption(parsed, option);
        if (path === undefined) continue;
        if (text === null) throw new Fault("broken", "the run was stopped, so there is no report");
        await writeFile(path, text);
        out.print(`wrote ${path}`);
      }
      return done.exitCode;
    });
  }
};
