import type { Score } from "#lib/model/score.ts";
import type { AnswerQuestion, SandboxTrace } from "#lib/ports/sandbox.ts";
import { openCompiler } from "#lib/server/compiler.ts";
import { openSandbox } from "#lib/server/sandbox/sandbox.ts";
import { completeTrace } from "../scorers/trace.ts";
import {
  abuseSource,
  abuses,
  attackLimits,
  harmless,
  inTurn,
  memoryAttacks,
  memoryLimits,
  refused,
  runAttacks,
  stoppedBy
} from "../server/sandbox/attack-list.ts";
import type { Bench, BenchRow } from "./row.ts";

/** A trace that was attacked, and the one after it. */
interface Attacked {
  readonly name: string;
  readonly culprit: Score | undefined;
  readonly next: Score | undefined;
  /** What held, where nothing had to be stopped. */
  readonly held?: string;
}

const answer: AnswerQuestion = async ({ question }) => ({
  kind: "answered",
  value: question.name === "tone" ? { tone: "polite", reason: "as ever" } : { words: 3 },
  modelId: "none",
  spent: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
  isCached: false
});

/** Everything that the tests have scorer code try, one by one, with what stopped it. */
export const benches: readonly Bench[] = [
  {
    name: "sandbox attacks",
    subject: "sandbox",
    async run(): Promise<readonly BenchRow[]> {
      const doors = { compiler: await openCompiler(), sandbox: await openSandbox() };
      try {
        const found: Attacked[] = [];
        const attack = async (list: readonly (readonly [string, string, ...unknown[]])[], held?: string) => {
          const names = list.flatMap((_, at) => [String(at), `after ${at}`]);
          const bodies = list.map(([, body]) => body);
          const scores = await runAttacks(doors, bodies, names);
          for (const [at, [name]] of list.entries())
            found.push({ name, culprit: scores[2 * at], next: scores[2 * at + 1], ...(held ? { held } : {}) });
        };
        await attack(refused);
        await attack(harmless, "it harms nobody");
        for (const [what, body] of memoryAttacks) {
          const [culprit, next] = await runAttacks(doors, [body], ["0", "after"], memoryLimits);
          found.push({ name: `fills memory with ${what}`, culprit, next });
        }
        found.push(...(await abuse(doors)));
        return found.map(rowOf);
      } finally {
        await doors.sandbox.close();
        await doors.compiler.close();
      }
    }
  }
];

async function abuse(doors: Parameters<typeof runAttacks>[0]): Promise<readonly Attacked[]> {
  const session = await doors.sandbox.open(await doors.compiler.compile(abuseSource), attackLimits);
  const names = abuses.flatMap((one, at) => inTurn(one, at));
  async function* traces(): AsyncGenerator<readonly SandboxTrace[]> {
    for (const name of names)
      yield [{ text: JSON.stringify(completeTrace({ name, spans: [] })), businessUnit: "support", calls: 1 }];
  }
  const scores: Score[] = [];
  for await (const part of session.score(traces(), new AbortController().signal, answer))
    scores.push(...part.map(({ score }) => score));
  await session.close();
  return abuses.map(([name], at) => {
    const place = names.lastIndexOf(String(at));
    return { name: `asks: ${name}`, culprit: scores[place], next: scores[place + 1] };
  });
}

function rowOf({ name, culprit, next, held }: Attacked): BenchRow {
  const wanted = held ? "scored" : "unscored";
  const met = culprit?.kind === wanted && next?.kind === "scored";
  const against = held ?? (culprit?.kind === "unscored" ? stoppedBy(culprit.reason) : "nothing");
  return {
    name,
    value: met ? 1 : 0,
    unit: "held",
    against,
    ratio: met ? 1 : 0,
    target: "the next trace is scored",
    met
  };
}
