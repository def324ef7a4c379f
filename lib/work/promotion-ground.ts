import type { Cell, Workbook } from "#lib/model/cell.ts";
import { Fault } from "#lib/model/fault.ts";
import type { LabelSides } from "#lib/model/label-sides.ts";
import type { ScorerText } from "#lib/model/promoted-scorer.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { PromotedScorers } from "#lib/ports/promoted-scorers.ts";
import { views } from "#lib/sql/views.ts";
import type { PromotionGroundReply, SeenLabel } from "#lib/wire/promotion.ts";
import { parseCalibrationSettings } from "#lib/workbook/calibration-settings.ts";
import { parseJudgeSettings } from "#lib/workbook/judge-settings.ts";
import { nameKey } from "#lib/workbook/names.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { listUses, requireScorer } from "#lib/workbook/scorer-uses.ts";
import type { ScopeKernels } from "./scope-kernels.ts";
import { narrowScope } from "./session-run.ts";

/** Labels that one dialog lists. */
const mostLabels = 100;

/** What a label seems to say where no calibration cell of the workbook does. */
const [soundsFine, soundsWrong] = [
  /^(pass(ed)?|good|ok(ay)?|correct|right|fine|yes|acceptable|success)\b/i,
  /^(fail(ed|ure)?|bad|wrong|incorrect|no|unacceptable|error)\b/i
];

/** Where a promotion comes from. */
export interface PromotionPlace {
  readonly workbook: string;
  readonly cell: string;
  /** The whole workbook. */
  readonly text: string;
}

/** What a scorer or judge could be promoted as, for what, and what people's labels seem to mean for it. */
export async function readPromotionGround(
  doors: { readonly kernels: Pick<ScopeKernels, "use">; readonly promotedScorers: Pick<PromotedScorers, "list"> },
  scope: Scope,
  place: PromotionPlace,
  signal: AbortSignal
): Promise<PromotionGroundReply> {
  const workbook = parseWorkbook(place.text);
  const cell = requireScorer(workbook, place.cell);
  const own = narrowScope(scope, workbook.businessUnits);
  const [labels, heads] = await Promise.all([
    doors.kernels.use(own, async (kernel): Promise<readonly SeenLabel[]> => {
      const rows = await kernel.rows(
        "select label, count(distinct trace_id) as traces from annotations group by label order by traces desc, label",
        {},
        mostLabels,
        signal
      );
      return rows.map((row) => ({ label: String(row["label"]), traces: Number(row["traces"]) }));
    }),
    doors.promotedScorers.list(scope)
  ]);
  const { name, kind } = describeScorer(workbook, place.cell, null);
  const uses = listUses(workbook, cell);
  const expected = uses.filter(({ settings }) => settings.expected !== null);
  const suggested =
    heads.find(({ origin }) => origin?.slug === place.workbook && nameKey(origin.cell) === nameKey(name)) ??
    heads.find((head) => nameKey(head.name) === nameKey(name));
  return {
    ...{ name, kind, uses: uses.map((use) => use.cell.key), units: own.businessUnits, labels },
    heads: heads.map((head) => ({
      ...{ scorerId: head.scorerId, name: head.name, businessUnits: head.businessUnits, version: head.version },
      ...{ kind: head.kind, text: head.text, note: head.note, userId: head.userId, promotedAtMs: head.promotedAtMs }
    })),
    suggested: suggested?.scorerId ?? null,
    sides: suggestSides(workbook, cell, labels),
    notes: expected.map(
      ({ cell: { key }, settings }) =>
        `“${key}” tells it what should have come out (${settings.expected}). Live traffic has no such column: there, and in the comparison, it scores without.`
    )
  };
}

/**
 * A scorer or judge as it stands in a workbook, by itself.
 *
 * @param use  the score cell whose options it takes; null for none
 * @throws Fault `missing` where one of the cells is not there; `invalid` for a judge that cannot leave its workbook
 */
export function describeScorer(workbook: Workbook, key: string, use: string | null): ScorerText {
  const cell = requireScorer(workbook, key);
  const chosen = use === null ? undefined : listUses(workbook, cell).find((each) => each.cell.key === use);
  if (use !== null && !chosen) {
    throw new Fault("missing", `no score cell "${use}" uses "${cell.key}"`, { hint: "Choose another, or none." });
  }
  if (cell.kind === "judge") requireOwnExamples(cell);
  return {
    name: cell.name ?? cell.key,
    kind: cell.kind === "judge" ? "judge" : "code",
    text: cell.text,
    options: chosen?.settings.options ?? {}
  };
}

/** @throws Fault `invalid` where its examples are a table that only the workbook has */
function requireOwnExamples(cell: Cell): void {
  const { examples } = parseJudgeSettings(cell.text);
  if (typeof examples !== "string" || views.some(({ name }) => nameKey(name) === nameKey(examples))) return;
  throw new Fault("invalid", `the judge "${cell.key}" takes its examples from "${examples}", which is nowhere else`, {
    hint: "Write the examples into the cell, or take them from annotations."
  });
}

/** By the workbook's calibration of the scorer where it has one, else by how the labels sound. */
function suggestSides(workbook: Workbook, scorer: Cell, labels: readonly SeenLabel[]): LabelSides {
  const seen = labels.map(({ label }) => label);
  const used = new Set(listUses(workbook, scorer).map(({ cell }) => nameKey(cell.key)));
  for (const { kind, text } of workbook.cells) {
    if (kind !== "calibration") continue;
    const settings = readCalibration(text);
    if (!settings || settings.passes.length === 0) continue;
    const isOurs = used.has(nameKey(settings.scores)) || nameKey(settings.scorer ?? "") === nameKey(scorer.key);
    const fine = seen.filter((label) => settings.passes.includes(label));
    if (isOurs && fine.length > 0) return { fine, wrong: seen.filter((label) => !fine.includes(label)) };
  }
  return {
    fine: seen.filter((label) => soundsFine.test(label)),
    wrong: seen.filter((label) => soundsWrong.test(label) && !soundsFine.test(label))
  };
}

function readCalibration(text: string) {
  try {
    return parseCalibrationSettings(text);
  } catch (error) {
    // It says so itself, at its own place.
    if (error instanceof Fault) return null;
    throw error;
  }
}
