import type { TraceDocument } from "#lib/model/trace-document.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { readVerdict } from "#lib/scoring/verdict.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { asTraces, completeTrace } from "../scorers/trace.ts";
import type { Bench, BenchRow } from "./row.ts";

const traceCount = 10_000;

/** The same scorer as text for the sandbox and as a function for bare Node. */
const source = `import { scorer, pass, fail } from "tracebook";
export default scorer({ score: (trace) =>
  trace.tools.some((call) => call.name === "issue_refund") ? pass() : fail("no refund tool call") });`;

function scoreBare(trace: TraceView): unknown {
  return trace.tools.some((call) => call.name === "issue_refund")
    ? { value: 1, pass: true, label: null, reason: null, evidence: [] }
    : { value: 0, pass: false, label: null, reason: "no refund tool call", evidence: [] };
}

/** Throughput of a code scorer behind the walls, beside the same function in bare Node, JSON parsing in both. */
export const benches: readonly Bench[] = [
  {
    name: "sandbox",
    async run(): Promise<readonly BenchRow[]> {
      const texts = Array.from({ length: traceCount }, (_, index) => traceText(index));
      const compiler = await openCompiler();
      const sandbox = await openSandbox();
      const opening = performance.now();
      const session = await sandbox.open(await compiler.compile(source), {
        callTimeoutMs: 5000,
        memoryBytes: 256 * 2 ** 20
      });
      const openMs = performance.now() - opening;
      try {
        const inside: number[] = [];
        const outside: number[] = [];
        for (let round = 0; round < 7; round += 1) {
          let began = performance.now();
          let count = 0;
          for await (const part of session.score(asTraces(texts), new AbortController().signal)) count += part.length;
          if (count !== traceCount) throw new Error(`the sandbox scored ${count} of ${traceCount} traces`);
          inside.push(traceCount / ((performance.now() - began) / 1000));
          began = performance.now();
          for (const text of texts) readVerdict(scoreBare(new TraceView(JSON.parse(text) as TraceDocument)));
          outside.push(traceCount / ((performance.now() - began) / 1000));
        }
        const [value, rival] = [middle(inside), middle(outside)];
        return [
          {
            name: `code scorer in the sandbox, ${Math.round(texts[0]!.length / 1024)} KB traces`,
            value,
            unit: "traces/s",
            against: "the same function in bare Node",
            rival,
            ratio: value / rival,
            target: ">= 50 %",
            met: value / rival >= 0.5
          },
          {
            name: "compile and open a scorer's sandbox",
            value: openMs,
            unit: "ms",
            against: "the target",
            rival: null,
            ratio: openMs / 500,
            target: "<= 500 ms",
            met: openMs <= 500
          }
        ];
      } finally {
        await session.close();
        await sandbox.close();
        await compiler.close();
      }
    }
  }
];

function middle(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

/** A trace of about 8 KB: a question, four tool calls, an answer. */
function traceText(index: number): string {
  const words = (count: number) =>
    Array.from({ length: count }, (_, at) => `word${(index * 31 + at * 17) % 997}`).join(" ");
  return JSON.stringify(
    completeTrace({
      spans: [
        {
          kind: "llm",
          input: [{ role: "user", parts: [{ type: "text", content: words(120) }] }],
          output: [{ role: "assistant", parts: [{ type: "text", content: words(160) }] }]
        },
        ...Array.from({ length: 4 }, (_, at) => ({
          kind: "tool" as const,
          toolName: at === 3 && index % 2 === 0 ? "issue_refund" : "find_order",
          toolArgs: { order: `O${index}`, note: words(20) },
          toolResult: { text: words(60) }
        }))
      ]
    })
  );
}
