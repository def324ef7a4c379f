import { Fault } from "../model/fault.ts";
import type { Queue, QueueItem } from "../model/queue.ts";
import { type Hold, type Judgement, type Review, type ReviewFlag, reviewFlags } from "../model/review.ts";
import { type Fields, integer, object, optional, record, text } from "./parse.ts";
import type { Names } from "./people.ts";

/** What names an item of a queue. */
export type ReviewItemKey = Pick<QueueItem, "traceId" | "businessUnit">;

/** POST what a reviewer does in a queue. */
export type ReviewRequest =
  /** Opens the next item that waits for this reviewer. */
  | { readonly kind: "next"; readonly after: ReviewItemKey | null }
  /** Opens this one, or keeps it open. */
  | { readonly kind: "open"; readonly item: ReviewItemKey }
  /** Lets others have it. */
  | { readonly kind: "release"; readonly item: ReviewItemKey }
  | {
      readonly kind: "submit";
      readonly item: ReviewItemKey;
      readonly judgement: Judgement;
      readonly rubricVersion: number;
      readonly baseVersion: number;
      readonly durationMs: number;
    };

/** An item as its reviewer sees it. */
export interface ReviewedItem {
  readonly item: QueueItem;
  /** Of a pair, the trace that this reviewer sees left; null for a trace that is judged alone. */
  readonly left: string | null;
  /** Null where the reviewer may look at it alone; `closed` says why. */
  readonly hold: Hold | null;
  readonly closed: string | null;
  /** What the reviewer said last, taken back or not: the next goes on from its version. */
  readonly mine: Review | null;
  /** Null while they are kept blind. */
  readonly others: readonly Review[] | null;
  /** Of the others. */
  readonly names: Names;
}

/** The answer to what opens an item; to a submit and a release it is null. */
export interface ReviewReply {
  readonly queue: Queue;
  /** Null where nothing waits. */
  readonly open: ReviewedItem | null;
}

/** @throws Fault `invalid` naming the field */
export function parseReviewRequest(body: unknown): ReviewRequest {
  const fields = object(body, "the review");
  const { kind } = fields;
  switch (kind) {
    case "next":
      return { kind, after: fields["after"] === null ? null : parseItemKey(fields, "after") };
    case "open":
    case "release":
      return { kind, item: parseItemKey(fields, "item") };
    case "submit":
      return {
        kind,
        item: parseItemKey(fields, "item"),
        judgement: parseJudgement(object(fields["judgement"], "the judgement")),
        rubricVersion: integer(fields, "rubricVersion"),
        baseVersion: integer(fields, "baseVersion"),
        durationMs: integer(fields, "durationMs")
      };
    default:
      throw new Fault("invalid", `a review is no "${String(kind).slice(0, 40)}"`, {
        hint: "It is next, open, release or submit."
      });
  }
}

/** What names an item, at a field. @throws Fault `invalid` */
export function parseItemKey(fields: Fields, name: string): ReviewItemKey {
  const key = object(fields[name], `"${name}"`);
  return { traceId: text(key, "traceId"), businessUnit: text(key, "businessUnit") };
}

function parseJudgement(fields: Fields): Judgement {
  const { kind } = fields;
  if (kind === "withdrawn") return { kind };
  if (kind === "skipped") return { kind, reason: text(fields, "reason") };
  if (kind !== "labelled") throw new Fault("invalid", `a judgement is no "${String(kind).slice(0, 40)}"`);
  return {
    kind,
    label: text(fields, "label"),
    note: optional(fields, "note", text) ?? "",
    quotes: texts(fields, "quotes"),
    correctedOutput: optional(fields, "correctedOutput", text) ?? null,
    flags: texts(fields, "flags").filter((flag): flag is ReviewFlag => reviewFlags.includes(flag as ReviewFlag)),
    scales: byName(fields, "scales", integer),
    fields: byName(fields, "fields", text)
  };
}

function byName<T>(
  fields: Fields,
  name: string,
  read: (fields: Fields, name: string) => T
): Readonly<Record<string, T>> {
  const given = record(fields, name);
  return Object.fromEntries(Object.keys(given).map((key) => [key, read(given, key)]));
}

function texts(fields: Fields, name: string): readonly string[] {
  const value = fields[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value as readonly string[];
  throw new Fault("invalid", `"${name}" is no list of texts`);
}
