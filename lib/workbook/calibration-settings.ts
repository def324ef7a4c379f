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
  /** The test set that the labels are: each version of a scorer is measured on it once. Null for labels that may be looked at freely. */
  readonly test: string | null;
  /** Of the scorer, once it is done and the test set is to be looked at; null before. */
  readonly version: string | null;
}

const keys = ["scores", "scorer", "threshold", "labels", "passes", "by", "design", "test", "version"];

const mostTestName = 200;

/** @throws Fault `invalid` with the position in the cell */
export function parseCalibrationSettings(text: string): CalibrationSettings {
  const map = parseYamlMap(text, 1, "the calibration cell");
  refuseUnknownKeys(map, keys, [], "a calibration cell");
  return {
    scores: textAt(map, "scores", null),
    scorer: optionalAt(map, "scorer"),
    threshold: thresholdAt(map),
    labels: textAt(map, "labels", null),
    passes: passesAt(map),
    by: optionalAt(map, "by"),
    design: designAt(map),
    ...testAt(map)
  };
}

function testAt(map: YamlMap): Pick<CalibrationSettings, "test" | "version"> {
  const [test, version] = [optionalAt(map, "test"), optionalAt(map, "version")];
  if (test !== null && test.length > mostTestName) {
    throw new Fault("invalid", `"test" has ${test.length} characters, more than ${mostTestName}`, {
      position: map.position("test")
    });
  }
  if (test !== null || version === null) return { test, version };
  throw new Fault("invalid", "the cell names a version of a scorer, but no test set to look at with it", {
    hint: "Write test: and a name for these labels, or leave version: out.",
    position: map.position("version")
  });
}

function optionalAt(map: YamlMap, key: string): string | null {
  return (map.values[key] ?? null) === null ? null : textAt(map, key, null);
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
