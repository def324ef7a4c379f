import { Fault } from "#lib/model/fault.ts";
import type { MapGround } from "#lib/model/kept-map.ts";
import type { Scope } from "#lib/model/scope.ts";
import type { Model } from "#lib/ports/model.ts";
import type { SandboxSession } from "#lib/ports/sandbox.ts";
import type { CellForecastReply, JudgeForecast, MapForecast, ScorerForecast } from "#lib/wire/cell-forecast.ts";
import { parseMapSettings, parseScoreSettings, type ScoreSettings } from "#lib/workbook/cell-settings.ts";
import { forecastFacet } from "./ask-facet.ts";
import { askingScorer, forecastScorer } from "./ask-scorer.ts";
import type { BorrowedTables } from "./borrow-tables.ts";
import { forecastJudge } from "./cell-judge.ts";
import { requireTraces } from "./cohort.ts";
import { defaultLimits } from "./desk-doors.ts";
import { forecastTexts } from "./embed-texts.ts";
import { readMapTexts } from "./map-texts.ts";
import { chooseEmbedder, type VectorDoors } from "./map-vectors.ts";
import { findJudge, type JudgeGround, openJudge } from "./open-judge.ts";
import { openScorer, type ScorerDoors } from "./open-scorer.ts";
import { requireModel } from "./paid-model.ts";
import { countSubjects } from "./score-subjects.ts";
import { scoreTraces } from "./score-traces.ts";

/** Traces that are scored to tell how long the rest takes. */
const sampledTraces = 50;

/** What a forecast is made with. */
export interface ForecastDoors extends VectorDoors, ScorerDoors {
  /** That facets, judges and scorers ask; null where none is configured. */
  readonly model: Model | null;
  readonly borrow: <T>(
    scope: Scope,
    ground: MapGround,
    signal: AbortSignal,
    work: (tables: BorrowedTables) => Promise<T>
  ) => Promise<T>;
}

/**
 * What a cell that asks models would cost on the newest snapshot, or how long one that scores would take. The cells that it reads run for it; no model is asked.
 *
 * @throws Fault of the cells it reads, `missing` where there is no such cell, `invalid` for one that asks nothing
 */
export async function forecastCell(
  doors: ForecastDoors,
  scope: Scope,
  ground: MapGround,
  signal: AbortSignal
): Promise<CellForecastReply> {
  const read = await doors.borrow(scope, ground, signal, async (tables) => {
    const { kernel, cell, params } = tables;
    if (cell.kind === "score") return forecastScores(doors, tables, signal);
    if (cell.kind !== "map") throw new Fault("invalid", `the cell "${cell.key}" asks no model`);
    const settings = parseMapSettings(cell.text);
    return { kind: "texts", settings, texts: await readMapTexts({ kernel, cell, settings, params }, signal) } as const;
  });
  return read.kind === "texts" ? forecastMap(doors, scope, read, signal) : read;
}

async function forecastScores(
  doors: ForecastDoors,
  { kernel, cell, workbook }: BorrowedTables,
  signal: AbortSignal
): Promise<JudgeForecast | ScorerForecast> {
  const { model } = doors;
  const settings = parseScoreSettings(cell.text);
  const judge = findJudge(workbook, settings.scorer);
  const ground = { kernel, cell, signal };
  const traces = await requireTraces(ground, settings.traces);
  if (!judge) return forecastAsking(doors, { ...ground, workbook }, settings, traces);
  const open = await openJudge(ground, judge, model);
  const counted = await countSubjects(ground, traces, { kind: "trace" });
  const answers = await forecastJudge(ground, open, traces);
  return { kind: "judge", traces: counted.traces, answers, budgetUsd: open.settings.budgetUsd };
}

/** What the questions of a scorer would cost, or how long it takes where it asks none; it has to be run for that. */
async function forecastAsking(
  doors: ForecastDoors,
  ground: JudgeGround & Pick<BorrowedTables, "workbook">,
  settings: ScoreSettings,
  traces: string
): Promise<JudgeForecast | ScorerForecast> {
  const { session } = await openScorer(doors, defaultLimits, ground, settings);
  try {
    if (session.questions.length === 0) return await forecastTime(session, ground, settings, traces);
    const model = requireModel(doors.model, askingScorer);
    const counted = await countSubjects(ground, traces, { kind: "trace" });
    const answers = await forecastScorer(model, session, ground, traces, settings.expected);
    return { kind: "judge", traces: counted.traces, answers, budgetUsd: settings.budgetUsd };
  } finally {
    await session.close();
  }
}

/** By what some of the traces take. */
async function forecastTime(
  session: SandboxSession,
  ground: JudgeGround,
  { expected }: ScoreSettings,
  traces: string
): Promise<ScorerForecast> {
  const { traces: count, calls } = await countSubjects(ground, traces, session.target);
  const ids = `select distinct trace_id from ${traces} order by md5(trace_id) limit ${sampledTraces}`;
  const some = `(select * from ${traces} where trace_id in (${ids}))`;
  const { subjects, verdicts } = await scoreTraces(session, ground, some, expected);
  const ms = verdicts.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return {
    kind: "scorer",
    ...{ traces: count, calls },
    sampled: new Set(subjects.map(({ traceId }) => traceId)).size,
    msPerCall: verdicts.length === 0 ? null : ms / verdicts.length
  };
}

async function forecastMap(
  doors: ForecastDoors,
  scope: Scope,
  {
    settings,
    texts
  }: Pick<Parameters<typeof readMapTexts>[0], "settings"> & {
    readonly texts: Awaited<ReturnType<typeof readMapTexts>>;
  },
  signal: AbortSignal
): Promise<MapForecast> {
  const nothing = { kind: "map", model: null, missing: 0, tokens: 0, costUsd: 0 } as const;
  if (settings.facet !== null) {
    const facet = await forecastFacet(doors.model, settings.facet, texts);
    return { ...nothing, facet, traces: texts.texts.length, texts: facet.questions };
  }
  const { folded } = await doors.maps.prepare({ texts: texts.texts, projection: null }, signal);
  const counted = { facet: null, traces: texts.texts.length, texts: folded.texts.length };
  const embedder = chooseEmbedder(doors.embedder, settings);
  if (!embedder) return { ...nothing, ...counted };
  const vectors = await forecastTexts({ lake: doors.lake, embedder }, scope, folded.texts, signal);
  return { kind: "map", ...counted, ...vectors };
}
