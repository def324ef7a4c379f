import type { FaultReport } from "../model/fault.ts";
import { Fault } from "../model/fault.ts";
import type { LabelSides, LabelSource, LabelSplit, SideCounts } from "../model/label-sides.ts";
import type { BusinessUnit } from "../model/scope.ts";
import { object, optional, text } from "./parse.ts";

/** GET what labels a queue or dataset has: `?kind&id&unit`. */
export interface DraftLabelsRequest {
  readonly source: LabelSource;
  /** Null where the set is of one unit. */
  readonly businessUnit: BusinessUnit | null;
}

/** Its labels. */
export interface DraftLabelsReply {
  readonly title: string;
  readonly businessUnits: readonly BusinessUnit[];
  /** Null where one is to be chosen first; there are no labels then. */
  readonly businessUnit: BusinessUnit | null;
  readonly labels: readonly {
    readonly label: string;
    readonly meaning: string;
    readonly traces: number;
    readonly justified: number;
  }[];
  /** Labels of single steps, which no draft reads. */
  readonly onSteps: number;
  /** Who could write a rubric and judge; null where no model is configured. */
  readonly modelId: string | null;
}

/** POST to plan a draft, or to make it. */
export interface DraftRequest extends DraftLabelsRequest {
  readonly sides: LabelSides;
  /** What writing the rubric may cost, and then each score cell of the judge; null asks no model. */
  readonly budgetUsd: number | null;
}

/** What a draft would be made of. */
export interface DraftPlanReply extends SideCounts {
  readonly ties: number;
  readonly leftOut: number;
  readonly justified: number;
  /** Null where something is missing. */
  readonly parts: Readonly<Record<LabelSplit, SideCounts>> | null;
  /** What is missing for a draft, and what to do; null where nothing is. */
  readonly missing: FaultReport | null;
  /** What writing the rubric costs about, judging not included; null where no model would be asked. */
  readonly rubricUsd: number | null;
}

/** The draft that was made. */
export interface DraftReply {
  readonly slug: string;
  readonly scorer: "judge" | "checklist";
  /** A sentence each. */
  readonly notes: readonly string[];
}

const mostLabels = 200;

/** @throws Fault `invalid` naming the field */
export function parseDraftLabelsRequest(query: URLSearchParams): DraftLabelsRequest {
  return {
    source: sourceOf(query.get("kind"), query.get("id")),
    businessUnit: query.get("unit")
  };
}

/** @throws Fault `invalid` naming the field */
export function parseDraftRequest(body: unknown): DraftRequest {
  const fields = object(body, "the draft");
  const source = object(fields["source"], '"source"');
  const sides = object(fields["sides"], '"sides"');
  const budgetUsd = fields["budgetUsd"] ?? null;
  if (budgetUsd !== null && !(typeof budgetUsd === "number" && budgetUsd >= 0 && Number.isFinite(budgetUsd)))
    throw new Fault("invalid", '"budgetUsd" is not an amount of US dollars');
  return {
    source: sourceOf(source["kind"], source["id"]),
    businessUnit: optional(fields, "businessUnit", text) ?? null,
    sides: { wrong: labels(sides["wrong"], "wrong"), fine: labels(sides["fine"], "fine") },
    budgetUsd
  };
}

function sourceOf(kind: unknown, id: unknown): LabelSource {
  if ((kind === "queue" || kind === "dataset") && typeof id === "string" && id !== "") return { kind, id };
  throw new Fault("invalid", "a scorer is drafted from the labels of a queue or a dataset, and none is named");
}

function labels(value: unknown, name: string): readonly string[] {
  if (Array.isArray(value) && value.length <= mostLabels && value.every((label) => typeof label === "string"))
    return value as string[];
  throw new Fault("invalid", `"${name}" is not a list of at most ${mostLabels} labels`);
}
