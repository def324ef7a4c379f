import { type ColumnMapping, type ColumnUse, checkMapping, parseTarget } from "../formats/column-mapping.ts";
import type { FieldLoss } from "../formats/imported.ts";
import type { ImportFormat } from "../formats/record-formats.ts";
import { Fault, type FaultReport } from "../model/fault.ts";
import { isBusinessUnit } from "../model/scope.ts";
import { type Fields, object, optional, text } from "./parse.ts";

/** Bounds on what one import of the page may bring; it shows them. */
export const uploadLimits = {
  /** Of all files of one import together. */
  bytes: 4 * 2 ** 30,
  files: 1000
} as const;

/** POST /api/import */
export interface UploadReply {
  readonly uploadId: string;
  /** Units that may be imported into. */
  readonly businessUnits: readonly string[];
  /** Whether a unit that there is not yet may be named. */
  readonly mayName: boolean;
}

/** A column of what is to be imported. */
export interface PreviewColumn {
  readonly name: string;
  /** Of the records that were looked at, those with a value. */
  readonly filled: number;
  /** First values, clipped. */
  readonly samples: readonly string[];
}

/** A trace as it would be. */
export interface PreviewTrace {
  readonly traceId: string;
  readonly name: string;
  readonly agent: string | null;
  readonly model: string | null;
  readonly startedAtMs: number;
  readonly timesSynthesised: boolean;
  readonly spans: number;
  /** First 300 characters. */
  readonly input: string | null;
  readonly output: string | null;
  /** Verdicts and labels: `helpful 0.75`, `intent refund`. */
  readonly verdicts: readonly string[];
}

/** What an import would do, told from the first records. */
export interface PreviewReply {
  readonly files: readonly { readonly name: string; readonly format: ImportFormat | "columns" | null }[];
  /** Files in all; not all are looked at. */
  readonly fileCount: number;
  readonly records: number;
  /** Whether these are all records. */
  readonly isAll: boolean;
  /** Of records that are of no known format, or that the given mapping claims; empty where there are none. */
  readonly columns: readonly PreviewColumn[];
  /** As given, or as it seems to be; `reason` stands beside what would be guessed. */
  readonly mapping: readonly (ColumnUse & { readonly reason: string | null })[];
  /** True where records are of no known format, and none of their columns are given a meaning yet. */
  readonly needsMapping: boolean;
  readonly traces: readonly PreviewTrace[];
  /** Sentences about what is decided on the way: units of time, ids that are derived. */
  readonly notes: readonly string[];
  readonly losses: readonly FieldLoss[];
  readonly rejected: number;
  readonly reasons: readonly string[];
}

/** What is asked of uploaded files: to preview or to import them. */
export interface ImportAsked {
  readonly businessUnit: string;
  readonly environment: string | null;
  readonly mapping: ColumnMapping | null;
}

/** A line of the answer to an import that is under way. */
export type ImportEvent =
  | { readonly kind: "progress"; readonly share: number; readonly traces: number; readonly spans: number }
  | {
      readonly kind: "done";
      readonly summary: {
        readonly traces: number;
        readonly spans: number;
        readonly spansAdded: number;
        readonly spansReplaced: number;
        readonly spansUnchanged: number;
        readonly scores: number;
        /** What people said of the traces. */
        readonly annotations: number;
        readonly rejected: number;
        readonly reasons: readonly string[];
        readonly losses: readonly FieldLoss[];
        /** Starts of the first and the last span, ms since 1970; null where none came in. */
        readonly startsMs: readonly [number, number] | null;
        /** Sentences about what was noticed on the way, such as spans that end before they start. */
        readonly notes: readonly string[];
      };
    }
  | { readonly kind: "fault"; readonly fault: FaultReport };

/** @throws Fault `invalid` */
export function parseImportAsked(value: unknown): ImportAsked {
  const fields = object(value, "the request");
  const businessUnit = text(fields, "businessUnit");
  if (!isBusinessUnit(businessUnit)) {
    throw new Fault("invalid", `"${businessUnit.slice(0, 80)}" cannot be a business unit`, {
      hint: "Use 1 to 63 lower-case letters, digits and dashes."
    });
  }
  return {
    businessUnit,
    environment: optional(fields, "environment", text) || null,
    mapping: optional(fields, "mapping", parseMapping) ?? null
  };
}

function parseMapping(fields: Fields, name: string): ColumnMapping {
  const list = fields[name];
  if (!Array.isArray(list)) throw new Fault("invalid", `"${name}" is not a list`);
  return checkMapping(
    list.map((item: unknown) => {
      const use = object(item, "a column of the mapping");
      const range = optional(use, "range", parseRange) ?? null;
      return { target: parseTarget(text(use, "target")), column: text(use, "column"), range };
    })
  );
}

function parseRange(fields: Fields, name: string): readonly [number, number] {
  const [low, high] = Array.isArray(fields[name]) ? (fields[name] as readonly unknown[]) : [];
  if (typeof low !== "number" || typeof high !== "number")
    throw new Fault("invalid", `"${name}" is not a list of two numbers`);
  return [low, high];
}
