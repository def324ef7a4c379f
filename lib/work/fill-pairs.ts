import { seededShare } from "#lib/math/stratified-sample.ts";
import { Fault } from "#lib/model/fault.ts";
import { type PairSource, pairRubric } from "#lib/model/pair.ts";
import { checkRule, type Queue, type QueueItem, type Reviewing } from "#lib/model/queue.ts";
import type { Rubric } from "#lib/model/rubric.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Kernel, SqlValues } from "#lib/ports/kernel.ts";
import type { Lake } from "#lib/ports/lake.ts";
import type { NewQueueItem, Queues } from "#lib/ports/queues.ts";
import type { SqlParser } from "#lib/ports/sql-parser.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { matchingTraces, parsePredicate, withPredicate } from "./traffic-predicate.ts";

/** What pairs are drawn through. */
export interface PairDoors {
  readonly lake: Pick<Lake, "openKernel">;
  readonly parser: SqlParser;
  readonly queues: Pick<Queues, "create">;
}

/** A queue of pairs to be made. */
export interface PairsAsked {
  readonly title: string;
  readonly source: PairSource;
  /** Pairs at most, 1 to 5,000. */
  readonly count: number;
  /** Draws the sample, and the side that each reviewer sees a trace on. */
  readonly seed: number;
  readonly reviewing: Partial<Reviewing>;
  /** What is asked beside which is better. */
  readonly rubric?: Pick<Rubric, "needsJustification">;
}

/** Pairs that a sample is drawn from, at most. */
const mostPairs = 200_000;

/** Makes a queue in which two traces are compared. @throws Fault `invalid` for no pairs, or a question that cannot be asked */
export async function fillPairs(doors: PairDoors, scope: Scope, asked: PairsAsked): Promise<Queue> {
  const { title, count, seed, reviewing } = asked;
  const rule = checkRule({ count, seed, by: { kind: "unit" }, spread: "proportional" });
  const question = await pairsSql(doors.parser, asked.source);
  const kernel = await doors.lake.openKernel(scope);
  try {
    const items = await drawPairs(kernel, question, count, seed);
    const origin = { selection: null, mapVersion: null, sql: question.sql, snapshotId: kernel.snapshotId };
    const rubric = { ...pairRubric, needsJustification: asked.rubric?.needsJustification ?? false };
    return await doors.queues.create(scope, {
      ...{ title, origin, rule, rubric, items },
      reviewing: { ...reviewing, mode: "pairs" }
    });
  } finally {
    await kernel.close();
  }
}

/** Which trace a reviewer sees left: by the seed, the pair and the person, so that chance evens the sides out. */
export function leftOf(
  { traceId, otherTraceId, businessUnit }: Pick<QueueItem, "traceId" | "otherTraceId" | "businessUnit">,
  userId: string,
  seed: number
): string | null {
  if (otherTraceId === null) return null;
  const isFirst = seededShare(seed, JSON.stringify([businessUnit, traceId, otherTraceId, userId])) < 0.5;
  return isFirst ? traceId : otherTraceId;
}

interface PairQuestion {
  /** SELECT of trace_id, other_trace_id, business_unit and what tells the strata. */
  readonly sql: string;
  readonly values: SqlValues;
  /** What a person wrote of it. */
  readonly text: string;
}

const versionOf = (of: string) => `concat_ws(' ', nullif(${of}.agent, ''), nullif(${of}.agent_version, ''))`;

const columns = `a.trace_id, b.trace_id as other_trace_id, a.business_unit, ${versionOf("a")} || ' against ' || ${versionOf("b")} as stratum`;

/** A place in the order of those that begin alike, which no column of the trace decides. */
const place = (alike: string) =>
  `row_number() over (partition by business_unit, ${alike} order by md5(trace_id), trace_id)`;

async function pairsSql(parser: SqlParser, source: PairSource): Promise<PairQuestion> {
  switch (source.kind) {
    case "input": {
      const { sql } = await parsePredicate(parser, source.predicate);
      const ranked = `select *, ${place("trim(input)")} as place from ${matchingTraces(sql)} where trim(input) <> ''`;
      // Of two that begin alike the one of the smaller version is the first, so that a win means the same in a stratum.
      const order = (of: string) => `(${versionOf(of)}, ${of}.trace_id)`;
      return {
        ...{ values: {}, text: source.predicate },
        sql: `with alike as (${ranked}),
two as (select x.trace_id as one, y.trace_id as other, x.business_unit from alike x join alike y
  on y.business_unit = x.business_unit and trim(y.input) = trim(x.input) and y.place = x.place + 1 and x.place % 2 = 1)
select ${columns} from two join alike a on a.trace_id in (one, other) join alike b on b.trace_id in (one, other)
where a.business_unit = two.business_unit and b.business_unit = two.business_unit and ${order("a")} < ${order("b")}`
      };
    }
    case "versions": {
      const of = (version: string) =>
        `select *, ${place("trim(input)")} as place from traces where agent = $agent and agent_version = ${version} and trim(input) <> ''`;
      return {
        ...{ values: { agent: source.agent, first: source.first, second: source.second }, text: source.agent },
        sql: `select ${columns} from (${of("$first")}) a join (${of("$second")}) b
on b.business_unit = a.business_unit and trim(b.input) = trim(a.input) and b.place = a.place`
      };
    }
    case "columns": {
      const reading = await parser.read(source.sql);
      if (reading.kind === "fault") {
        throw new Fault("invalid", `the question cannot be read: ${reading.message}`, {
          hint: "Write one SELECT with two columns of trace ids."
        });
      }
      const [first, second] = [quoteName(source.first), quoteName(source.second)];
      return {
        ...{ values: {}, text: source.sql },
        sql: `select distinct ${columns} from (\n${source.sql}\n) q join traces a on a.trace_id = q.${first}
join traces b on b.trace_id = q.${second} and b.business_unit = a.business_unit where a.trace_id <> b.trace_id`
      };
    }
    default:
      throw new Fault("invalid", "pairs are made of nothing known", { detail: source satisfies never });
  }
}

async function drawPairs(
  kernel: Kernel,
  { sql, values, text }: PairQuestion,
  count: number,
  seed: number
): Promise<readonly NewQueueItem[]> {
  const rows = await withPredicate(text, () => kernel.rows(`select * from (${sql})`, values, mostPairs + 1));
  if (rows.length > mostPairs) {
    throw new Fault("limit", `there are more than ${mostPairs.toLocaleString("en-US")} pairs`, {
      hint: "Ask for fewer traces, such as those of some days."
    });
  }
  // A trace is the first of one pair of a queue alone, as items are told apart by it.
  const pairs = new Map(
    rows.map((row) => {
      const [traceId, otherTraceId] = [String(row["trace_id"]), String(row["other_trace_id"])];
      return [`${String(row["business_unit"])}/${traceId}`, { row, traceId, otherTraceId }];
    })
  );
  if (pairs.size === 0) {
    throw new Fault("invalid", "there is no pair of traces to compare", {
      hint: "Both have to be of one business unit, and begin with the same words where the question asks for it."
    });
  }
  const ranked = [...pairs.values()]
    .map((pair) => ({ ...pair, rank: seededShare(seed, pair.traceId) }))
    .sort((a, b) => a.rank - b.rank || (a.traceId < b.traceId ? -1 : 1));
  const taken = ranked.slice(0, count);
  return taken.map(({ row, traceId, otherTraceId }) => ({
    ...{ traceId, otherTraceId, businessUnit: String(row["business_unit"]), stratum: String(row["stratum"]) },
    inclusionProbability: taken.length / pairs.size
  }));
}
