import type { Json } from "../model/span.ts";
import { parseChatMessage } from "./chat-message.ts";
import { buildEnvironmentScore } from "./environment-score.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, numberAt, parseInstantNs, textAt } from "./fields.ts";
import type { ImportContext, Imported } from "./imported.ts";
import { buildRunSpans, type ChatTurn } from "./run-spans.ts";

/** What stands once at the head of a tau2 file and holds for all its simulations. */
export interface Tau2Head {
  readonly agent: string;
  readonly model: string | null;
  readonly policy: string | null;
  readonly toolDefinitions: Json;
}

/** @param info  the `info` object, or anything: what is missing stays unknown */
export function parseTau2Head(info: unknown, fallbackAgent: string): Tau2Head {
  const fields = isFields(info) ? info : {};
  const environment = fieldsAt(fields, "environment_info");
  const agentInfo = fieldsAt(fields, "agent_info");
  return {
    agent: textAt(environment, "domain_name") ?? fallbackAgent,
    model: textAt(agentInfo, "llm"),
    policy: textAt(environment, "policy"),
    toolDefinitions: asJson(environment.tool_defs)
  };
}

/** True for one simulation of a tau2 file; a sample of an evaluation has messages too, and an epoch. */
export function isTau2Simulation(value: unknown): value is Fields {
  return isFields(value) && Array.isArray(value.messages) && !("epoch" in value);
}

/** One simulation: messages with times, usage and cost, the simulated user's tool calls among them. */
export function parseTau2Simulation(simulation: Fields, head: Tau2Head, context: ImportContext): Imported {
  const turns = listAt(simulation, "messages")
    .flatMap((message) =>
      isFields(message) && Array.isArray(message.tool_messages) ? message.tool_messages : [message]
    )
    .map(parseChatMessage)
    .filter((turn): turn is ChatTurn => turn !== null);
  const id = textAt(simulation, "id") ?? textAt(simulation, "task_id") ?? "unknown";
  if (turns.length === 0) return { spans: [], scores: [], rejected: [`the simulation ${id} holds no messages`] };
  const rewardInfo = fieldsAt(simulation, "reward_info");
  const attributes: Record<string, Json> = { "tau.task_id": asJson(simulation.task_id) };
  for (const name of ["trial", "seed", "termination_reason", "agent_cost", "user_cost"]) {
    if (simulation[name] !== undefined) attributes[`tau.${name}`] = asJson(simulation[name]);
  }
  const spans = buildRunSpans({
    identity: `tau2/${context.businessUnit}/${JSON.stringify(simulation)}`,
    source: "tau2",
    businessUnit: context.businessUnit,
    agent: head.agent,
    model: head.model,
    sessionId: null,
    environment: context.environment,
    startNs: parseInstantNs(textAt(simulation, "start_time")),
    endNs: parseInstantNs(textAt(simulation, "end_time")),
    systemText: head.policy,
    toolDefinitions: head.toolDefinitions,
    isFailed: /error/i.test(textAt(simulation, "termination_reason") ?? ""),
    attributes,
    turns
  });
  return {
    spans,
    scores: buildEnvironmentScore(numberAt(rewardInfo, "reward"), "reward", spans, context, asJson(rewardInfo)),
    rejected: []
  };
}
