import type { Adjudication } from "../model/adjudication.ts";
import { Fault } from "../model/fault.ts";
import type { Queue, QueueItem } from "../model/queue.ts";
import type { Review } from "../model/review.ts";
import { type Fields, integer, object, text } from "./parse.ts";
import type { Names } from "./people.ts";
import { parseItemKey, type ReviewItemKey } from "./review.ts";

/** POST what an adjudicator does in a queue. */
export type AdjudicationRequest =
  /** Shows the next contested item. */
  | { readonly kind: "next"; readonly after: ReviewItemKey | null }
  /** Shows this one. */
  | { readonly kind: "open"; readonly item: ReviewItemKey }
  | {
      readonly kind: "decide";
      readonly item: ReviewItemKey;
      /** Null takes the last decision back. */
      readonly label: string | null;
      readonly reason: string;
      readonly rubricVersion: number;
      readonly baseVersion: number;
    };

/** An item as its adjudicator sees it: all that was said of it. */
export interface AdjudicatedItem {
  readonly item: QueueItem;
  readonly reviews: readonly Review[];
  /** The newest decision, taken back or not; null where nobody decided yet. */
  readonly decided: Adjudication | null;
  /** Of the reviewers. */
  readonly names: Names;
}

/** The answer to all that an adjudicator does. */
export interface AdjudicationReply {
  /** `contested` counts what waits for this adjudicator. */
  readonly queue: Queue;
  /** Null where nothing is contested, and after what opens nothing. */
  readonly open: AdjudicatedItem | null;
}

/** @throws Fault `invalid` naming the field */
export function parseAdjudicationRequest(body: unknown): AdjudicationRequest {
  const fields = object(body, "the adjudication");
  const { kind } = fields;
  switch (kind) {
    case "next":
      return { kind, after: fields["after"] === null ? null : parseItemKey(fields, "after") };
    case "open":
      return { kind, item: parseItemKey(fields, "item") };
    case "decide":
      return {
        ...{ kind, item: parseItemKey(fields, "item"), label: labelOf(fields), reason: text(fields, "reason") },
        ...{ rubricVersion: integer(fields, "rubricVersion"), baseVersion: integer(fields, "baseVersion") }
      };
    default:
      throw new Fault("invalid", `an adjudication is no "${String(kind).slice(0, 40)}"`, {
        hint: "It is next, open or decide."
      });
  }
}

const labelOf = (fields: Fields) => (fields["label"] === null ? null : text(fields, "label"));
