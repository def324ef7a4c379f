import type { LabelDesign } from "#lib/model/calibration.ts";
import { Fault } from "#lib/model/fault.ts";
import { textAt } from "./cell-settings.ts";
import { parseYamlMap, refuseUnknownKeys, type YamlMap } from "./yaml-map.ts";

/** What a calibration cell says. */
export interface CalibrationSettings {
  /** Table of the scorer's verdicts: `trace_id` and `pass`, or `value`. */
  readonly scores: string;
  /** The scorer, where the table has those of several; null takes all rows. */
  readonly scorer: string | null;
  /** Values from here on are passes where the table has no `pass`. */
  readonly threshold: number;
  /** Table of what people said: `trace_id` and `pass`, or `label`, or `value`; several rows of a trace are several people. */
  readonly labels: string;
  /** Labels that are passes, where the table has no `pass`. */
  readonly passes: readonly string[];
  /** Column of the labels whose traces are alike and are drawn together; each trace by itself when null. */
  readonly by: string | null;
  readonly design: LabelDesign;
}

const keys = ["scores", "scorer", "threshold", "labels", "passes", "by", "design"];

/** @throws Fault `invalid` with the position in the cell */
export function parseCalibrationSettings(text: string): CalibrationSettings {
  const map = parseYamlMap(text, 1, "the calibration cell");
  refuseUnknownKeys(map, keys, [], "a calibration cell");
  const optional = (key: string) => ((map.values[key] ?? null) === null ? null : textAt(map, key, null));
  return {
    scores: textAt(map, "scores", null),
    scorer: optional("scorer"),
    threshold: thresholdAt(map),
    labels: textAt(map, "labels", null),
    passes: passesAt(map),
    by: optional("by"),
    design: designAt(map)
  };
}

function thresholdAt(map: YamlMap): number {
  const value = map.values["threshold"] ?? 0.5;
  if (typeof value === "number" && value >= 0 && value <= 1) return value;
  throw new Fault("invalid", `"threshold" is ${JSON.stringify(value)}, not a number from 0 to 1`, {
    position: map.position("threshold")
  });
}

function passesAt(map: YamlMap): readonly string[] {
  const value = map.values["passes"] ?? [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((label) => typeof label === "string" && label.trim() !== "")) return list as readonly string[];
  throw new Fault("invalid", '"passes" is no list of labels', {
    hint: "Write passes: [good, acceptable].",
    position: map.position("passes")
  });
}

function designAt(map: YamlMap): LabelDesign {
  const value = map.values["design"] ?? "chosen";
  if (value === "random" || value === "balanced" || value === "chosen") return value;
  throw new Fault("invalid", `"design" is ${JSON.stringify(value)}`, {
    hint: "Write design: random for a sample drawn by chance, balanced for as many passes as fails, or chosen.",
    position: map.position("design")
  });
}
