import type { ResumePoint } from "#lib/map/map-progress.ts";
import type { LoadColumn } from "#lib/ports/kernel.ts";
import { quoteName } from "#lib/sql/quote.ts";
import { parseMapSettings } from "#lib/workbook/cell-settings.ts";
import { selectionName } from "#lib/workbook/parse-workbook.ts";
import { answerAbout } from "./ask-facet.ts";
import type { CellContext, CellOutcome } from "./cell-context.ts";
import { noteEmpty, readMapTexts, requireTraces } from "./map-texts.ts";
import { chooseEmbedder, giveVectors } from "./map-vectors.ts";
import { titleCell } from "./title-cell.ts";

/** Share of a cell's budget that is set aside for titles: what vectors cost is known only when they are there. */
const titleShare = 0.1;

/** Runs a map cell: the texts of the chosen traces become points, the points a table, the selection an empty one. */
export async function runMapCell(context: CellContext): Promise<CellOutcome> {
  const { cell, kernel, signal } = context;
  const settings = parseMapSettings(cell.text);
  context.progress({ step: "texts" });
  const question = { kernel, cell, settings, params: context.params };
  const embedder = chooseEmbedder(context.doors.embedder, settings);
  const { read, notes, budgetUsd } = await answerAbout(
    { model: context.doors.model, scope: context.scope },
    settings,
    await readMapTexts(question, signal),
    (done, total) => context.progress({ step: "answers", done, total }),
    signal
  );
  const { traceIds, texts } = read;
  requireTraces(read, settings);
  const seed = settings.seed ?? context.seed;
  const tell: Parameters<typeof giveVectors>[3] = ({ step, done, total, from }) =>
    context.progress({ step, done, total, ...(from ? { from: resumeWords(from) } : {}) });
  const forTitles = settings.titles ? (budgetUsd ?? 0) * titleShare : 0;
  const left = budgetUsd === null ? null : budgetUsd - forTitles;
  const ask = { texts: read, settings: { ...settings, budgetUsd: left }, embedder, before: null };
  const given = await giveVectors(context.doors, context.scope, ask, tell, signal);
  const { neighbours, minClusterSize } = settings;
  const answer = await context.doors.maps.build(
    { texts, traceIds, seed, neighbours, minClusterSize, given },
    tell,
    signal
  );
  const { clusters, notes: titleNotes } = settings.titles
    ? await titleCell(
        { model: context.doors.model, scope: context.scope, budgetUsd: forTitles },
        { clusters: answer.clusters, cluster: answer.cluster, texts: read },
        (done, total) => context.progress({ step: "titles", done, total }),
        signal
      )
    : { clusters: answer.clusters, notes: [] };
  const labels = new Map(clusters.map(({ id, label }) => [id, label]));
  const raw = `${cell.key}__points`;
  await kernel.load(raw, [
    { name: "trace_id", type: "VARCHAR", values: traceIds },
    { name: "x", type: "DOUBLE", values: answer.x },
    { name: "y", type: "DOUBLE", values: answer.y },
    { name: "cluster", type: "INTEGER", values: answer.cluster },
    { name: "cluster_label", type: "VARCHAR", values: Array.from(answer.cluster, (id) => labels.get(id) ?? null) },
    { name: "novelty", type: "DOUBLE", values: answer.novelty }
  ] satisfies LoadColumn[]);
  const info = await kernel.materialise(
    cell.key,
    `select p.*, t.business_unit, t.started_at, t.agent from ${quoteName(raw)} p
     left join (select trace_id, any_value(business_unit) as business_unit, min(started_at) as started_at,
       any_value(agent) as agent from traces group by trace_id) t using (trace_id)
     order by p.rowid`,
    {},
    signal
  );
  await kernel.drop(raw);
  const table = quoteName(cell.key);
  await kernel.materialise(selectionName(cell.key), `select * from ${table} where false`, {}, signal);
  const noise = answer.cluster.reduce((count, id) => count + (id < 0 ? 1 : 0), 0);
  return {
    result: {
      kind: "map",
      table: info.name,
      points: info.rows,
      clusters,
      noise,
      seed,
      vectors: answer.vectors
    },
    notes: [
      ...notes,
      ...titleNotes,
      ...noteEmpty(read, settings),
      ...(texts.length === settings.limit ? [`Only the newest ${settings.limit} traces are on the map.`] : [])
    ],
    basis: { ground: answer.ground, boilerplate: answer.boilerplate }
  };
}

/** `layout, 60 %`. */
function resumeWords({ step, share }: ResumePoint): string {
  return `${step}, ${Math.round(share * 100)} %`;
}
