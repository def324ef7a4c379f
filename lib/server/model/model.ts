import { createHash } from "node:crypto";
import { addSpending, type Budget, noSpending, type Spending } from "#lib/model/budget.ts";
import { Fault } from "#lib/model/fault.ts";
import { costUsd, type ModelPrice } from "#lib/model/model-price.ts";
import { estimateTokens } from "#lib/model/text-tokens.ts";
import type { Model, ModelAnswer, ModelQuestion } from "#lib/ports/model.ts";
import type { ModelAnswers } from "#lib/ports/model-answers.ts";
import { ChatEndpoint, type EndpointSettings } from "./chat-endpoint.ts";
import { readAnswer } from "./read-answer.ts";
import { type ChatMessage, seed, temperature } from "./request-form.ts";
import { Slots } from "./slots.ts";

/** What the environment says of a model, and how it is asked. */
export type ModelSettings = Pick<EndpointSettings, "baseUrl" | "apiKey" | "modelId"> &
  Partial<Omit<EndpointSettings, "baseUrl" | "apiKey" | "modelId">> & {
    readonly price: ModelPrice | null;
    readonly atOnce?: number;
  };

/** How far an estimate of tokens may be below what is counted. */
const estimateSlack = 1.25;

/** Characters of a wrong answer that the model is shown again. */
const shownAgain = 4000;

/** A model behind an endpoint that speaks the protocol of chat completions; opening it sends nothing. */
export function openModel(settings: ModelSettings, answers: ModelAnswers): Model {
  const { modelId, price, baseUrl, atOnce = 8 } = settings;
  const endpoint = new ChatEndpoint({
    timeoutMs: 60_000,
    patienceMs: 180_000,
    maxRetries: 3,
    mostBytes: 2 ** 20,
    ...settings
  });
  const slots = new Slots(atOnce);
  const underWay = new Map<string, Promise<unknown>>();

  /** One request, paid from the budget. */
  const complete = async (
    question: ModelQuestion,
    messages: readonly ChatMessage[],
    budget: Budget,
    signal: AbortSignal
  ) => {
    const sentTokens = estimateTokens(
      `${messages.map(({ content }) => content).join("\n")}${JSON.stringify(question.schema)}`
    );
    const reserve = budget.reserve(Math.ceil(sentTokens * estimateSlack), question.maxTokens, price);
    if (!reserve) return { kind: "failed", ...overBudget(budget, price), spent: noSpending } as const;
    let spent: Spending = noSpending;
    try {
      const said = await endpoint.complete(question, messages, signal);
      const [input, output] = [said.inputTokens, said.outputTokens];
      if (said.kind === "said") {
        spent = spend(price, input ?? sentTokens, output ?? estimateTokens(said.text));
        return { ...said, spent };
      }
      // An endpoint that was cut off in its answer has read the question all the same.
      const read = said.why === "timed out" ? sentTokens : 0;
      if (read > 0 || input !== null) spent = spend(price, input ?? read, output ?? 0);
      return { kind: "failed", why: said.why, reason: said.reason, spent } as const;
    } catch (error) {
      if (signal.aborted) spent = spend(price, sentTokens, 0);
      throw error;
    } finally {
      reserve.settle(spent);
    }
  };

  /** Asks, and once more when the answer is not of the form. */
  const askEndpoint = async (question: ModelQuestion, budget: Budget, signal: AbortSignal): Promise<ModelAnswer> => {
    const messages: readonly ChatMessage[] = [
      { role: "system", content: question.system },
      { role: "user", content: question.user }
    ];
    const first = await complete(question, messages, budget, signal);
    if (first.kind === "failed") return first;
    const read = readAnswer(first.text, question.schema);
    if (read.kind === "value") return answered(read.value, first.modelId, first.spent);
    const second = await complete(
      question,
      [
        ...messages,
        { role: "assistant", content: first.text.slice(0, shownAgain) },
        { role: "user", content: `That is not what was asked for: ${read.fault}. Answer with the JSON object alone.` }
      ],
      budget,
      signal
    );
    const spent = addSpending(first.spent, second.spent);
    if (second.kind === "failed") return { ...second, spent };
    const again = readAnswer(second.text, question.schema);
    if (again.kind === "value") return answered(again.value, second.modelId, spent);
    return { kind: "failed", why: "malformed", reason: again.fault, spent };
  };

  return {
    modelId,
    price,
    atOnce,
    async ask(scope, question, budget, signal) {
      const { businessUnit } = question;
      if (!scope.businessUnits.includes(businessUnit))
        throw new Fault("denied", `the business unit "${businessUnit}" is not yours to ask about`);
      const hash = hashQuestion(question, modelId, baseUrl);
      const key = `${businessUnit} ${hash}`;
      // Of equal questions at once the first is asked, and the others find its answer.
      for (let other = underWay.get(key); other; other = underWay.get(key)) await ended(other, signal);
      const work = (async (): Promise<ModelAnswer> => {
        const kept = await answers.find(scope, businessUnit, hash);
        if (kept)
          return { kind: "answered", value: kept.value, modelId: kept.modelId, spent: noSpending, isCached: true };
        const answer = await slots.use(signal, () => askEndpoint(question, budget, signal));
        if (answer.kind === "answered") {
          const { value, spent } = answer;
          await answers.keep(scope, businessUnit, hash, { value, modelId: answer.modelId, ...spent });
        }
        return answer;
      })();
      underWay.set(key, work);
      try {
        return await work;
      } finally {
        underWay.delete(key);
      }
    }
  };
}

/** Waits until some work has ended, well or not. @throws the signal's reason when it stops before */
async function ended(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    signal.throwIfAborted();
    await Promise.race([work.catch(() => undefined), stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function spend(price: ModelPrice | null, inputTokens: number, outputTokens: number): Spending {
  return { inputTokens, outputTokens, costUsd: costUsd(price, inputTokens, outputTokens) };
}

const answered = (value: Extract<ModelAnswer, { kind: "answered" }>["value"], modelId: string, spent: Spending) =>
  ({ kind: "answered", value, modelId, spent, isCached: false }) as const;

function overBudget({ cap }: Budget, price: ModelPrice | null) {
  const why = "over budget" as const;
  if (cap.usd !== null && price === null)
    return { why, reason: "a budget in US dollars needs TRACEBOOK_MODEL_PRICE" } as const;
  const most = cap.usd === null ? `${(cap.tokens ?? 0).toLocaleString("en-US")} tokens` : `US$ ${cap.usd}`;
  return { why, reason: `one more question could cost more than is left of the ${most}` } as const;
}

function hashQuestion(question: ModelQuestion, modelId: string, baseUrl: string | null): string {
  const { system, user, form, schema, maxTokens } = question;
  const parts = [baseUrl, modelId, temperature, seed, system, user, form, schema, maxTokens];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}
