import { Fault } from "../model/fault.ts";
import type { Json } from "../model/span.ts";
import { findChatMessage, messageText } from "./chat-message.ts";
import { buildRunTrace, type MessageFacts } from "./chat-run.ts";
import { traceIdOf } from "./identity.ts";
import type { ImportContext, ImportedTraces } from "./imported-trace.ts";
import { parseIsoNs } from "./instant.ts";
import { findCount, findNumber, findObject, findText, findWord, type JsonObject } from "./json-value.ts";

/** What a tau2 file says once for all its simulations. */
export interface Tau2Head {
  readonly info: JsonObject | null;
  /** The ticket of a task, by task id; only tasks that have one. */
  readonly tickets: ReadonlyMap<string, string>;
}

/**
 * One entry of a tau2 file's `simulations`. Times carry no zone and are read as UTC. Tokens and cost are
 * the agent's; what the simulated user cost is kept as the attribute `tau.user_cost`.
 *
 * @throws Fault `invalid` when the value is no simulation
 */
export function parseTau2Simulation(value: Json, head: Tau2Head, context: ImportContext): ImportedTraces {
  const run = findObject(value);
  const label = run ? `simulation ${findWord(run["id"]) ?? findWord(run["task_id"]) ?? "?"}` : "simulation";
  if (!run || !Array.isArray(run["messages"])) throw new Fault("invalid", `${label} has no list "messages"`);
  const read = (run["messages"] as readonly Json[]).map(findChatMessage);
  const broken = read.findIndex((message) => message === undefined);
  if (broken >= 0) throw new Fault("invalid", `${label}: message ${broken} has no role`);
  const messages = read.flatMap((message) => message ?? []);
  if (messages.length === 0) throw new Fault("invalid", `${label} holds no messages`);

  const agentInfo = findObject(head.info?.["agent_info"]);
  const environment = findObject(head.info?.["environment_info"]);
  const domain = findText(environment?.["domain_name"]);
  const taskId = findWord(run["task_id"]) ?? "?";
  const rewardInfo = findObject(run["reward_info"]);
  const reward = findNumber(rewardInfo?.["reward"]);
  const policy = findText(environment?.["policy"]);
  const systems = messages.filter(({ role }) => role === "system").flatMap((message) => messageText(message) ?? []);
  const implementation = findText(agentInfo?.["implementation"]) ?? "agent";
  const startNs = parseIsoNs(run["start_time"]);
  const traceId = traceIdOf("tau2", context.businessUnit, JSON.stringify(run));
  return {
    rejected: [],
    ...buildRunTrace(
      {
        traceId,
        source: "tau2",
        name: `${domain ?? "task"} ${taskId}`.slice(0, 200),
        agent: domain === null ? implementation : `${domain} ${implementation}`,
        provider: null,
        model: findText(agentInfo?.["llm"]),
        sessionId: null,
        systemInstructions: systems.length > 0 ? systems : policy === null ? [] : [policy],
        toolDefinitions: environment?.["tool_defs"] ?? null,
        task: head.tickets.get(taskId) ?? null,
        startNs,
        endNs: parseIsoNs(run["end_time"]),
        fallbackStartNs:
          startNs ??
          946_684_800_000_000_000n + BigInt(Number.parseInt(traceId.slice(0, 8), 16) % 80_000) * 1_000_000_000n,
        messages: messages
          .filter(({ role }) => role !== "system")
          .map((message) => ({ message, facts: readFacts(message.raw) })),
        attributes: {
          "tau.simulation_id": run["id"] ?? null,
          "tau.task_id": run["task_id"] ?? null,
          "tau.trial": run["trial"] ?? null,
          "tau.seed": run["seed"] ?? null,
          "tau.domain": domain,
          "tau.termination_reason": run["termination_reason"] ?? null,
          "tau.duration_s": run["duration"] ?? null,
          "tau.agent_cost": run["agent_cost"] ?? null,
          "tau.user_cost": run["user_cost"] ?? null
        },
        reward: reward === null ? null : { value: reward, detail: rewardInfo ?? null }
      },
      context
    )
  };
}

function readFacts(raw: JsonObject): MessageFacts {
  const usage = findObject(raw["usage"]);
  const provider = findObject(raw["raw_data"]);
  return {
    atNs: parseIsoNs(raw["timestamp"]),
    inputTokens: findCount(usage?.["prompt_tokens"]),
    outputTokens: findCount(usage?.["completion_tokens"]),
    cacheReadTokens: findCount(findObject(usage?.["prompt_tokens_details"])?.["cached_tokens"]),
    costUsd: findNumber(raw["cost"]),
    finishReason: findText(provider?.["finish_reason"]),
    failed: raw["error"] === true,
    requestor: findText(raw["requestor"]) ?? "assistant"
  };
}
