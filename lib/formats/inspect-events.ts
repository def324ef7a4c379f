import type { Json } from "../model/span.ts";
import type { RawEvent } from "./build-span.ts";
import { asJson, type Fields, fieldsAt, isFields, listAt, parseInstantNs, textAt } from "./fields.ts";
import type { FieldLoss } from "./imported.ts";
import { listInput, listOutput, responseId, usageAttributes } from "./inspect-messages.ts";

/** A step of a sample, before it becomes a span. */
export interface InspectStep {
  /** Unique within the sample. */
  readonly key: string;
  /** Key of the step above; null below the sample itself. */
  readonly parent: string | null;
  readonly name: string;
  readonly startNs: bigint | null;
  endNs: bigint | null;
  /** Why it failed; null where it did not. */
  readonly error: string | null;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly events: RawEvent[];
}

/** What the events of a sample tell. */
export interface InspectSteps {
  readonly steps: readonly InspectStep[];
  /** What happened in no step. */
  readonly events: readonly RawEvent[];
  readonly losses: readonly FieldLoss[];
}

/** Events that repeat what others say: how the state changed, and what the sample began with. */
const repeating = new Set(["state", "store", "sample_init"]);

/** Kinds of the spans that hold others, by their type; what is not named is a chain. */
const kinds: Readonly<Record<string, string>> = { agent: "AGENT", scorer: "EVALUATOR" };

/** Reads the events of one sample in their order. */
export class InspectEvents {
  readonly #pool: readonly unknown[];
  readonly #steps = new Map<string, InspectStep>();
  readonly #events: RawEvent[] = [];
  readonly #losses: FieldLoss[] = [];
  /** Steps of old logs that have begun, and have no ids to point at. */
  readonly #open: string[] = [];
  #lastNs: bigint | null = null;

  /** @param pool  messages that the sample's calls share */
  constructor(pool: readonly unknown[]) {
    this.#pool = pool;
  }

  /** @param within  key of the step that the events lie in; null for the sample */
  read(events: readonly unknown[], within: string | null = null): InspectSteps {
    for (const event of events) if (isFields(event)) this.#event(event, within);
    return { steps: [...this.#steps.values()], events: this.#events, losses: this.#losses };
  }

  #event(event: Fields, within: string | null): void {
    const kind = textAt(event, "event") ?? "";
    const atNs = parseInstantNs(textAt(event, "timestamp")) ?? this.#lastNs;
    this.#lastNs = atNs;
    if (kind === "span_begin") {
      // One that begins twice would be its own parent's child.
      const key = `span/${textAt(event, "id") ?? ""}`;
      if (!this.#steps.has(key)) this.#add(key, this.#find(event.parent_id, within), atNs, holder(event));
    } else if (kind === "span_end") this.#end(`span/${textAt(event, "id") ?? ""}`, atNs);
    else if (kind === "step") this.#step(event, within, atNs);
    else {
      const parent = this.#find(event.span_id, within);
      const leaf = this.#leaf(kind, event);
      if (leaf) {
        const key = `${kind}/${this.#steps.size}`;
        const endNs = parseInstantNs(textAt(event, "completed")) ?? atNs;
        this.#add(key, parent, atNs, leaf).endNs = endNs;
        // Old logs hold what a tool or a subtask did within its event.
        this.read(listAt(event, "events"), key);
      } else if (repeating.has(kind)) this.#losses.push({ field: `events.${kind}`, fate: "dropped", count: 1 });
      else this.#note(parent, kind, event, atNs);
    }
  }

  #add(key: string, parent: string | null, startNs: bigint | null, step: Leaf): InspectStep {
    const added = { key, parent, startNs, endNs: startNs, events: [], ...step };
    this.#steps.set(key, added);
    return added;
  }

  #end(key: string, atNs: bigint | null): void {
    const step = this.#steps.get(key);
    if (step) step.endNs = atNs;
  }

  #step(event: Fields, within: string | null, atNs: bigint | null): void {
    if (textAt(event, "action") !== "end") {
      const key = `step/${this.#steps.size}`;
      this.#add(key, this.#find(null, within), atNs, holder(event));
      this.#open.push(key);
      return;
    }
    const key = this.#open.pop();
    if (key !== undefined) this.#end(key, atNs);
  }

  /** The step that an event lies in: the one it names, or the one that is open. */
  #find(id: unknown, within: string | null): string | null {
    const named = typeof id === "string" ? `span/${id}` : "";
    return this.#steps.has(named) ? named : (within ?? this.#open.at(-1) ?? null);
  }

  #note(parent: string | null, kind: string, event: Fields, atNs: bigint | null): void {
    const { event: _, timestamp: __, span_id: ___, ...rest } = event;
    const noted = { name: kind, time: atNs?.toString() ?? null, attributes: rest as Record<string, Json> };
    (parent === null ? this.#events : this.#steps.get(parent)!.events).push(noted);
  }

  /** The span that an event becomes by itself; undefined for one that becomes none. */
  #leaf(kind: string, event: Fields): Leaf | undefined {
    if (kind === "model") return this.#model(event);
    if (kind === "tool") return tool(event);
    if (kind === "subtask") return subtask(event);
    if (kind === "score") return score(event);
    return kind === "error" ? failure(event) : undefined;
  }

  #model(event: Fields): Leaf {
    if (isFields(event.call)) this.#losses.push({ field: "events.model.call", fate: "dropped", count: 1 });
    const output = fieldsAt(event, "output");
    const model = textAt(event, "model") ?? "model";
    return {
      name: `chat ${model}`,
      error: textAt(event, "error") ?? textAt(output, "error"),
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": model,
        "gen_ai.response.model": textAt(output, "model"),
        "gen_ai.response.id": responseId(event),
        "gen_ai.input.messages": listInput(event, this.#pool),
        "gen_ai.output.messages": listOutput(output),
        "gen_ai.tool.definitions": listAt(event, "tools").length === 0 ? null : asJson(event.tools),
        ...usageAttributes(fieldsAt(output, "usage")),
        ...keep(event, ["role", "config", "tool_choice", "retries", "cache", "metadata"])
      }
    };
  }
}

type Leaf = Pick<InspectStep, "name" | "error" | "attributes">;

function holder(event: Fields): Leaf {
  const type = textAt(event, "type") ?? "";
  const name = textAt(event, "name") ?? type;
  return {
    name,
    error: null,
    attributes: {
      "openinference.span.kind": kinds[type] ?? "CHAIN",
      ...(type === "agent" ? { "gen_ai.agent.name": name } : {}),
      ...keep(event, ["type", "metadata"])
    }
  };
}

function tool(event: Fields): Leaf {
  const error = fieldsAt(event, "error");
  const name = textAt(event, "function") ?? "tool";
  return {
    name: `execute_tool ${name}`,
    error: isFields(event.error) ? (textAt(error, "message") ?? "failed") : event.failed === true ? "failed" : null,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": name,
      "gen_ai.tool.call.id": textAt(event, "id"),
      "gen_ai.tool.call.arguments": asJson(event.arguments),
      "gen_ai.tool.call.result": asJson(event.result),
      "error.type": textAt(error, "type"),
      ...keep(event, ["truncated", "agent", "metadata"])
    }
  };
}

const subtask = (event: Fields): Leaf => ({
  name: textAt(event, "name") ?? "subtask",
  error: null,
  attributes: {
    "openinference.span.kind": "CHAIN",
    "input.value": asJson(event.input),
    "output.value": asJson(event.result),
    ...keep(event, ["type", "metadata"])
  }
});

const score = (event: Fields): Leaf => ({
  name: "score",
  error: null,
  attributes: {
    "openinference.span.kind": "EVALUATOR",
    "output.value": asJson(event.score),
    ...keep(event, ["target", "intermediate", "metadata"])
  }
});

const failure = (event: Fields): Leaf => ({
  name: "error",
  error: textAt(fieldsAt(event, "error"), "message") ?? "failed",
  attributes: keep(event, ["error"])
});

/** Fields that have no column, under the format's name. */
function keep(event: Fields, names: readonly string[]): Record<string, Json> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = event[name];
      const isEmpty =
        value === null || value === undefined || (typeof value === "object" && Object.keys(value).length === 0);
      return isEmpty ? [] : [[`inspect.${name}`, asJson(value)] as const];
    })
  );
}
