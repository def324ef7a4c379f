import { readdirSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { TraceDocument } from "#lib/model/trace-document.ts";
import type { SandboxTrace } from "#lib/ports/sandbox.ts";
import { TraceView } from "#lib/scoring/trace-view.ts";
import { readVerdict } from "#lib/scoring/verdict.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { asTraces, completeTrace } from "../scorers/trace.ts";
import type { Bench, BenchRow } from "./row.ts";

/** Traces in all: so many different ones, each so often in a round. */
const [different, repeats, rounds] = [1000, 20, 5];
const spanCount = 20;

/** The same scorer as text for the sandbox and as a function for bare Node. */
const source = `import { scorer, pass, fail } from "tracebook";
export default scorer({ score: (trace) =>
  trace.tools.some((call) => call.name === "issue_refund") ? pass() : fail("no refund tool call") });`;

const withPackages = `import { z } from "zod";
import { parseISO } from "date-fns";
import { distance } from "fastest-levenshtein";
import { scorer, pass } from "tracebook";
export default scorer({ score: (trace) => pass(String([z.string().parse(trace.id), parseISO(trace.startedAt), distance("a", "b")])) });`;

function scoreBare(trace: TraceView): unknown {
  return trace.tools.some((call) => call.name === "issue_refund")
    ? { value: 1, pass: true, label: null, reason: null, evidence: [] }
    : { value: 0, pass: false, label: null, reason: "no refund tool call", evidence: [] };
}

const limits = { callTimeoutMs: 5000, memoryBytes: 256 * 2 ** 20 };

/** Throughput of a code scorer behind the walls, beside the same function in bare Node, JSON parsing in both. */
export const benches: readonly Bench[] = [
  {
    name: "sandbox",
    async run(): Promise<readonly BenchRow[]> {
      const texts = Array.from({ length: different }, (_, index) => traceText(index));
      const compiler = await openCompiler();
      const sandbox = await openSandbox();
      try {
        const timeOf = async (text: string) => {
          const began = performance.now();
          const compiled = await compiler.compile(text);
          const compiledAt = performance.now();
          await (await sandbox.open(compiled, limits)).close();
          return { compileMs: compiledAt - began, openMs: performance.now() - compiledAt };
        };
        const cold = await timeOf(source);
        const warm = await timeOf(source);
        await timeOf(withPackages);
        const packed = await timeOf(withPackages);
        const session = await sandbox.open(await compiler.compile(source), limits);
        const processes = listChildren();
        const inside: Took[] = [];
        const outside: Took[] = [];
        let memoryMiB = 0;
        for (let round = 0; round < rounds; round += 1) {
          inside.push(
            await take(processes, async () => {
              let count = 0;
              for await (const part of session.score(repeated(texts), new AbortController().signal))
                count += part.length;
              if (count !== different * repeats) throw new Error(`the sandbox scored ${count} traces`);
            })
          );
          memoryMiB = Math.max(memoryMiB, residentMiB(processes));
          outside.push(
            await take([], async () => {
              for (let turn = 0; turn < repeats; turn += 1)
                for (const text of texts) readVerdict(scoreBare(new TraceView(JSON.parse(text) as TraceDocument)));
            })
          );
        }
        await session.close();
        const what = `${(different * repeats * rounds).toLocaleString("en-US")} traces of ${spanCount} spans, ${Math.round(texts[0]!.length / 1024)} KB`;
        const against = "the same function in bare Node";
        const rate = (tooks: readonly Took[], key: keyof Took) =>
          middle(tooks.map((took) => (1000 * different * repeats) / took[key]));
        const rows = (["wallMs", "busiestMs", "allMs"] as const).map((key): BenchRow => {
          const [value, rival] = [rate(inside, key), rate(outside, key)];
          const clock = {
            wallMs: "on the clock",
            busiestMs: "by the processor time of the busier process",
            allMs: "by the processor time of both processes"
          }[key];
          const met = value / rival >= 0.5;
          return {
            name: `${what}, ${clock}`,
            value,
            unit: "traces/s",
            against,
            rival,
            ratio: value / rival,
            target: ">= 50 %",
            met
          };
        });
        return [
          ...rows,
          most("compile and open the first scorer", cold.compileMs + cold.openMs, "ms", 500),
          most("open a scorer in the process that waits", warm.openMs, "ms", 100),
          most("compile one that imports three packages", packed.compileMs, "ms", 500),
          most("open one that imports three packages", packed.openMs, "ms", 200),
          ...(memoryMiB > 0 ? [most("resident memory of the sandbox's processes", memoryMiB, "MiB", 512)] : [])
        ];
      } finally {
        await sandbox.close();
        await compiler.close();
      }
    }
  }
];

function most(name: string, value: number, unit: string, target: number): BenchRow {
  return {
    name,
    value,
    unit,
    against: "the target",
    rival: null,
    ratio: value / target,
    target: `<= ${target} ${unit}`,
    met: value <= target
  };
}

/** What some work took. Where the sandbox's processes cannot be looked into, only this one's time counts. */
interface Took {
  readonly wallMs: number;
  /** Processor time of this process or of the sandbox, whichever is more: the two work side by side. */
  readonly busiestMs: number;
  readonly allMs: number;
}

async function take(processes: readonly number[], work: () => Promise<void>): Promise<Took> {
  const [began, own, theirs] = [performance.now(), process.cpuUsage(), processorMs(processes)];
  await work();
  const { user, system } = process.cpuUsage(own);
  const [ownMs, theirMs] = [(user + system) / 1000, processorMs(processes) - theirs];
  return { wallMs: performance.now() - began, busiestMs: Math.max(ownMs, theirMs), allMs: ownMs + theirMs };
}

async function* repeated(texts: readonly string[]): AsyncGenerator<readonly SandboxTrace[]> {
  for (let turn = 0; turn < repeats; turn += 1) yield* asTraces(texts);
}

/** Fields of `/proc/<id>/stat` behind the name; none where there is no such file. */
function readStat(id: number): readonly string[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch (error) {
    // A process may end while it is looked at, and only Linux tells at all.
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

/** All processes below this one. */
function listChildren(): readonly number[] {
  if (process.platform !== "linux") return [];
  const ids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  const parents = new Map(ids.map((id) => [id, Number(readStat(id)[1])]));
  const isBelow = (id: number): boolean => {
    const parent = parents.get(id);
    return parent !== undefined && (parent === process.pid || isBelow(parent));
  };
  return ids.filter(isBelow);
}

/** The kernel counts in hundredths of a second. */
function processorMs(ids: readonly number[]): number {
  return ids.map(readStat).reduce((sum, stat) => sum + 10 * (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)), 0);
}

function residentMiB(ids: readonly number[]): number {
  return ids.map(readStat).reduce((sum, stat) => sum + Number(stat[21] ?? 0) * 4096, 0) / 2 ** 20;
}

function middle(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)]!;
}

/** A trace of an agent that models and tools work for in turn. */
function traceText(index: number): string {
  const words = (count: number) =>
    Array.from({ length: count }, (_, at) => `word${(index * 31 + at * 17) % 997}`).join(" ");
  const say = (role: string, count: number) => [{ role, parts: [{ type: "text", content: words(count) }] }];
  return JSON.stringify(
    completeTrace({
      spans: [
        { kind: "agent", input: say("user", 60), output: say("assistant", 80) },
        ...Array.from({ length: spanCount - 1 }, (_, at) =>
          at % 2 === 0
            ? { kind: "llm" as const, input: say("user", 30), output: say("assistant", 20), model: "small" }
            : {
                kind: "tool" as const,
                toolName: at === spanCount - 3 && index % 2 === 0 ? "issue_refund" : "find_order",
                toolArgs: { order: `O${index}`, note: words(6) },
                toolResult: { text: words(30) }
              }
        )
      ]
    })
  );
}
