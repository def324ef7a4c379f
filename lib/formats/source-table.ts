import type { Json } from "../model/span.ts";
import { decodeJson } from "./decode-json.ts";
import { asJson, type Fields, isFields } from "./fields.ts";
import type { FieldLoss } from "./imported.ts";

/** How the fields of a source's rows are told in the vocabulary of attributes, which the rules then read. */
export interface SourceTable {
  /** Before the names of fields that have no better name. */
  readonly prefix: string;
  /** Fields whose own fields are looked at one by one; with dots for fields within fields. */
  readonly containers: readonly string[];
  /** The attribute that a field becomes. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Fields that the importer reads itself: ids, times, names. */
  readonly read: readonly string[];
  /** Fields that are not carried over: they repeat others, or mean nothing outside the source. */
  readonly dropped: readonly string[];
}

/** A row in the vocabulary of attributes, and what no column will hold. */
export interface RewrittenRow {
  readonly attributes: Record<string, Json>;
  readonly losses: readonly FieldLoss[];
}

/** Rewrites a row. Fields that are empty count as absent; fields that no table knows become attributes. */
export function rewriteRow(row: Fields, table: SourceTable): RewrittenRow {
  const attributes: Record<string, Json> = {};
  const losses: FieldLoss[] = [];
  const visit = (fields: Fields, path: string): void => {
    for (const [name, value] of Object.entries(fields)) {
      const field = path === "" ? name : `${path}.${name}`;
      if (table.read.includes(field) || isEmpty(value)) continue;
      const target = table.attributes[field];
      // Tables of files hold as a text of JSON what an API gives as an object.
      const inner = table.containers.includes(field) ? decodeJson(asJson(value)) : null;
      if (isFields(inner)) visit(inner, field);
      else if (table.dropped.includes(field)) losses.push({ field, fate: "dropped", count: 1 });
      else if (target !== undefined) attributes[target] ??= asJson(value);
      else {
        attributes[`${table.prefix}.${field}`] = asJson(value);
        losses.push({ field, fate: "attribute", count: 1 });
      }
    }
  };
  visit(row, "");
  return { attributes, losses };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
