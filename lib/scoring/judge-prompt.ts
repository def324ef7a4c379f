import { cannotJudge, type JudgeSpec } from "../model/judge.ts";
import type { Evidence, Score } from "../model/score.ts";
import type { Json } from "../model/span.ts";
import { dataRule, formatDataBlock } from "./data-block.ts";
import type { SourceText } from "./judge-material.ts";
import { readVerdict } from "./verdict.ts";

/** Changes with every change of the words below, and so the version of every judge. */
export const judgePromptVersion = "1";

/** Of an answer: usually, and at most. */
export const [usualJudgeTokens, mostJudgeTokens] = [120, 600];

const mostQuotes = 5;

/** An example as the judge is shown it. */
export interface ShownExample {
  readonly trace: Json;
  readonly label: string;
  readonly reason: string;
}

/** What a model is asked about one trace. */
export interface JudgePrompt {
  /** Holds no text of traces. */
  readonly system: string;
  readonly user: string;
  readonly form: string;
  readonly schema: Json;
}

/** The question whether a criterion holds for a trace. Everything that traces say is data between marks. */
export function buildJudgePrompt(spec: JudgeSpec, examples: readonly ShownExample[], trace: Json): JudgePrompt {
  const labels = spec.labels.map(({ name, meaning }) => `${JSON.stringify(name)}: ${JSON.stringify(meaning)}`);
  const system = [
    "You judge one recorded run of an AI agent by one criterion.",
    `The criterion: ${JSON.stringify(spec.criterion)}.`,
    `The labels and what they mean: ${labels.join("; ")}. Where the run does not show enough to tell, the label is "${cannotJudge}".`,
    dataRule,
    examples.length > 0
      ? `The material holds "examples", which people have judged by the same criterion, and "trace", the run to judge. A verdict is about "trace" alone.`
      : 'The material holds "trace", the run to judge.',
    `First the reason, in one or two sentences. Then the evidence: up to ${mostQuotes} short passages copied from "trace" letter by letter, or none. Then the label. How long, polite or sure of itself an answer is does not count unless the criterion says so.`
  ].join("\n");
  return {
    system,
    user: formatDataBlock(examples.length > 0 ? { examples: examples.map(asJson), trace } : { trace }),
    form: "verdict",
    schema: schemaOf(spec)
  };
}

function asJson({ trace, label, reason }: ShownExample): Json {
  return reason === "" ? { trace, label } : { trace, label, reason };
}

function schemaOf({ labels }: JudgeSpec): Json {
  return {
    type: "object",
    properties: {
      reason: { type: "string", description: "One or two sentences" },
      evidence: { type: "array", items: { type: "string" }, description: "Passages copied from the trace" },
      label: { type: "string", enum: [...labels.map(({ name }) => name), cannotJudge] }
    },
    required: ["reason", "evidence", "label"],
    additionalProperties: false
  };
}

/** A verdict, and how many of its quotes were dropped because the trace does not hold them. */
export interface JudgeVerdict {
  readonly score: Score;
  readonly droppedQuotes: number;
}

/**
 * Reads an answer of the schema's form as a score.
 *
 * @param sources  texts that quotes must stand in, letter by letter
 */
export function readJudgement(spec: JudgeSpec, answer: Json, sources: readonly SourceText[]): JudgeVerdict {
  const { label, reason, evidence } = answer as { label: string; reason: string; evidence: readonly string[] };
  const said = reason.trim();
  const chosen = spec.labels.find(({ name }) => name === label);
  if (!chosen) {
    const why = said === "" ? "the judge cannot tell" : `the judge cannot tell: ${said}`;
    return { score: readVerdict({ value: null, reason: why }), droppedQuotes: 0 };
  }
  const quotes = evidence.map((quote) => quote.trim()).filter((quote) => quote !== "");
  const found = quotes.slice(0, mostQuotes).flatMap((quote): readonly Evidence[] => {
    const source = sources.find(({ text }) => text.includes(quote));
    return source ? [{ spanId: source.spanId, quote }] : [];
  });
  const dropped = Math.min(quotes.length, mostQuotes) - found.length;
  const note =
    dropped === 0 ? [] : [`(${dropped} of its quotes ${dropped === 1 ? "is" : "are"} not in the trace and left out)`];
  return {
    score: readVerdict({
      value: chosen.pass ? 1 : 0,
      pass: chosen.pass,
      label: chosen.name,
      reason: [said.slice(0, 1800), ...note].join(" ").trim(),
      evidence: found
    }),
    droppedQuotes: dropped
  };
}
