import type { Rubric } from "../model/rubric.ts";
import { boolean, integer, list, object, optional, text } from "./parse.ts";

/** PUT a rubric in place of the version that one saw. */
export interface RubricRequest {
  readonly baseVersion: number;
  readonly rubric: Rubric;
}

/** @throws Fault `invalid` naming the field */
export function parseRubricRequest(body: unknown): RubricRequest {
  const fields = object(body, "the rubric");
  return { baseVersion: integer(fields, "baseVersion"), rubric: parseRubric(fields["rubric"]) };
}

/** A rubric as it is sent. @throws Fault `invalid` naming the field */
export function parseRubric(value: unknown): Rubric {
  const fields = object(value, `"rubric"`);
  return {
    labels: list(fields, "labels").map((label) => {
      const part = object(label, "a label");
      return { name: text(part, "name"), meaning: text(part, "meaning"), hotkey: text(part, "hotkey") };
    }),
    scales: (optional(fields, "scales", list) ?? []).map((scale) => {
      const part = object(scale, "a scale");
      return {
        ...{ name: text(part, "name"), meaning: text(part, "meaning"), hotkey: text(part, "hotkey") },
        ...{ low: integer(part, "low"), high: integer(part, "high") }
      };
    }),
    fields: (optional(fields, "fields", list) ?? []).map((field) => {
      const part = object(field, "a field");
      return { name: text(part, "name"), hotkey: text(part, "hotkey"), isRequired: boolean(part, "isRequired") };
    }),
    needsJustification: boolean(fields, "needsJustification"),
    hasFreeText: boolean(fields, "hasFreeText")
  };
}
