import type { GoldItem } from "../model/gold-item.ts";
import { object, text } from "./parse.ts";
import { parseItemKey, type ReviewItemKey } from "./review.ts";

/** GET the items whose label is known before; for those who administer their unit. */
export interface GoldReply {
  readonly items: readonly GoldItem[];
}

/** PUT what is known of an item; null makes it one like any other. */
export interface GoldRequest {
  readonly item: ReviewItemKey;
  readonly label: string | null;
}

/** @throws Fault `invalid` naming the field */
export function parseGoldRequest(body: unknown): GoldRequest {
  const fields = object(body, "the gold item");
  return { item: parseItemKey(fields, "item"), label: fields["label"] === null ? null : text(fields, "label") };
}
