import type { RunJudgement } from "../model/annotation.ts";
import { countAt, type Fields, fieldsAt, isFields, listAt, textAt } from "./fields.ts";
import type { FieldLoss, ImportContext, Imported } from "./imported.ts";
import { holdsSomething } from "./json-text.ts";

/** True for what people said of one run of AgentRx: its failures, each with the step it began at. */
export function isAgentRxTruth(value: Fields): boolean {
  return value.trajectory_id !== undefined && Array.isArray(value.failures);
}

const readOfFailure = [
  "failure_id",
  "failure_category",
  "step_number",
  "step_reason",
  "category_reason",
  "failed_agent"
];

/** Fields that say something and are not read. */
function listLosses(path: string, value: unknown, read: readonly string[]): readonly FieldLoss[] {
  return Object.entries(isFields(value) ? value : {}).flatMap(([name, found]) =>
    read.includes(name) || !holdsSomething(found) ? [] : [{ field: `${path}${name}`, fate: "dropped", count: 1 }]
  );
}

/** The failures of one run as judgements. The run and its steps are named as AgentRx names them, so they are looked up. */
export function parseAgentRxTruth(truth: Fields, context: ImportContext): Imported {
  const run = textAt(truth, "trajectory_id");
  if (run === null) return { spans: [], scores: [], rejected: ["failures of a run without a trajectory_id"] };
  const judgements: RunJudgement[] = [];
  const rejected: string[] = [];
  const rootCause = fieldsAt(truth, "root_cause");
  for (const [index, failure] of listAt(truth, "failures").entries()) {
    const label = isFields(failure) ? textAt(failure, "failure_category") : null;
    if (!isFields(failure) || !label) {
      rejected.push(`failure ${index + 1} of run ${run} has no failure_category`);
      continue;
    }
    const key = textAt(failure, "failure_id") ?? String(index + 1);
    const isRoot = textAt(rootCause, "failure_id") === key;
    const agent = textAt(failure, "failed_agent");
    const notes = [
      textAt(failure, "step_reason"),
      textAt(failure, "category_reason"),
      isRoot ? `Root cause: ${textAt(rootCause, "reason_for_root_cause") ?? "no reason given"}` : null,
      agent === null ? null : `Failed: ${agent}`
    ];
    judgements.push({
      businessUnit: context.businessUnit,
      source: "agentrx",
      run,
      step: countAt(failure, "step_number"),
      key,
      atMs: context.nowMs,
      said: {
        kind: "annotation",
        label,
        note: notes.filter((note) => note !== null && note !== "").join("\n\n"),
        rater: null
      }
    });
  }
  const losses = [
    ...listLosses("", truth, ["trajectory_id", "failures", "root_cause"]),
    ...listLosses("root_cause.", rootCause, ["failure_id", "reason_for_root_cause"]),
    ...listAt(truth, "failures").flatMap((failure) => listLosses("failures.", failure, readOfFailure))
  ];
  return { spans: [], scores: [], rejected, losses, judgements };
}
