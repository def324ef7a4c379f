// What scorer code gets when it imports "tracebook"; contract.d.ts declares it.
import type { Evidence } from "../model/score.ts";

export { findFigures, toAsciiDigits, widenReading } from "./figures.ts";
export { canonicalJson, readJson } from "./json-value.ts";
export { schemaFaults } from "./schema-faults.ts";
export {
  editDistance,
  findCitations,
  isFields,
  jsonText,
  plainText,
  readArguments,
  readExpectedCalls,
  saidText,
  sentencesOf,
  toldText,
  wordsOf
} from "./scorer-text.ts";

interface VerdictOptions {
  readonly label?: string;
  readonly reason?: string;
  readonly evidence?: readonly Partial<Evidence>[];
}

/** What a scorer returns; read by `readVerdict`. */
export interface Verdict {
  readonly value: number | null;
  readonly pass: boolean | null;
  readonly label: string | null;
  readonly reason: string | null;
  readonly evidence: readonly Partial<Evidence>[];
}

/** Value 1, passed. */
export function pass(reason?: string, options: VerdictOptions = {}): Verdict {
  return {
    value: 1,
    pass: true,
    label: options.label ?? null,
    reason: reason ?? options.reason ?? null,
    evidence: options.evidence ?? []
  };
}

/** Value 0, failed. */
export function fail(reason: string, options: VerdictOptions = {}): Verdict {
  return { value: 0, pass: false, label: options.label ?? null, reason, evidence: options.evidence ?? [] };
}

/** A value from 0 to 1. */
export function score(value: number, options: VerdictOptions & { readonly pass?: boolean } = {}): Verdict {
  return {
    value,
    pass: options.pass ?? null,
    label: options.label ?? null,
    reason: options.reason ?? null,
    evidence: options.evidence ?? []
  };
}

/** No verdict. */
export function unscored(reason: string): Verdict {
  return { value: null, pass: null, label: null, reason, evidence: [] };
}

/** Declares a scorer. */
export function scorer<T>(spec: T): T {
  return spec;
}
