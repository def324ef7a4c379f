import { Fault } from "../model/fault.ts";
import {
  checkMaskRules,
  type MaskExpression,
  type MaskPattern,
  type MaskRules,
  type MaskVersion,
  noMaskRules
} from "../model/mask.ts";
import { integer, list, object, optional, record, text } from "./parse.ts";
import type { Names } from "./people.ts";

/** Where masking is asked for; routes lie at the same paths under `app/`. */
export const maskPaths = {
  /** GET MasksReply; PUT a MasksRequest: the MaskVersion. */
  masks: (unit: string) => `/api/units/${encodeURIComponent(unit)}/masking`,
  /** POST a MaskTrialRequest: MaskTrialReply. */
  trial: (unit: string) => `/api/units/${encodeURIComponent(unit)}/masking/trial`,
  /** POST a RevealRequest: RevealReply. */
  reveal: (traceId: string) => `/api/traces/${encodeURIComponent(traceId)}/reveal`,
  page: (unit: string) => `/units/${encodeURIComponent(unit)}/masking`
};

/** GET what a unit hides: every version, the newest first. */
export interface MasksReply {
  readonly versions: readonly MaskVersion[];
  /** Of those who set them. */
  readonly names: Names;
}

/** PUT rules. */
export interface MasksRequest {
  readonly rules: MaskRules;
  /** The newest version that the one who changes them has seen; 0 where there was none. */
  readonly version: number;
}

/** POST a text, to see what rules would hide in it. */
export interface MaskTrialRequest {
  readonly rules: MaskRules;
  readonly text: string;
}

/** The text as it would be shown. */
export interface MaskTrialReply {
  readonly text: string;
}

/** POST why something hidden has to be seen. */
export interface RevealRequest {
  /** In the words of the one who asks, 10 to 500 characters. */
  readonly purpose: string;
  /** One span with everything in it; null for the conversation of the whole trace. */
  readonly spanId: string | null;
}

/** Longest text that rules are tried on, in characters. */
export const longestTrial = 20_000;

/** @throws Fault `invalid` */
export function parseMasksRequest(body: unknown): MasksRequest {
  const fields = object(body, "the rules");
  return { rules: parseRules(record(fields, "rules")), version: integer(fields, "version") };
}

/** @throws Fault `invalid` */
export function parseMaskTrialRequest(body: unknown): MaskTrialRequest {
  const fields = object(body, "the trial");
  const tried = text(fields, "text");
  if (tried.length > longestTrial) {
    throw new Fault("limit", `rules are tried on ${longestTrial.toLocaleString("en-US")} characters at most`);
  }
  return { rules: parseRules(record(fields, "rules")), text: tried };
}

/** @throws Fault `invalid` */
export function parseRevealRequest(body: unknown): RevealRequest {
  const fields = object(body, "what is to be revealed");
  const purpose = text(fields, "purpose").trim();
  if (purpose.length < 10 || purpose.length > 500) {
    throw new Fault("invalid", `the purpose has ${purpose.length} characters, not 10 to 500`, {
      hint: "Say why it has to be seen, as an auditor should read it."
    });
  }
  return { purpose, spanId: optional(fields, "spanId", text) ?? null };
}

function parseRules(fields: Readonly<Record<string, unknown>>): MaskRules {
  const texts = (name: "patterns" | "fields") =>
    (optional(fields, name, list) ?? []).map((value) => {
      if (typeof value === "string") return value;
      throw new Fault("invalid", `"${name}" is not a list of texts`);
    });
  const expressions = (optional(fields, "expressions", list) ?? noMaskRules.expressions).map(
    (value): MaskExpression => {
      const expression = object(value, "an expression");
      return { name: text(expression, "name"), pattern: text(expression, "pattern") };
    }
  );
  return checkMaskRules({
    patterns: texts("patterns") as readonly MaskPattern[],
    expressions,
    fields: texts("fields")
  });
}
