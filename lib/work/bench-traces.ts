import type { MapGround } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Json } from "#lib/model/span.ts";
import type { Kernel } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import type { BenchTrace, BenchUse, HandfulReply, HandfulRequest } from "#lib/wire/bench.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { chooseUse, listUses, requireScorer, type ScorerUse } from "#lib/workbook/scorer-uses.ts";
import { type BenchDoors, type PlainTable, withPlainTable } from "./bench-doors.ts";

/** Traces of a handful that nobody pinned, of which so many are labelled ones. */
const [usual, usualLabelled] = [10, 6];
/** More to pick from. */
const mostOthers = 30;
/** Characters of an input. */
const shownInput = 200;
/** Longest value of what should have come out that travels to the page and back. */
const longestExpected = 100_000;

type Wish = Pick<HandfulRequest, "use" | "pinned" | "seed">;

/**
 * A small, varied handful of the traces that a scorer is for: those that a person pinned, then labelled ones, the labels in
 * turn, then others by chance; the same seed gives the same.
 *
 * @param ground  its cell is the scorer or judge
 */
export async function chooseHandful(
  doors: Pick<BenchDoors, "parser" | "borrow">,
  scope: Scope,
  ground: MapGround,
  wish: Wish,
  signal: AbortSignal
): Promise<HandfulReply> {
  const workbook = parseWorkbook(ground.text);
  const uses = listUses(workbook, requireScorer(workbook, ground.cell));
  const use = chooseUse(uses, wish.use);
  const from = (name: string, as: string) =>
    withPlainTable(doors, scope, { ...ground, cell: as }, name, signal, (plain) =>
      readHandful(plain, use?.settings.expected ?? null, wish, signal)
    );
  const own = use ? await from(use.settings.traces, use.cell.key) : undefined;
  const read = own ?? (await from("traces", ground.cell))!;
  const counted = uses.map(
    ({ cell }): BenchUse => ({
      cell: cell.key,
      traces: own && cell.key === use?.cell.key ? own.count : null
    })
  );
  const note =
    use && !own
      ? `“${use.settings.traces}” stands on scores or a map: until they are run, these are any traces, without what should have come out.`
      : null;
  return {
    uses: await countOthers(doors, scope, ground, uses, counted, signal),
    use: use?.cell.key ?? null,
    ...{ traces: read.traces, others: read.others, missing: read.missing, note }
  };
}

/** The traces that each further score cell would score. */
async function countOthers(
  doors: Pick<BenchDoors, "parser" | "borrow">,
  scope: Scope,
  ground: MapGround,
  uses: readonly ScorerUse[],
  counted: readonly BenchUse[],
  signal: AbortSignal
): Promise<readonly BenchUse[]> {
  const all: BenchUse[] = [];
  for (const [at, { cell, settings }] of uses.entries()) {
    const known = counted[at]!;
    const traces =
      known.traces ??
      (await withPlainTable(doors, scope, { ...ground, cell: cell.key }, settings.traces, signal, (plain) =>
        countTraces(plain, signal)
      ));
    all.push({ ...known, traces: traces ?? null });
  }
  return all;
}

async function countTraces({ kernel, table }: PlainTable, signal: AbortSignal): Promise<number> {
  const [row] = await kernel.rows(`select count(distinct trace_id) as n from ${table}`, {}, 1, signal);
  return Number(row?.["n"] ?? 0);
}

async function readHandful(plain: PlainTable, expected: string | null, wish: Wish, signal: AbortSignal) {
  const { kernel, table } = plain;
  const pinnedIds = [...new Set(wish.pinned)];
  const seed = String(wish.seed);
  const pinned =
    pinnedIds.length === 0
      ? []
      : await readTraces(
          kernel,
          `${knownSql("traces")} where t.trace_id in (select unnest($ids::json::varchar[]))`,
          { ids: JSON.stringify(pinnedIds), seed },
          pinnedIds.length * 2,
          signal
        );
  const inTable = `with known as (${knownSql(table)})`;
  const labelled = await readTraces(
    kernel,
    `${inTable} select * from known where label is not null
      order by row_number() over (partition by label order by dice), label, dice`,
    { seed },
    usualLabelled,
    signal
  );
  const any = await readTraces(
    kernel,
    `${inTable} select * from known order by dice`,
    { seed },
    usual + mostOthers,
    signal
  );
  const room = Math.max(usual, pinnedIds.length) - pinned.length;
  const rest = unique([...labelled, ...any], pinned);
  const chosen = [...pinned, ...rest.slice(0, room)];
  const found = new Set(pinned.map(({ traceId }) => traceId));
  return {
    count: await countTraces(plain, signal),
    traces: expected === null ? chosen : await withExpected(plain, expected, chosen, signal),
    others: rest.slice(room, room + mostOthers),
    missing: pinnedIds.filter((id) => !found.has(id))
  };
}

/** Traces of a table with what people said of them last. */
function knownSql(table: string): string {
  return `select t.trace_id, t.business_unit, epoch_ms(t.started_at) as started_ms,
      left(coalesce(t.input, ''), ${shownInput}) as input, p.label, md5(t.trace_id || $seed) as dice
    from traces t
    join (select distinct trace_id as chosen_id from ${table}) c on c.chosen_id = t.trace_id
    left join (
      select trace_id, business_unit, arg_max(label, created_at) as label from annotations
      where span_id is null group by trace_id, business_unit
    ) p on p.trace_id = t.trace_id and p.business_unit = t.business_unit`;
}

async function readTraces(
  kernel: Kernel,
  sql: string,
  values: Readonly<Record<string, string>>,
  limit: number,
  signal: AbortSignal
): Promise<readonly BenchTrace[]> {
  const rows = await kernel.rows(sql, values, limit, signal);
  return rows.map((row) => ({
    traceId: String(row["trace_id"]),
    businessUnit: String(row["business_unit"]),
    startedAtMs: Number(row["started_ms"]),
    input: String(row["input"]),
    label: row["label"] === null ? null : String(row["label"])
  }));
}

/** In their order, each once, without those of another list. */
function unique(traces: readonly BenchTrace[], without: readonly BenchTrace[]): readonly BenchTrace[] {
  const seen = new Set(without.map(keyOf));
  return traces.filter((trace) => !seen.has(keyOf(trace)) && seen.add(keyOf(trace)));
}

const keyOf = ({ businessUnit, traceId }: BenchTrace) => `${businessUnit} ${traceId}`;

async function withExpected(
  { kernel, table }: PlainTable,
  column: string,
  traces: readonly BenchTrace[],
  signal: AbortSignal
): Promise<readonly BenchTrace[]> {
  const rows = await kernel.rows(
    `select trace_id, min(to_json(${quoteName(column)})::varchar) as expected from ${table}
      where trace_id in (select unnest($ids::json::varchar[])) group by trace_id`,
    { ids: JSON.stringify(traces.map(({ traceId }) => traceId)) },
    traces.length,
    signal
  );
  const known = new Map(rows.map((row) => [String(row["trace_id"]), row["expected"]] as const));
  return traces.map((trace) => {
    const expected = known.get(trace.traceId) ?? null;
    if (expected === null || String(expected).length > longestExpected) return trace;
    return { ...trace, expected: JSON.parse(String(expected)) as Json };
  });
}
