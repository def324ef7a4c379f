import { Fault } from "#lib/model/fault.ts";
import { cannotJudge, type JudgeLabel, type JudgeSpec, type TracePart, traceParts } from "#lib/model/judge.ts";
import { dollarsAt, textAt } from "./cell-settings.ts";
import { parseYamlMap, refuseUnknownKeys, type YamlMap } from "./yaml-map.ts";

/** An example as a judge cell writes it out. */
export interface WrittenExample {
  /** Stands for the trace. */
  readonly text: string;
  readonly label: string;
  readonly reason: string;
}

/** What a judge cell says. */
export interface JudgeSettings extends JudgeSpec {
  /** A table with `trace_id`, `label` and `reason`, or examples that are written out. */
  readonly examples: string | readonly WrittenExample[];
  /** The one model that it may ask; null for the one that is configured. */
  readonly model: string | null;
  /** What the verdicts of one score cell may cost, US dollars; null where nobody said. */
  readonly budgetUsd: number | null;
}

/** Examples at most that one question shows. */
export const mostExamples = 8;

const [mostCriterion, mostLabels, mostText] = [4000, 20, 4000];
const keys = ["criterion", "labels", "passes", "sees", "examples", "model", "budget_usd"];
const plainLabels = { pass: "The criterion holds.", fail: "The criterion does not hold." };

/** @throws Fault `invalid` with the position in the cell */
export function parseJudgeSettings(text: string): JudgeSettings {
  const map = parseYamlMap(text, 1, "the judge cell");
  refuseUnknownKeys(map, keys, [], "a judge cell");
  const criterion = textAt(map, "criterion", null);
  if (criterion.length > mostCriterion)
    refuse(map, "criterion", `"criterion" has ${criterion.length} characters, more than ${mostCriterion}`);
  const labels = labelsAt(map);
  return {
    criterion,
    labels,
    sees: seesAt(map),
    examples: examplesAt(map, labels),
    model: (map.values["model"] ?? null) === null ? null : textAt(map, "model", null),
    budgetUsd: dollarsAt(map, "budget_usd")
  };
}

function labelsAt(map: YamlMap): readonly JudgeLabel[] {
  const value = map.values["labels"] ?? plainLabels;
  const hint = "Write a line for each, such as good: It answers what was asked.";
  if (!isFields(value)) return refuse(map, "labels", '"labels" does not say what each label means', hint);
  const names = Object.keys(value);
  if (names.length < 2 || names.length > mostLabels)
    refuse(map, "labels", `a judge has ${names.length} labels, not from 2 to ${mostLabels}`, hint);
  const passes = passesAt(map, names);
  return names.map((name) => {
    const meaning = value[name];
    if (typeof meaning !== "string" || meaning.trim() === "")
      refuse(map, "labels", `the label "${name}" does not say what it means`, hint);
    if (name.length > 60 || name !== name.trim() || name === "")
      refuse(map, "labels", `"${name.slice(0, 60)}" cannot be a label`, "A label has from 1 to 60 characters.");
    if (name === cannotJudge)
      refuse(map, "labels", `"${name}" has a meaning of its own`, "A judge says it where no label holds.");
    return { name, meaning: String(meaning).trim(), pass: passes.includes(name) };
  });
}

function passesAt(map: YamlMap, names: readonly string[]): readonly string[] {
  const value = map.values["passes"] ?? null;
  const hint = `Write passes: [${names[0]}].`;
  if (value === null) {
    if (names.includes("pass")) return ["pass"];
    return refuse(map, "labels", "the judge does not say which labels are passes", hint);
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const stranger = list.find((label) => !names.includes(String(label)));
  if (stranger !== undefined)
    refuse(map, "passes", `"passes" names ${JSON.stringify(stranger)}, which is no label of the judge`, hint);
  if (list.length === 0 || list.length >= names.length)
    refuse(map, "passes", "some labels of a judge are passes and some are not", hint);
  return list.map(String);
}

function seesAt(map: YamlMap): readonly TracePart[] {
  const value = map.values["sees"] ?? "conversation";
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const isPart = (part: unknown): part is TracePart => (traceParts as readonly unknown[]).includes(part);
  const stranger = list.find((part) => !isPart(part));
  const hint = `It can see ${traceParts.join(", ")}.`;
  if (stranger !== undefined) refuse(map, "sees", `a judge cannot see ${JSON.stringify(stranger)}`, hint);
  if (list.length === 0) refuse(map, "sees", "the judge sees nothing", hint);
  return traceParts.filter((part) => list.includes(part));
}

function examplesAt(map: YamlMap, labels: readonly JudgeLabel[]): JudgeSettings["examples"] {
  const value = map.values["examples"] ?? [];
  if (typeof value === "string") return textAt(map, "examples", null);
  const hint = "Name a table with trace_id, label and reason, or list text, label and reason of each.";
  if (!Array.isArray(value)) return refuse(map, "examples", '"examples" is no table and no list', hint);
  if (value.length > mostExamples)
    refuse(map, "examples", `a judge has ${value.length} examples, more than ${mostExamples}`);
  return value.map((item: unknown, at): WrittenExample => {
    const { text, label, reason = "" } = isFields(item) ? item : {};
    if (typeof text !== "string" || typeof label !== "string" || typeof reason !== "string" || text.trim() === "")
      return refuse(map, "examples", `example ${at + 1} has no text and label`, hint);
    if (text.length > mostText || reason.length > mostText)
      refuse(map, "examples", `example ${at + 1} is longer than ${mostText} characters`);
    if (!labels.some(({ name }) => name === label))
      refuse(map, "examples", `example ${at + 1} has the label "${label}", which is none of the judge's`);
    return { text: text.trim(), label, reason: reason.trim() };
  });
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(map: YamlMap, key: string, message: string, hint?: string): never {
  throw new Fault("invalid", message, { ...(hint === undefined ? {} : { hint }), position: map.position(key) });
}
