import { Fault } from "../model/fault.ts";
import type { Reviewing } from "../model/queue.ts";
import { boolean, type Fields, integer, list, object, optional, text } from "./parse.ts";

/** How items are judged, as far as it is said. @throws Fault `invalid` naming the field */
export function parseReviewing(given: Fields, name: string): Partial<Reviewing> {
  const fields = object(given[name], "the reviewing");
  const decideBy = optional(fields, "decideBy", text);
  if (decideBy !== undefined && decideBy !== "unanimous" && decideBy !== "majority")
    throw new Fault("invalid", `"decideBy" is "${decideBy.slice(0, 40)}", neither unanimous nor majority`);
  return {
    reviewsPerItem: integer(fields, "reviewsPerItem"),
    isBlind: boolean(fields, "isBlind"),
    reviewers: optional(fields, "reviewers", people) ?? null,
    adjudicators: optional(fields, "adjudicators", people) ?? null,
    ...(decideBy === undefined ? {} : { decideBy })
  };
}

function people(fields: Fields, name: string): readonly string[] {
  const ids = list(fields, name);
  if (ids.every((userId) => typeof userId === "string")) return ids as readonly string[];
  throw new Fault("invalid", `"${name}" is no list of user ids`);
}
