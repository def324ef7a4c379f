import { Fault } from "../model/fault.ts";
import type { PairSource } from "../model/pair.ts";
import type { Reviewing } from "../model/queue.ts";
import { boolean, integer, object, optional, text } from "./parse.ts";
import { parseReviewing } from "./reviewing.ts";

/** POST a queue in which two traces are compared. */
export interface PairsRequest {
  readonly title: string;
  readonly source: PairSource;
  readonly count: number;
  readonly seed: number;
  readonly reviewing: Partial<Reviewing>;
  readonly rubric: { readonly needsJustification: boolean };
}

/** @throws Fault `invalid` naming the field */
export function parsePairsRequest(body: unknown): PairsRequest {
  const fields = object(body, "the queue of pairs");
  return {
    ...{ title: text(fields, "title"), source: parseSource(fields["source"]) },
    ...{ count: integer(fields, "count"), seed: integer(fields, "seed") },
    reviewing: optional(fields, "reviewing", parseReviewing) ?? {},
    rubric: { needsJustification: optional(fields, "needsJustification", boolean) ?? false }
  };
}

function parseSource(value: unknown): PairSource {
  const fields = object(value, `"source"`);
  const { kind } = fields;
  switch (kind) {
    case "input":
      return { kind, predicate: text(fields, "predicate") };
    case "versions":
      return { kind, agent: text(fields, "agent"), first: text(fields, "first"), second: text(fields, "second") };
    case "columns":
      return { kind, sql: text(fields, "sql"), first: text(fields, "first"), second: text(fields, "second") };
    default:
      throw new Fault("invalid", `pairs are not made of "${String(kind).slice(0, 40)}"`, {
        hint: "Say input, versions or columns."
      });
  }
}
