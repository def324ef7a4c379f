import type { Dataset, Example, Split } from "../model/dataset.ts";
import { Fault } from "../model/fault.ts";
import { checkSides } from "../model/label-sides.ts";
import type { Opponent, Queue, QueueItem, Reviewing, SampleRule, StrataBy } from "../model/queue.ts";
import type { Rubric } from "../model/rubric.ts";
import type { BusinessUnit } from "../model/scope.ts";
import { mostPicked, type Picked, type Polygon, type Selection } from "../model/selection.ts";
import { boolean, type Fields, integer, list, number, object, optional, text } from "./parse.ts";
import type { Names } from "./people.ts";
import { parseReviewing } from "./reviewing.ts";
import { parseRubric } from "./rubric.ts";

/** POST what a sample of a selection would be. */
export interface SamplePlanRequest {
  readonly selection: Selection;
  readonly rule: SampleRule;
}

/** One stratum of a plan. */
export interface PlannedStratum {
  readonly businessUnit: BusinessUnit;
  readonly stratum: string;
  /** Selected traces in it. */
  readonly traces: number;
  /** How many of them are drawn. */
  readonly taken: number;
  readonly inclusionProbability: number;
}

/** The plan, and what else there is to say of the selection. */
export interface SamplePlanReply {
  /** What people call the selection. */
  readonly title: string;
  /** The selection as SQL. */
  readonly sql: string;
  readonly traces: number;
  readonly strata: readonly PlannedStratum[];
  /** Scorers with a verdict on any of the traces. */
  readonly scorers: readonly string[];
}

/** POST a queue. */
export interface QueueRequest extends SamplePlanRequest {
  readonly title: string;
  readonly rubric: Rubric;
  readonly reviewing: Partial<Reviewing>;
}

/** GET the queues, the newest first. */
export interface QueuesReply {
  readonly queues: readonly Queue[];
}

/** GET a queue: ?offset. */
export interface QueueReply {
  readonly queue: Queue;
  /** Of the people whom the queue names, those who are of the reader's units. */
  readonly names: Names;
  readonly items: readonly (QueueItem & {
    /** Beginning of what the user asked; null where the trace is gone. */
    readonly input: string | null;
    /** What was said of it; null while a blind queue hides it, which is until all have judged. */
    readonly labels: readonly string[] | null;
  })[];
  readonly offset: number;
}

/** POST a dataset. */
export interface DatasetRequest {
  readonly title: string;
  readonly selection: Selection;
  readonly splits: readonly Split[];
  readonly seed: number;
  readonly keepsAnswers: boolean;
}

/** GET the datasets, the newest first. */
export interface DatasetsReply {
  readonly datasets: readonly Dataset[];
}

/** GET a dataset: ?version&offset. */
export interface DatasetReply {
  readonly dataset: Dataset;
  readonly version: number;
  readonly examples: readonly Example[];
  readonly offset: number;
}

/** POST a workbook that begins from a selection: its traces, or a scorer drafted from what sets them apart. */
export interface SelectionWorkbookRequest {
  readonly selection: Selection;
  readonly holds: "cohort" | "scorer";
}

/** The workbook that was made. */
export interface SelectionWorkbookReply {
  readonly slug: string;
}

/** Which page of a dataset: `?version&offset`; the newest version where none is named. */
export interface DatasetPart {
  readonly version: number | null;
  readonly offset: number;
}

/** Which file of a dataset: `?version&format`. */
export interface DatasetFile {
  readonly version: number | null;
  readonly format: "csv" | "jsonl";
}

/** Rows of one page of items or examples. */
export const pageRows = 100;

/** @throws Fault `invalid` naming the field */
export function parseSelection(value: unknown): Selection {
  const fields = object(value, "the selection");
  const { kind } = fields;
  switch (kind) {
    case "lasso":
      return { kind, mapId: text(fields, "mapId"), version: integer(fields, "version"), polygon: polygon(fields) };
    case "area":
      return { kind, mapId: text(fields, "mapId"), area: text(fields, "area") };
    case "cluster":
      return { kind, mapId: text(fields, "mapId"), clusterId: integer(fields, "clusterId") };
    case "cell":
      return { kind, workbook: text(fields, "workbook"), cell: text(fields, "cell"), ...parsePicked(fields) };
    case "traces":
      return { kind, mapId: text(fields, "mapId"), traceIds: traceIds(fields) };
    default:
      throw new Fault("invalid", `a selection is no "${String(kind).slice(0, 40)}"`, {
        hint: "It is a lasso, an area, a cluster, traces or a cell."
      });
  }
}

/** What was picked on a map cell: `polygon`, or `traceIds`. @throws Fault `invalid` naming the field */
export function parsePicked(fields: Fields): Picked {
  const isNamed = fields["polygon"] === undefined && fields["traceIds"] !== undefined;
  return isNamed ? { traceIds: traceIds(fields) } : { polygon: polygon(fields) };
}

/** @throws Fault `invalid` naming the field */
export function parseSamplePlanRequest(body: unknown): SamplePlanRequest {
  const fields = object(body, "the plan");
  return { selection: parseSelection(fields["selection"]), rule: parseRule(fields["rule"]) };
}

/** @throws Fault `invalid` naming the field */
export function parseQueueRequest(body: unknown): QueueRequest {
  const fields = object(body, "the queue");
  return {
    ...parseSamplePlanRequest(body),
    title: text(fields, "title"),
    rubric: parseRubric(fields["rubric"]),
    reviewing: optional(fields, "reviewing", parseReviewing) ?? {}
  };
}

/** @throws Fault `invalid` naming the field */
export function parseDatasetRequest(body: unknown): DatasetRequest {
  const fields = object(body, "the dataset");
  return {
    title: text(fields, "title"),
    selection: parseSelection(fields["selection"]),
    splits: list(fields, "splits").map((split) => {
      const part = object(split, "a split");
      return { name: text(part, "name"), share: number(part, "share") };
    }),
    seed: integer(fields, "seed"),
    keepsAnswers: optional(fields, "keepsAnswers", boolean) ?? false
  };
}

/** @throws Fault `invalid` naming the field */
export function parseSelectionWorkbookRequest(body: unknown): SelectionWorkbookRequest {
  const fields = object(body, "the workbook of a selection");
  const holds = text(fields, "holds");
  if (holds !== "cohort" && holds !== "scorer") {
    throw new Fault("invalid", `"holds" is "${holds.slice(0, 40)}", neither cohort nor scorer`);
  }
  return { selection: parseSelection(fields["selection"]), holds };
}

/** The `?offset` of a list. @throws Fault `invalid` */
export function parseOffset(query: URLSearchParams): number {
  return wholeNumber(query, "offset") ?? 0;
}

/** @throws Fault `invalid` naming the field */
export function parseDatasetPart(query: URLSearchParams): DatasetPart {
  return { version: wholeNumber(query, "version"), offset: parseOffset(query) };
}

/** @throws Fault `invalid` naming the field */
export function parseDatasetFile(query: URLSearchParams): DatasetFile {
  const format = query.get("format") ?? "jsonl";
  if (format === "csv" || format === "jsonl") return { version: wholeNumber(query, "version"), format };
  throw new Fault("invalid", `"format" is "${format.slice(0, 40)}", neither csv nor jsonl`);
}

function wholeNumber(query: URLSearchParams, name: string): number | null {
  const given = query.get(name);
  if (given === null) return null;
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new Fault("invalid", `"${name}" is "${given.slice(0, 40)}", not a whole number`);
}

function parseRule(value: unknown): SampleRule {
  const fields = object(value, `"rule"`);
  const spread = text(fields, "spread");
  if (spread !== "proportional" && spread !== "equal") {
    throw new Fault("invalid", `"spread" is "${spread.slice(0, 40)}", neither proportional nor equal`);
  }
  return { count: integer(fields, "count"), by: parseStrata(fields["by"]), spread, seed: integer(fields, "seed") };
}

function parseStrata(value: unknown): StrataBy {
  const fields = object(value, `"by"`);
  const { kind } = fields;
  switch (kind) {
    case "unit":
    case "cluster":
    case "agent":
      return { kind };
    case "score":
      return { kind, scorer: text(fields, "scorer") };
    case "disagreement":
      return { kind, scorer: text(fields, "scorer"), other: parseOpponent(fields["other"]) };
    default:
      throw new Fault("invalid", `strata are not told apart by "${String(kind).slice(0, 40)}"`, {
        hint: "Say unit, cluster, agent, score or disagreement."
      });
  }
}

function parseOpponent(value: unknown): Opponent {
  const fields = object(value, `"other"`);
  const { kind } = fields;
  const labels = (name: string) => list(fields, name).map((label) => text({ label }, "label"));
  if (kind === "scorer") return { kind, scorer: text(fields, "scorer") };
  if (kind === "people") return { kind, ...checkSides({ wrong: labels("wrong"), fine: labels("fine") }) };
  throw new Fault("invalid", `a scorer is not held against "${String(kind).slice(0, 40)}"`, {
    hint: "Say scorer or people."
  });
}

const mostCorners = 10_000;

function polygon(fields: Fields): Polygon {
  const corners: unknown = fields["polygon"];
  const isCorner = (corner: unknown): corner is [number, number] =>
    Array.isArray(corner) && corner.length === 2 && corner.every(Number.isFinite);
  if (Array.isArray(corners) && corners.length >= 3 && corners.length <= mostCorners && corners.every(isCorner)) {
    return corners;
  }
  throw new Fault("invalid", `"polygon" is not a list of 3 to 10,000 pairs of numbers`);
}

/** Traces one by one. @throws Fault `invalid`, `limit` beyond `most` */
export function traceIds(fields: Fields): readonly string[] {
  const ids = list(fields, "traceIds");
  if (ids.length > mostPicked) {
    const [limit, given] = [mostPicked.toLocaleString("en-US"), ids.length.toLocaleString("en-US")];
    throw new Fault("limit", `${given} traces are named one by one, and ${limit} is the most`, {
      hint: "Name fewer of them."
    });
  }
  if (ids.every((id) => typeof id === "string" && id.length <= 200)) return ids as string[];
  throw new Fault("invalid", `"traceIds" is not a list of trace ids`);
}
