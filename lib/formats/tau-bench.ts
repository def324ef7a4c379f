import type { Json } from "../model/span.ts";
import { parseChatMessage } from "./chat-message.ts";
import { buildEnvironmentScore } from "./environment-score.ts";
import { asJson, countAt, type Fields, fieldsAt, isFields, listAt, numberAt, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildRunSpans, type ChatTurn } from "./run-spans.ts";

/** True for one record of a tau-bench list: a trajectory in chat form with what it was worth. */
export function isTauBenchRun(value: Fields): boolean {
  return Array.isArray(value.traj) && !isAgentRxRun(value);
}

/**
 * True for a run of AgentRx, which is one of tau-bench with a field `records`, or with numbers on its messages: its
 * steps are judged in a file beside.
 */
export function isAgentRxRun(value: Fields): boolean {
  const [first] = listAt(value, "traj");
  return Array.isArray(value.traj) && (isFields(value.records) || (isFields(first) && Number.isInteger(first.index)));
}

/**
 * One run of a tau-bench list `[{task_id, trial, reward, info, traj}]`. The spans of one of AgentRx say which
 * messages they hold, counted from 1 with the system's, so that judgements find them.
 *
 * @param agent  name of the agent, which the format does not give
 */
export function parseTauBenchRun(run: Fields, agent: string, context: ImportContext): Imported {
  const numbered = listAt(run, "traj")
    .map((message, index) => [parseChatMessage(message), numberOf(message) ?? index + 1] as const)
    .filter((item): item is readonly [ChatTurn, number] => item[0] !== null);
  const turns = numbered.map(([turn]) => turn);
  const taskId = textAt(run, "task_id") ?? "unknown";
  if (turns.length === 0) return { spans: [], scores: [], rejected: [`the run of task ${taskId} holds no messages`] };
  const info = fieldsAt(run, "info");
  const attributes: Record<string, Json> = { "tau.task_id": taskId };
  if (run.trial !== undefined) attributes["tau.trial"] = asJson(run.trial);
  if (isFields(info.task)) attributes["tau.task"] = asJson(info.task);
  if (isFields(info.reward_info)) attributes["tau.reward_info"] = asJson(info.reward_info);
  const reward = numberAt(run, "reward");
  const spans = buildRunSpans({
    identity: `tau-bench/${context.businessUnit}/${JSON.stringify(run)}`,
    source: isAgentRxRun(run) ? "agentrx" : "tau-bench",
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
    turns,
    ...(isAgentRxRun(run) ? { steps: numbered.map(([, step]) => step) } : {})
  });
  const userCost = numberAt(info, "user_cost");
  return {
    spans,
    scores: buildEnvironmentScore(reward, "reward", spans, context, { task_id: taskId, reward, user_cost: userCost }),
    rejected: []
  };
}

const numberOf = (message: unknown): number | null => (isFields(message) ? countAt(message, "index") : null);
