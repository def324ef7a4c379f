import type { ParamValue } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Outcome, Run, RunEvent } from "#lib/model/run.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Runs } from "#lib/ports/runs.ts";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import type { Desk } from "./desk.ts";
import { formatJunit } from "./junit.ts";
import { formatRunJson } from "./run-json.ts";

/** What a run from the command line needs. */
export interface CommandDoors {
  readonly desk: Desk;
  readonly runs: Runs;
  readonly workbooks: Workbooks;
}

/** A workbook to run: a saved one by its slug, or the text of a file. */
export type WorkbookSource =
  | { readonly kind: "saved"; readonly slug: string }
  | { readonly kind: "file"; readonly path: string; readonly text: string };

/** A finished run in every form it can be written. */
export interface FinishedRun {
  readonly run: Run;
  /** Null when the run was stopped: then there is nothing to report. */
  readonly report: string | null;
  readonly json: string;
  readonly junit: string;
  /** 0 all checks pass, 1 a check failed or is undecided, 2 the workbook could not run to its end. */
  readonly exitCode: 0 | 1 | 2;
}

/**
 * Runs a whole workbook and keeps the run.
 *
 * @param onEvent  told all that happens, for progress
 * @throws Fault `missing` for an unknown slug, `invalid` for a text or parameter that cannot be read
 */
export async function runWorkbookFile(
  doors: CommandDoors,
  scope: Scope,
  source: WorkbookSource,
  params: Readonly<Record<string, ParamValue>>,
  onEvent: (event: RunEvent) => void,
  signal: AbortSignal
): Promise<FinishedRun> {
  const { slug, text, revision } = await findText(doors.workbooks, scope, source);
  const options = { trigger: "command", revision, occurrenceMs: null, record: true } as const;
  let runId: string | null = null;
  for await (const event of doors.desk.run(scope, slug, { text, cells: "all", params }, options, signal)) {
    if (event.kind === "started") runId = event.runId;
    onEvent(event);
  }
  const run = runId === null ? undefined : await doors.runs.find(scope, runId);
  if (!run) throw new Fault("broken", `the run of "${slug}" left no record`);
  return {
    run,
    report: (await doors.runs.findReport(scope, run.runId)) ?? null,
    json: formatRunJson(run),
    junit: formatJunit(run),
    exitCode: exitCodeOf(run.outcome)
  };
}

/** 0 all checks pass, 1 a check failed or is undecided, 2 the workbook could not run to its end. */
export function exitCodeOf(outcome: Outcome): 0 | 1 | 2 {
  if (outcome === "passed") return 0;
  return outcome === "failed" ? 1 : 2;
}

/**
 * Parameters as the command line gives them, `name=value` each; the types are read later.
 *
 * @throws Fault `invalid` for one without `=`, or a name that comes twice
 */
export function parseParamArguments(words: readonly string[]): Readonly<Record<string, ParamValue>> {
  const params: Record<string, ParamValue> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1) throw new Fault("invalid", `"${word}" is no parameter`, { hint: "Write --param name=value." });
    const name = word.slice(0, at);
    if (Object.hasOwn(params, name)) throw new Fault("invalid", `parameter "${name}" is given twice`);
    params[name] = word.slice(at + 1);
  }
  return params;
}

async function findText(workbooks: Workbooks, scope: Scope, source: WorkbookSource) {
  if (source.kind === "file") {
    const name = source.path.replace(/^.*[\\/]/, "").replace(/\.md$/i, "");
    const slug = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "");
    return { slug: slug || "workbook", text: source.text, revision: null };
  }
  const stored = await workbooks.find(scope, source.slug);
  if (stored) return stored;
  throw new Fault("missing", `there is no workbook "${source.slug}"`, {
    hint: "Give the slug of a saved workbook, or the path of a file that ends in .md."
  });
}
