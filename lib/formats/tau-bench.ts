import type { Json } from "../model/span.ts";
import { parseChatMessage } from "./chat-message.ts";
import { buildEnvironmentScore } from "./environment-score.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildRunSpans, type ChatTurn } from "./run-spans.ts";

/** True for one record of a tau-bench list: a trajectory in chat form with what it was worth. */
export function isTauBenchRun(value: unknown): value is Fields {
  return isFields(value) && Array.isArray(value.traj);
}

/**
 * One run of a tau-bench list `[{task_id, trial, reward, info, traj}]`.
 *
 * @param agent  name of the agent, which the format does not give
 */
export function parseTauBenchRun(run: Fields, agent: string, context: ImportContext): Imported {
  const turns = listAt(run, "traj")
    .map(parseChatMessage)
    .filter((turn): turn is ChatTurn => turn !== null);
  const taskId = textAt(run, "task_id") ?? "unknown";
  if (turns.length === 0) return { spans: [], scores: [], rejected: [`the run of task ${taskId} holds no messages`] };
  const info = fieldsAt(run, "info");
  const attributes: Record<string, Json> = { "tau.task_id": taskId, "tau.trial": asJson(run.trial) };
  if (isFields(info.task)) attributes["tau.task"] = asJson(info.task);
  if (isFields(info.reward_info)) attributes["tau.reward_info"] = asJson(info.reward_info);
  const reward = numberAt(run, "reward");
  const spans = buildRunSpans({
    identity: `tau-bench/${context.businessUnit}/${JSON.stringify(run)}`,
    source: "tau-bench",
    businessUnit: context.businessUnit,
    agent,
    model: null,
    sessionId: null,
    environment: context.environment,
    startNs: null,
    endNs: null,
    systemText: turns.find(({ role }) => role === "system")?.text ?? null,
    toolDefinitions: null,
    isFailed: false,
    attributes,
    turns
  });
  const userCost = numberAt(info, "user_cost");
  return {
    spans,
    scores: buildEnvironmentScore(reward, "reward", spans, context, { task_id: taskId, reward, user_cost: userCost }),
    rejected: []
  };
}
