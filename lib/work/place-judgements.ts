import { buildImportedScore } from "../formats/imported-score.ts";
import type { ImportedAnnotation, RunJudgement } from "../model/annotation.ts";
import type { ScoreRecord } from "../model/score.ts";
import type { Kernel } from "../ports/kernel.ts";

/** How the runs of a source are found among the spans of the lake. */
interface RunRule {
  /** What the source calls the run, of a span `s`. */
  readonly run: string;
  /** Which spans may be the run. */
  readonly where: string;
  /** The steps that a span holds, as the source counts; null where the run is the span that is meant. */
  readonly steps: string | null;
  /** What is said of a root is said of the whole trace. */
  readonly rootIsTrace: boolean;
}

const ownId: RunRule = {
  run: "coalesce(s.source_span_id, s.span_id)",
  where: "true",
  steps: null,
  rootIsTrace: false
};

/** Sources whose judgements do not say which trace they are of, by the name of their format. */
export const runRules: Readonly<Record<string, RunRule>> = {
  agentrx: {
    run: `json_extract_string(s.attributes, '$."tau.task_id"')`,
    where: "s.source = 'agentrx' and s.parent_span_id is null",
    steps: `json_extract(t.attributes, '$."tau.steps"')`,
    rootIsTrace: false
  },
  langsmith: { ...ownId, where: "s.source = 'langsmith'", rootIsTrace: true },
  phoenix: ownId
};

/** Judgements that found their traces, and those that did not. */
export interface Placed {
  readonly annotations: readonly ImportedAnnotation[];
  readonly scores: readonly ScoreRecord[];
  readonly found: readonly RunJudgement[];
  readonly missing: readonly RunJudgement[];
  /** Why a judgement whose run is there was not placed all the same. */
  readonly reasons: readonly string[];
}

/** What is known of one place that may be meant. */
interface Place {
  readonly run: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly isRoot: boolean;
  readonly startMs: number;
  readonly step: number | null;
}

/** Spans of runs that are looked at at most, in one import. */
const placeLimit = 1_000_000;

/**
 * Finds the traces that judgements are of.
 *
 * @param kernel  sees the unit of the judgements, and no other
 */
export async function placeJudgements(kernel: Kernel, judgements: readonly RunJudgement[]): Promise<Placed> {
  const annotations: ImportedAnnotation[] = [];
  const scores: ScoreRecord[] = [];
  const found: RunJudgement[] = [];
  const missing: RunJudgement[] = [];
  const reasons: string[] = [];
  for (const [source, own] of Map.groupBy(judgements, (judgement) => judgement.source)) {
    const rule = runRules[source];
    const places = rule ? await findPlaces(kernel, rule, own) : new Map<string, readonly Place[]>();
    for (const judgement of own) {
      const candidates = places.get(judgement.run) ?? [];
      const traces = new Set(candidates.map(({ traceId }) => traceId));
      if (traces.size !== 1) {
        missing.push(judgement);
        if (traces.size > 1)
          reasons.push(`${traces.size} traces of ${source} are called "${judgement.run}": what was said of it waits`);
        continue;
      }
      found.push(judgement);
      const place = candidates.find(({ step }) => step === judgement.step) ?? candidates[0]!;
      const isStep = rule!.steps === null || place.step === judgement.step;
      const isOfTrace = !isStep || (rule!.rootIsTrace && place.isRoot);
      const { businessUnit, key, atMs, said } = judgement;
      if (said.kind === "annotation") {
        const { label, note, rater } = said;
        const spanId = isOfTrace ? null : place.spanId;
        annotations.push({ traceId: place.traceId, spanId, businessUnit, label, note, rater, source, key, atMs });
      } else {
        const judged = { ...place, startNs: BigInt(place.startMs) * 1_000_000n };
        const context = { businessUnit, environment: null, nowMs: atMs };
        scores.push(buildImportedScore(said.score, judged, isOfTrace, context));
      }
    }
  }
  return { annotations, scores, found, missing, reasons };
}

/** The spans that the judgements may mean, by the name of their run. */
async function findPlaces(
  kernel: Kernel,
  { run, where, steps }: RunRule,
  judgements: readonly RunJudgement[]
): Promise<ReadonlyMap<string, readonly Place[]>> {
  const wanted = `${run} in (select unnest(from_json($runs, '["VARCHAR"]')))`;
  const columns = "trace_id, span_id, parent_span_id is null as is_root, epoch_ms(start_ts::timestamp) as start_ms";
  const sql =
    steps === null
      ? `select ${run} as run, ${columns}, null as step from spans s where ${where} and ${wanted}`
      : `with runs as (select ${run} as run, s.trace_id as of_trace from spans s where ${where} and ${wanted})
        select run, ${columns}, unnest(from_json(coalesce(${steps}, '[null]'), '["INTEGER"]')) as step
        from runs join spans t on t.trace_id = of_trace`;
  const runs = [...new Set(judgements.map((judgement) => judgement.run))];
  const rows = await kernel.rows(sql, { runs: JSON.stringify(runs) }, placeLimit);
  const places = rows.map(
    (row): Place => ({
      run: String(row.run),
      traceId: String(row.trace_id),
      spanId: String(row.span_id),
      isRoot: row.is_root === true,
      startMs: Number(row.start_ms),
      step: row.step === null ? null : Number(row.step)
    })
  );
  return Map.groupBy(places, (place) => place.run);
}
