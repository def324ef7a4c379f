import type { ParamValue } from "#lib/model/cell.ts";
import type { Check, Run } from "#lib/model/run.ts";

/** One check in two runs. */
export interface CheckChange {
  readonly name: string;
  readonly before: Check | null;
  readonly after: Check | null;
  /** After minus before, where both have a value. */
  readonly difference: number | null;
  /** `fixed`: passes now and did not; `broke`: the reverse; undecided counts as not passing. */
  readonly verdict: "same" | "fixed" | "broke" | "added" | "removed";
}

/** What differs between two runs of a workbook. */
export interface RunComparison {
  readonly checks: readonly CheckChange[];
  /** Cells whose text differs, by key; null where the run had no such cell. */
  readonly texts: readonly { readonly key: string; readonly before: string | null; readonly after: string | null }[];
  readonly params: readonly {
    readonly name: string;
    readonly before: ParamValue | undefined;
    readonly after: ParamValue | undefined;
  }[];
  /** Null when both read the same snapshot. */
  readonly snapshot: { readonly before: number; readonly after: number } | null;
  /** Versions of scorers that differ, by the score cell. */
  readonly scorers: readonly { readonly key: string; readonly before: string | null; readonly after: string | null }[];
  readonly engine: { readonly before: string; readonly after: string } | null;
}

/** Two runs side by side; checks in the order of the later run, those that are gone at the end. */
export function compareRuns(before: Run, after: Run): RunComparison {
  return {
    checks: compareChecks(before.checks, after.checks),
    texts: changes(textsOf(before), textsOf(after)),
    params: unionKeys(before.params, after.params)
      .filter((name) => before.params[name] !== after.params[name])
      .map((name) => ({ name, before: before.params[name], after: after.params[name] })),
    snapshot: before.snapshotId === after.snapshotId ? null : { before: before.snapshotId, after: after.snapshotId },
    scorers: changes(scorersOf(before), scorersOf(after)),
    engine: before.engine === after.engine ? null : { before: before.engine, after: after.engine }
  };
}

function compareChecks(before: readonly Check[], after: readonly Check[]): readonly CheckChange[] {
  const rest = [...before];
  const found = after.map((check): CheckChange => {
    const at = rest.findIndex(({ name }) => name === check.name);
    const earlier = at === -1 ? null : rest.splice(at, 1)[0]!;
    const both = earlier !== null && earlier.value !== null && check.value !== null;
    return {
      name: check.name,
      before: earlier,
      after: check,
      difference: both ? check.value - earlier.value : null,
      verdict: verdictOf(earlier, check)
    };
  });
  const gone = rest.map(
    (check): CheckChange => ({ name: check.name, before: check, after: null, difference: null, verdict: "removed" })
  );
  return [...found, ...gone];
}

function verdictOf(before: Check | null, after: Check): CheckChange["verdict"] {
  if (before === null) return "added";
  if ((before.pass === true) === (after.pass === true)) return "same";
  return after.pass === true ? "fixed" : "broke";
}

function textsOf(run: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(run.cells.map(({ key, text }) => [key, text]));
}

function scorersOf(run: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(
    run.cells.flatMap(({ key, state }) =>
      state.state === "done" && state.result.kind === "scores"
        ? [[key, `${state.result.scorer} ${state.result.scorerVersion}`]]
        : []
    )
  );
}

function changes(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) {
  return unionKeys(before, after)
    .filter((key) => before[key] !== after[key])
    .map((key) => ({ key, before: before[key] ?? null, after: after[key] ?? null }));
}

function unionKeys(a: object, b: object): readonly string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}
