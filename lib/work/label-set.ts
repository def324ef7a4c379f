import { Fault } from "#lib/model/fault.ts";
import {
  checkSides,
  type LabelSides,
  type LabelSource,
  type LabelSplit,
  labelSplits,
  type SideCounts
} from "#lib/model/label-sides.ts";
import type { RubricLabel } from "#lib/model/rubric.ts";
import type { BusinessUnit, Scope } from "#lib/model/scope.ts";
import type { Datasets } from "#lib/ports/datasets.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { Queues } from "#lib/ports/queues.ts";
import { quoteText } from "#lib/sql/quote.ts";

/** Doors that labels are read through. */
export interface LabelDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly queues: Pick<Queues, "find">;
  readonly datasets: Pick<Datasets, "find">;
}

/** The labelled traces of one unit. */
export interface LabelSet {
  readonly source: LabelSource;
  readonly title: string;
  readonly businessUnit: BusinessUnit;
  /** Units that the scope sees in the set. */
  readonly businessUnits: readonly BusinessUnit[];
  /** What people could choose; empty where the set has no rubric. */
  readonly rubric: readonly RubricLabel[];
  /** Sees the unit alone. */
  readonly kernel: Kernel;
}

/** A label of a set. */
export interface LabelCount {
  readonly label: string;
  /** What it means; empty where no rubric says it. */
  readonly meaning: string;
  readonly traces: number;
  /** Of them, those with a reason. */
  readonly justified: number;
}

/** What the labels of a set come to. */
export interface LabelTally extends SideCounts {
  /** As many people said one as the other. */
  readonly ties: number;
  /** Labelled, but with nothing that counts for either side. */
  readonly leftOut: number;
  /** Of those that count, with a reason. */
  readonly justified: number;
}

/** How traces are split: the seed, and what is in each part. */
export interface LabelParts {
  readonly seed: number;
  readonly parts: Readonly<Record<LabelSplit, SideCounts>>;
}

/** Characters of a reason that are read. */
const reasonCharacters = 2000;

/** Splits that are tried, and traces times splits at most. */
const [mostSeeds, mostTried] = [200, 1_000_000];

/**
 * Works on the labelled traces of a queue or dataset, of one unit: what is learnt from one unit's traces, and quoted
 * from its reasons, is not for another's eyes.
 *
 * @param unit  null where the set is of one alone
 * @throws Fault `missing` for a set that the scope does not see, `invalid` where it is of several units
 */
export async function withLabels<T>(
  doors: LabelDoors,
  scope: Scope,
  source: LabelSource,
  unit: BusinessUnit | null,
  work: (set: LabelSet) => Promise<T>
): Promise<T> {
  const { title, businessUnits, rubric } = await findSet(doors, scope, source);
  const businessUnit = unit ?? (businessUnits.length === 1 ? businessUnits[0] : undefined);
  if (businessUnit === undefined || !businessUnits.includes(businessUnit)) {
    const hint = `Choose one of ${businessUnits.join(", ")}.`;
    if (businessUnit !== undefined)
      throw new Fault("missing", `"${title}" has no traces of "${businessUnit.slice(0, 80)}"`, { hint });
    throw new Fault("invalid", "the traces are of several business units, and a scorer is drafted from those of one", {
      hint
    });
  }
  const kernel = await doors.lake.openKernel({ ...scope, businessUnits: [businessUnit] });
  try {
    return await work({ source, title, businessUnit, businessUnits, rubric, kernel });
  } finally {
    await kernel.close();
  }
}

/** Queue or dataset as its test set is called, wherever it is measured on. */
export function testName({ source, businessUnit }: Pick<LabelSet, "source" | "businessUnit">): string {
  return `${source.kind} ${source.id} of ${businessUnit}`;
}

/** Labels on the set's traces, those of its rubric first; and how many are on single steps, which no draft reads. */
export async function countLabels(
  set: LabelSet
): Promise<{ readonly labels: readonly LabelCount[]; readonly onSteps: number }> {
  const rows = await set.kernel.rows(
    `with picked as (${pickedSql(set)})
     select a.label, count(distinct a.trace_id) filter (a.span_id is null) as traces,
       count(distinct a.trace_id) filter (a.span_id is null and trim(a.note) <> '') as justified,
       count(*) filter (a.span_id is not null) as on_steps
     from annotations a join picked p using (trace_id) group by a.label order by traces desc, a.label limit 200`,
    {},
    200
  );
  const known = new Map(rows.map((row) => [String(row["label"]), row]));
  const countsOf = (label: string) => {
    const row = known.get(label);
    return { traces: Number(row?.["traces"] ?? 0), justified: Number(row?.["justified"] ?? 0) };
  };
  const others = set.rubric.length > 0 ? [] : [...known.keys()].filter((label) => countsOf(label).traces > 0);
  return {
    labels: [...set.rubric, ...others.map((name) => ({ name, meaning: "" }))].map(({ name, meaning }) => ({
      ...{ label: name, meaning },
      ...countsOf(name)
    })),
    onSteps: rows.reduce((sum, row) => sum + Number(row["on_steps"]), 0)
  };
}

/** @throws Fault `invalid` for sides that are none, or with a label that the rubric does not have */
export function checkSetSides({ rubric }: LabelSet, sides: LabelSides): LabelSides {
  const checked = checkSides(sides);
  const names = rubric.map(({ name }) => name);
  const stranger = names.length > 0 && [...checked.wrong, ...checked.fine].find((label) => !names.includes(label));
  if (!stranger) return checked;
  throw new Fault("invalid", `the rubric has no label "${stranger.slice(0, 100)}"`, {
    hint: `It has ${names.join(", ")}.`
  });
}

/** Counts what the labels come to. */
export async function tallyLabels(set: LabelSet, sides: LabelSides): Promise<LabelTally> {
  const [row] = await set.kernel.rows(
    `with ${votesSql(set, sides)}
     select count(*) filter (fails > passes) as wrong, count(*) filter (passes > fails) as fine,
       count(*) filter (passes = fails and passes > 0) as ties, count(*) filter (passes + fails = 0) as left_out,
       count(*) filter (passes <> fails and reason <> '') as justified from voted`,
    {},
    1
  );
  const count = (name: string) => Number(row?.[name] ?? 0);
  return {
    ...{ wrong: count("wrong"), fine: count("fine"), ties: count("ties") },
    ...{ leftOut: count("left_out"), justified: count("justified") }
  };
}

/**
 * Chooses the seed whose splits hold most nearly a half, a quarter and a quarter of both sides. A trace's split hangs
 * on the seed and its session alone, so that labels that come later move no trace to another.
 *
 * @throws Fault `invalid` where no seed leaves both sides in each split
 */
export async function chooseParts(set: LabelSet, sides: LabelSides, traces: number): Promise<LabelParts> {
  const seeds = Math.max(1, Math.min(mostSeeds, Math.floor(mostTried / Math.max(1, traces))));
  const rows = await set.kernel.rows(
    `with ${votesSql(set, sides)}
     select seed, ${splitSql("seed", "kin")} as split, count(*) filter (fails > passes) as wrong,
       count(*) filter (passes > fails) as fine
     from voted, range(1, ${seeds + 1}) r(seed) where passes <> fails group by all order by seed`,
    {},
    seeds * labelSplits.length
  );
  const none = (): Record<LabelSplit, SideCounts> => {
    const empty = { wrong: 0, fine: 0 };
    return { train: empty, dev: empty, test: empty };
  };
  const tried = new Map<number, Record<LabelSplit, SideCounts>>();
  for (const row of rows) {
    const seed = Number(row["seed"]);
    const parts = tried.get(seed) ?? none();
    parts[row["split"] as LabelSplit] = { wrong: Number(row["wrong"]), fine: Number(row["fine"]) };
    tried.set(seed, parts);
  }
  const ranked = [...tried]
    .filter(([, parts]) => labelSplits.every((split) => parts[split].wrong > 0 && parts[split].fine > 0))
    .map(([seed, parts]) => ({ seed, parts, unevenness: unevennessOf(parts) }))
    .sort((a, b) => a.unevenness - b.unevenness || a.seed - b.seed);
  const [best] = ranked;
  if (best) return { seed: best.seed, parts: best.parts };
  throw new Fault(
    "invalid",
    "the labelled traces are of too few sessions to be split in three with both kinds in each",
    {
      hint: "Label traces of other sessions: those of one session resemble each other and stay together."
    }
  );
}

/** A row per labelled trace: what most people said, why, and its split. Asked anew, it holds what was labelled since. */
export function labelledSql(set: LabelSet, sides: LabelSides, seed: number): string {
  return `with ${votesSql(set, sides)}
select trace_id, business_unit, case when fails > passes then 'fail' else 'pass' end as label, passes > fails as pass,
  reason, ${splitSql(String(seed), "kin")} as split, kin, inclusion_probability
from voted where passes <> fails
order by trace_id`;
}

const splitSql = (seed: string, kin: string) =>
  `case md5_number_lower(${seed} || ' ' || ${kin}) % 4 when 2 then 'dev' when 3 then 'test' else 'train' end`;

function pickedSql({ source: { kind, id } }: Pick<LabelSet, "source">): string {
  return kind === "queue"
    ? `select trace_id, inclusion_probability from queue_items where queue_id = ${quoteText(id)}`
    : `select trace_id, null::double as inclusion_probability from datasets where dataset_id = ${quoteText(id)} and is_newest`;
}

/**
 * One vote per person and trace, the newest; a label of the rubric that is on no side takes an earlier one back. Where
 * an adjudicator decided, nobody else votes.
 */
function votesSql(set: LabelSet, { wrong, fine }: LabelSides): string {
  const list = (labels: readonly string[]) => labels.map(quoteText).join(", ");
  const known = [...new Set([...wrong, ...fine, ...set.rubric.map(({ name }) => name)])];
  return `picked as (
  ${pickedSql(set)}
), said as (
  select p.trace_id, p.inclusion_probability, trim(left(a.note, ${reasonCharacters})) as note, a.created_at,
    case when a.label in (${list(wrong)}) then 'fail' when a.label in (${list(fine)}) then 'pass' end as side
  from picked p join annotations a on a.trace_id = p.trace_id
  where a.span_id is null and a.label in (${list(known)})
    and (a.source is not distinct from 'adjudication' or p.trace_id not in (
      select trace_id from annotations where source = 'adjudication' and span_id is null and label in (${list(known)})
    ))
  qualify row_number() over (partition by p.trace_id, a.user_id order by a.created_at desc, a.annotation_id desc) = 1
), counted as (
  select trace_id, any_value(inclusion_probability) as inclusion_probability,
    count(*) filter (side = 'pass') as passes, count(*) filter (side = 'fail') as fails,
    string_agg(note, chr(10) order by created_at, note) filter (side = 'pass' and note <> '') as praise,
    string_agg(note, chr(10) order by created_at, note) filter (side = 'fail' and note <> '') as blame
  from said group by trace_id
), voted as (
  select c.trace_id, t.business_unit, coalesce(nullif(t.session_id, ''), c.trace_id) as kin, c.passes, c.fails,
    c.inclusion_probability, coalesce(left(case when fails > passes then blame else praise end, ${reasonCharacters}), '') as reason
  from counted c join traces t on t.trace_id = c.trace_id
)`;
}

function unevennessOf(parts: Readonly<Record<LabelSplit, SideCounts>>): number {
  const shares = { train: 0.5, dev: 0.25, test: 0.25 };
  return (["wrong", "fine"] as const).reduce((sum, side) => {
    const all = labelSplits.reduce((total, split) => total + parts[split][side], 0);
    return (
      sum +
      labelSplits.reduce((part, split) => {
        const meant = shares[split] * all;
        return part + (parts[split][side] - meant) ** 2 / meant;
      }, 0)
    );
  }, 0);
}

async function findSet(
  { queues, datasets }: LabelDoors,
  scope: Scope,
  { kind, id }: LabelSource
): Promise<Pick<LabelSet, "title" | "businessUnits" | "rubric">> {
  if (kind === "dataset") {
    const { title, businessUnits } = await datasets.find(scope, id);
    return { title, businessUnits, rubric: [] };
  }
  const { title, businessUnits, rubric } = await queues.find(scope, id);
  return { title, businessUnits, rubric: rubric.labels };
}
