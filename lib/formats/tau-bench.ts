import { Fault } from "../model/fault.ts";
import type { Json } from "../model/span.ts";
import { findChatMessage, messageText } from "./chat-message.ts";
import { buildRunTrace, type MessageFacts } from "./chat-run.ts";
import { traceIdOf } from "./identity.ts";
import type { ImportContext, ImportedTraces } from "./imported-trace.ts";
import { findCount, findNumber, findObject, findText, findWord, listItems } from "./json-value.ts";

/** The day that runs without any time are laid on, so that a second import says the same. */
const undatedNs = 946_684_800_000_000_000n;

/**
 * One run of a tau-bench list: `{task_id, trial, reward, info, traj}` with `traj` an OpenAI-style chat.
 * No times, tokens or cost are in the format: times are synthesised on 2000-01-01, one second a message.
 *
 * @throws Fault `invalid` when the value is no run
 */
export function parseTauBenchRun(value: Json, context: ImportContext): ImportedTraces {
  const run = findObject(value);
  const label = run ? `run task_id=${findWord(run["task_id"]) ?? "?"} trial=${findWord(run["trial"]) ?? "?"}` : "run";
  const chat = run?.["traj"] ?? run?.["messages"];
  if (!run || !Array.isArray(chat)) throw new Fault("invalid", `${label} has no list "traj" of messages`);
  const read = (chat as readonly Json[]).map(findChatMessage);
  const broken = read.findIndex((message) => message === undefined);
  if (broken >= 0) throw new Fault("invalid", `${label}: message ${broken} of "traj" has no role`);
  const messages = read.flatMap((message) => message ?? []);
  if (!messages.some(({ role }) => role === "assistant")) {
    throw new Fault("invalid", `${label} holds no message of the assistant`);
  }
  const info = findObject(run["info"]);
  const task = findObject(info?.["task"]);
  const reward = findNumber(run["reward"]) ?? findNumber(findObject(info?.["reward_info"])?.["reward"]);
  const spoken = messages.filter(({ role }) => role !== "system");
  const traceId = traceIdOf("tau-bench", context.businessUnit, JSON.stringify(run));
  return {
    rejected: [],
    ...buildRunTrace(
      {
        traceId,
        source: "tau-bench",
        name: `task ${findWord(run["task_id"]) ?? "?"}`,
        agent: findText(run["agent"]) ?? "tau-bench agent",
        provider: null,
        model: findText(run["model"]) ?? null,
        sessionId: null,
        systemInstructions: messages
          .filter(({ role }) => role === "system")
          .flatMap((message) => messageText(message) ?? []),
        toolDefinitions: Array.isArray(info?.["tools"]) ? (info["tools"] ?? null) : null,
        task: findText(task?.["instruction"]),
        startNs: null,
        endNs: null,
        fallbackStartNs: undatedNs + BigInt(Number.parseInt(traceId.slice(0, 8), 16) % 80_000) * 1_000_000_000n,
        messages: spoken.map((message) => ({ message, facts: readFacts(message.raw) })),
        attributes: {
          "tau.task_id": run["task_id"] ?? null,
          "tau.trial": run["trial"] ?? null,
          ...(task ? { "tau.task": task } : {}),
          ...(info?.["user_cost"] === undefined ? {} : { "tau.user_cost": info["user_cost"] ?? null })
        },
        reward: reward === null ? null : { value: reward, detail: info?.["reward_info"] ?? null }
      },
      context
    )
  };
}

function readFacts(raw: { readonly [key: string]: Json }): MessageFacts {
  const usage = findObject(raw["usage"]);
  const text = typeof raw["content"] === "string" ? raw["content"] : "";
  return {
    atNs: null,
    inputTokens: findCount(usage?.["prompt_tokens"]),
    outputTokens: findCount(usage?.["completion_tokens"]),
    cacheReadTokens: findCount(findObject(usage?.["prompt_tokens_details"])?.["cached_tokens"]),
    costUsd: findNumber(raw["cost"]),
    finishReason: findText(raw["finish_reason"]),
    // The format has no flag for a failed tool; its environments answer with a text that begins so.
    failed: raw["role"] === "tool" && /^Error\b/.test(text),
    requestor: "assistant"
  };
}

/** True when the value looks like one run of a tau-bench list. */
export function isTauBenchRun(value: Json): boolean {
  const run = findObject(value);
  return run !== undefined && "traj" in run && listItems(run["traj"]).every((item) => findObject(item) !== undefined);
}
