import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault, isFault } from "#lib/model/fault.ts";
import type { CompiledScorer } from "#lib/ports/compiler.ts";
import type { SandboxSession } from "#lib/ports/sandbox.ts";
import { parseScoreSettings, type ScoreSettings } from "#lib/workbook/cell-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import type { CellDoors, CellLimits } from "./cell-context.ts";
import type { ReadText } from "./read-text.ts";

/** Doors that scorers of workbooks are opened with. */
export type ScorerDoors = Pick<CellDoors, "compiler" | "sandbox" | "findScorer">;

/** A scorer that is loaded. Whoever opened it closes its session. */
export interface OpenScorer {
  readonly session: SandboxSession;
  readonly version: string;
}

/**
 * Loads the scorer that a score cell names: a scorer cell of the workbook, or a file of `scorers/`.
 *
 * @throws Fault `missing` where there is none, `invalid` where it does not compile or load
 */
export async function openScorer(
  doors: ScorerDoors,
  limits: Pick<CellLimits, "scorerTimeoutMs" | "scorerMemoryBytes">,
  { workbook, cell }: { readonly workbook: Workbook; readonly cell: Cell },
  { scorer: name, options }: Pick<ScoreSettings, "scorer" | "options">
): Promise<OpenScorer> {
  const source = await findScorerText(doors, workbook, name);
  if (source === undefined) {
    throw new Fault("missing", `cell "${cell.key}" names the scorer "${name}", which is nowhere`, {
      hint: "Write it as a scorer or judge cell of this workbook, or as a file of scorers/."
    });
  }
  const compiled = await compileScorer(doors, source, name, options);
  const session = await doors.sandbox.open(compiled, {
    callTimeoutMs: limits.scorerTimeoutMs,
    memoryBytes: limits.scorerMemoryBytes
  });
  return { session, version: compiled.version };
}

async function compileScorer(
  { compiler }: ScorerDoors,
  source: string,
  name: string,
  options: ScoreSettings["options"]
): Promise<CompiledScorer> {
  try {
    return await compiler.compile(source, options);
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Fault(error.code, `scorer "${name}" does not compile: ${error.message}`, {
      cause: error,
      hint: error.hint
    });
  }
}

/** The text of a scorer that is no judge; undefined where there is none. */
async function findScorerText(
  { findScorer }: Pick<ScorerDoors, "findScorer">,
  workbook: Workbook,
  name: string
): Promise<string | undefined> {
  const own = workbook.cells.find((cell) => cell.kind === "scorer" && nameKey(cell.key) === nameKey(name));
  return own?.text ?? (await findScorer(name));
}

/** Whether a scorer's text looks as if it declares questions; loading it tells for sure. */
function seemsToAsk(text: string): boolean {
  return /(?:^|[\s{,])asks\s*[:,]/.test(text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""));
}

/** Keys of the score cells whose scorer seems to ask a model. */
export async function findAsking(
  doors: Pick<ScorerDoors, "findScorer">,
  { workbook, graph }: ReadText
): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const { kind, key, text } of workbook.cells) {
    if (kind !== "score" || graph.faults[key] !== undefined) continue;
    const source = await findScorerText(doors, workbook, parseScoreSettings(text).scorer);
    if (source !== undefined && seemsToAsk(source)) keys.add(key);
  }
  return keys;
}
