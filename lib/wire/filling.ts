import { Fault } from "../model/fault.ts";
import type { FillingDay, FillingTerms, QueueFilling } from "../model/queue-filling.ts";
import { integer, number, object, optional, text } from "./parse.ts";

/** GET the rule that keeps filling a queue; null where there is none. */
export interface FillingReply {
  readonly filling: (QueueFilling & { readonly days: readonly FillingDay[] }) | null;
}

/** PATCH what the rule shall do. */
export interface FillingChange {
  readonly action: "pause" | "resume";
}

/** PUT a rule. @throws Fault `invalid` naming the field */
export function parseFillingTerms(body: unknown): FillingTerms {
  const fields = object(body, "the rule");
  return {
    predicate: text(fields, "predicate"),
    rate: number(fields, "rate"),
    fromMs: optional(fields, "fromMs", integer) ?? null,
    dailyCap: optional(fields, "dailyCap", integer) ?? null,
    totalCap: integer(fields, "totalCap")
  };
}

/** @throws Fault `invalid` */
export function parseFillingChange(body: unknown): FillingChange {
  const action = text(object(body, "the change"), "action");
  if (action === "pause" || action === "resume") return { action };
  throw new Fault("invalid", `a rule does not "${action.slice(0, 40)}"`, { hint: "Say pause or resume." });
}
