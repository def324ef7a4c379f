import { Fault } from "#lib/model/fault.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Annotations } from "#lib/ports/annotations.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import type { ArrowAnswer, Kernel } from "#lib/ports/kernel.ts";
import type { MapColumn } from "#lib/wire/map-columns.ts";
import { maxMapTraces } from "#lib/workbook/cell-settings.ts";
import { loadLabels } from "./load-labels.ts";
import type { ScopeKernels } from "./scope-kernels.ts";

/** Values of a category that points tell apart; all others are one. */
const mostWords = 200;
/** Scorers of a map that are told, those with most scores first. */
const mostScorers = 50;
/** Bytes of a column of all points, beyond the last. */
const mostBytes = 64 * 2 ** 20;

interface TraceColumn {
  readonly name: string;
  readonly label: string;
  readonly kind: MapColumn["kind"];
  /** Over `traces t`. */
  readonly sql: string;
}

const category = (name: string, label: string, sql: string): TraceColumn => ({ name, label, kind: "category", sql });
const number = (name: string, label: string, sql = `t.${name}`): TraceColumn => ({ name, label, kind: "number", sql });

const traceColumns: readonly TraceColumn[] = [
  category("status", "status", "t.status"),
  category("agent_version", "agent version", "t.agent_version"),
  category("model", "model", "nullif(array_to_string(t.models, ', '), '')"),
  category("environment", "environment", "t.environment"),
  category("name", "name", "t.name"),
  number("duration_ms", "duration, ms"),
  number("cost_usd", "cost, US dollars"),
  number("tokens", "tokens", "t.tokens_in + t.tokens_out"),
  number("tokens_in", "input tokens"),
  number("tokens_out", "output tokens"),
  number("llm_calls", "model calls"),
  number("tool_calls", "tool calls"),
  number("errors", "steps with an error"),
  number("spans", "steps")
];

const labelColumn: MapColumn = {
  name: "label",
  label: "label",
  kind: "category",
  middle: null,
  none: "without a label"
};
const scorePrefix = "score:";

/** Traces of a map with what the lake says of them. */
export const placedTraces = `placements p join traces t on t.trace_id = p.trace_id and t.business_unit = p.business_unit`;
/** The id of a placement's trace as two numbers, which take half the room of its text. */
export const idHalves =
  "('0x' || left(p.trace_id, 16))::ubigint as high, ('0x' || right(p.trace_id, 16))::ubigint as low";
/** The same order as that of the points. */
const inOrder = "order by p.trace_id, p.business_unit";

/** Where maps are kept, and what people said of their traces. */
export interface MapColumnDoors {
  readonly keptMaps: Pick<KeptMaps, "find">;
  readonly annotations: Pick<Annotations, "list">;
}

/** What points of a kept map are coloured by: read one by one, when somebody asks. */
export class MapColumns {
  readonly #doors: MapColumnDoors;
  readonly #kernels: ScopeKernels;

  constructor(doors: MapColumnDoors, kernels: ScopeKernels) {
    this.#doors = doors;
    this.#kernels = kernels;
  }

  /** Columns that some trace which the reader sees has a value in; scores first. @throws Fault `missing` */
  async list(scope: Scope, mapId: string): Promise<readonly MapColumn[]> {
    await this.#doors.keptMaps.find(scope, mapId);
    return this.#kernels.use(scope, async (kernel) => {
      const counts = traceColumns.map(({ name, sql }) => `count(${sql}) as "${name}"`).join(", ");
      const [told = {}] = await kernel.rows(
        `select ${counts} from ${placedTraces} where p.map_id = $map`,
        { map: mapId },
        1
      );
      await loadLabels(this.#doors.annotations, kernel, scope);
      const labelled = await kernel.rows(
        `select 1 from label_list a where a.label is not null and ${isOnMap("a")} limit 1`,
        { map: mapId },
        1
      );
      const own = traceColumns
        .filter(({ name }) => Number(told[name]) > 0)
        .map(({ name, label, kind }): MapColumn => ({ name, label, kind, middle: null, none: "without a value" }));
      const scorers = await listScorers(kernel, mapId);
      return [...scorers.map(describeScore), ...(labelled.length > 0 ? [labelColumn] : []), ...own];
    });
  }

  /**
   * One column of the points that the reader sees: `value` FLOAT, NaN where there is none, or `code` INTEGER, -1 where
   * there is none, with the names that the codes stand for; and the trace's id as `high` and `low`, as points have it.
   *
   * @param after  only of traces placed later, in ms since 1970 UTC; 0 for all
   * @throws Fault `missing`, `invalid` for a column that there is none of
   */
  async read(
    scope: Scope,
    mapId: string,
    name: string,
    after: number,
    signal?: AbortSignal
  ): Promise<ArrowAnswer & { readonly words: readonly string[] }> {
    await this.#doors.keptMaps.find(scope, mapId);
    const source = sourceOf(name);
    return this.#kernels.use(scope, async (kernel) => {
      if (name === labelColumn.name) await loadLabels(this.#doors.annotations, kernel, scope);
      const values = { map: mapId, after, ...source.values };
      const where = "where p.map_id = $map and epoch_ms(p.placed_at) > $after";
      if (source.kind === "number") {
        const sql = `select coalesce((${source.sql})::float, 'nan'::float) as value, ${idHalves} from ${placedTraces} ${source.join} ${where} ${inOrder}`;
        return { ...(await kernel.query(sql, values, maxMapTraces, signal, mostBytes)), words: [] };
      }
      const told = `select left(${source.sql}, 80) as told, p.trace_id, p.business_unit from ${placedTraces} ${source.join} ${where}`;
      const rows = await kernel.rows(
        `select told from (${told}) where told is not null group by told order by count(*) desc, told`,
        values,
        mostWords,
        signal
      );
      const words = rows.map((row) => String(row["told"]));
      const sql = `select case when p.told is null then -1 else coalesce(w.code, ${words.length}) end::integer as code, ${idHalves}
        from (${told}) p left join (
          select list[place] as word, place - 1 as code
          from (select from_json($words, '["VARCHAR"]') as list), range(1, ${mostWords + 1}) r(place)
        ) w on w.word = p.told ${inOrder}`;
      const asked = { ...values, words: JSON.stringify(words) };
      return { ...(await kernel.query(sql, asked, maxMapTraces, signal, mostBytes)), words };
    });
  }
}

/** Scorers that scored a trace of the map, those with most scores first. */
async function listScorers(kernel: Kernel, mapId: string): Promise<readonly string[]> {
  const rows = await kernel.rows(
    `select s.scorer from scores s where s.value is not null and ${isOnMap("s")}
     group by s.scorer order by count(*) desc, s.scorer`,
    { map: mapId },
    mostScorers
  );
  return rows.map(({ scorer }) => String(scorer));
}

/** Whether a row's trace stands on the map `$map`. */
export const isOnMap = (row: string): string =>
  `(${row}.business_unit, ${row}.trace_id) in (select m.business_unit, m.trace_id from placements m where m.map_id = $map)`;

const describeScore = (scorer: string): MapColumn => ({
  name: `${scorePrefix}${scorer}`,
  label: `score: ${scorer}`,
  kind: "number",
  middle: 0.5,
  none: "unscored"
});

/** Where a column's values come from; every value that a person chose is bound. */
function sourceOf(name: string) {
  const own = traceColumns.find((column) => column.name === name);
  if (own) return { ...own, join: "", values: {} };
  if (name === labelColumn.name) {
    const labels = `select business_unit, trace_id, string_agg(distinct label, ', ' order by label) as labels
      from label_list where label is not null group by all`;
    return { kind: "category" as const, sql: "l.labels", join: joined(labels, "l"), values: {} };
  }
  if (name.startsWith(scorePrefix)) {
    // Of several versions and sources the newest verdict counts; of several steps of a trace their mean.
    const newest = `select business_unit, trace_id, span_id, arg_max(value, scored_at) as value from scores
      where scorer = $scorer and value is not null group by all`;
    const mean = `select business_unit, trace_id, avg(value) as value from (${newest}) group by all`;
    const scorer = name.slice(scorePrefix.length);
    return { kind: "number" as const, sql: "v.value", join: joined(mean, "v"), values: { scorer } };
  }
  throw new Fault("invalid", `points have no column "${name}"`);
}

const joined = (select: string, as: string): string =>
  `left join (${select}) ${as} on ${as}.trace_id = p.trace_id and ${as}.business_unit = p.business_unit`;
