import { expressionWeight } from "./expression-weight.ts";
import { Fault } from "./fault.ts";
import type { BusinessUnit } from "./scope.ts";

/** What stands where something is hidden. It has no letters, so that it is no word of a search or of a map. */
export const maskMark = "▮▮▮";

/** Personal data that can be told by its form, and by its checksum where it has one. */
export const maskPatterns = ["email", "phone", "card", "iban", "ssn", "ip"] as const;

export type MaskPattern = (typeof maskPatterns)[number];

/** A regular expression of a unit's own, as the engine takes it (RE2). */
export interface MaskExpression {
  readonly name: string;
  readonly pattern: string;
}

/** What a business unit hides from everyone who reads its traces. */
export interface MaskRules {
  readonly patterns: readonly MaskPattern[];
  readonly expressions: readonly MaskExpression[];
  /** A column of `spans`, or a key in one that holds JSON: `user_id`, `attributes.customer.email`. */
  readonly fields: readonly string[];
}

/** One version of the rules of a unit. */
export interface MaskVersion {
  readonly businessUnit: BusinessUnit;
  /** From 1. */
  readonly version: number;
  readonly rules: MaskRules;
  readonly userId: string;
  readonly setAtMs: number;
}

/** Rules that are in force, and the secret by which hidden names of people and sessions stay apart. */
export interface UnitMask extends MaskVersion {
  readonly salt: string;
}

/** No rules: nothing is hidden. */
export const noMaskRules: MaskRules = { patterns: [], expressions: [], fields: [] };

/** Whether rules hide anything at all. */
export function hidesAnything({ patterns, expressions, fields }: MaskRules): boolean {
  return patterns.length + expressions.length + fields.length > 0;
}

/** Columns of `spans` whose values are objects of JSON, in which a rule may name a key. */
const keyedColumns = ["attributes", "resource", "tool_args", "tool_result"] as const;

/** Columns of `spans` that a rule may hide. */
export const hideableColumns = [
  ...keyedColumns,
  ...["input", "output", "user_id", "session_id", "system_instructions", "tool_definitions", "retrieval_query"],
  ...["retrieved_docs", "status_message", "error_type", "events", "links", "name", "agent", "agent_id"]
] as const;

/** A field as a rule names it. */
export interface MaskField {
  readonly column: string;
  /** Keys from the outside in; empty for the whole column. */
  readonly keys: readonly string[];
}

/** @throws Fault `invalid` for a field that there is not */
export function parseMaskField(field: string): MaskField {
  const [column = "", ...keys] = field.trim().split(".");
  if (!(hideableColumns as readonly string[]).includes(column)) {
    throw new Fault("invalid", `"${field.slice(0, 80)}" is no field that can be hidden`, {
      hint: `Name a column of spans, such as ${hideableColumns.slice(4, 8).join(", ")}, or a key: attributes.customer.email`
    });
  }
  if (keys.length === 0) return { column, keys };
  if (!(keyedColumns as readonly string[]).includes(column)) {
    throw new Fault("invalid", `no key of ${column} can be hidden, only all of it`, {
      hint: `Keys can be named in ${keyedColumns.join(", ")}.`
    });
  }
  if (keys.some((key) => !/^[^"\\]{1,200}$/.test(key)) || keys.length > 12) {
    throw new Fault("invalid", `"${field.slice(0, 80)}" names no key`, { hint: "As in attributes.customer.email" });
  }
  return { column, keys };
}

const [mostExpressions, mostFields, longestPattern, longestName] = [30, 60, 500, 60];
/** Weight of all expressions of a unit; far above it every question of the unit takes seconds to prepare alone. */
const mostWeight = 3000;

/**
 * Rules as they are kept: each once and without blanks around it. Whether the engine takes the expressions is for
 * the engine to say.
 *
 * @throws Fault `invalid`
 */
export function checkMaskRules(rules: MaskRules): MaskRules {
  const expressions = rules.expressions.map(({ name, pattern }) => ({ name: name.trim(), pattern }));
  if (expressions.length > mostExpressions || rules.fields.length > mostFields) {
    throw new Fault("invalid", `a unit has at most ${mostExpressions} expressions and ${mostFields} fields`);
  }
  for (const { name, pattern } of expressions) {
    if (name === "" || name.length > longestName) {
      throw new Fault("invalid", `an expression has a name of 1 to ${longestName} characters`, {
        hint: "Say what it hides, such as customer number."
      });
    }
    if (pattern === "" || pattern.length > longestPattern || pattern.includes("\0")) {
      throw new Fault(
        "invalid",
        `the expression "${name}" has ${pattern.length} characters, not 1 to ${longestPattern}`
      );
    }
    if (expressions.filter((other) => other.name === name).length > 1) {
      throw new Fault("invalid", `two expressions are named "${name}"`, { hint: "Give each its own name." });
    }
  }
  const weights = expressions.map(({ pattern }) => expressionWeight(pattern));
  const weight = weights.reduce((sum, each) => sum + each, 0);
  if (weight > mostWeight) {
    const { name } = expressions[weights.indexOf(Math.max(...weights))]!;
    const own = Math.max(...weights).toLocaleString("en-US");
    throw new Fault(
      "invalid",
      `the expressions are too much to look for in every text: "${name}" alone weighs ${own}, and all may weigh ${mostWeight.toLocaleString("en-US")}`,
      { hint: "Repeat less, as in {1,20} for {1,500}, and name few characters, as in [A-Z] for \\p{L}." }
    );
  }
  const unknown = rules.patterns.find((pattern) => !maskPatterns.includes(pattern));
  if (unknown !== undefined) throw new Fault("invalid", `there is no pattern "${String(unknown).slice(0, 40)}"`);
  const fields = [...new Set(rules.fields.map((field) => field.trim()).filter((field) => field !== ""))];
  for (const field of fields) parseMaskField(field);
  return { patterns: maskPatterns.filter((pattern) => rules.patterns.includes(pattern)), expressions, fields };
}

/**
 * Masked text cannot take the place of what it hides.
 *
 * @param what  what the text would become, as `a corrected output`
 * @throws Fault `invalid` where the text bears the mark
 */
export function refuseMasked(text: string | null | undefined, what: string): void {
  if (!text?.includes(maskMark)) return;
  throw new Fault("invalid", `${what} cannot hold ${maskMark}: something is hidden there, and it would be lost`, {
    hint: "Write what should stand there in other words, or leave it out."
  });
}

/** One text per set of rules in force: equal texts hide the same. Empty where nothing is hidden. */
export function maskKey(masks: readonly MaskVersion[]): string {
  return masks
    .map(({ businessUnit, version }) => `${businessUnit}@${version}`)
    .sort()
    .join(",");
}
