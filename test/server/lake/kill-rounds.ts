import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { seededRandom } from "#lib/math/random.ts";
import { listLeftovers, openLakeFixture, scopeOf } from "./fixture.ts";
import { heldAfter, killedUnit } from "./kill-batches.ts";

/** What some rounds of killing came to. */
export interface KillReport {
  readonly kills: number;
  /** Batches that were acknowledged to a process that was killed later. */
  readonly acknowledged: number;
  /** Batches that were there though the process died before it could say so. */
  readonly unsaid: number;
  /** Rounds after which files of a write lay about. */
  readonly withLeftovers: number;
}

/** Runs a writer and kills it a seeded while after its nth line. @returns the batches it acknowledged, in order */
async function runAndKill(
  task: { readonly root: string; readonly writer: string; readonly from: number },
  afterLines: number,
  turns: number
): Promise<readonly number[]> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./kill-writer.ts", import.meta.url)), JSON.stringify(task)],
    { stdio: ["ignore", "pipe", "pipe"] }
  );
  let text = "";
  let complaint = "";
  let aimed = false;
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (aimed || text.split("\n").length <= afterLines) return;
    aimed = true;
    const wait = (left: number): void => void (left === 0 ? child.kill("SIGKILL") : setImmediate(wait, left - 1));
    wait(turns);
  });
  await new Promise((resolve) => child.once("close", resolve));
  if (child.signalCode !== "SIGKILL") throw new Error(`the writer ended by itself: ${complaint}`);
  return text
    .split("\n")
    .slice(1, -1)
    .map((line) => Number(line));
}

/**
 * Kills writers at seeded points, and compares after each round what the lake holds with what was
 * acknowledged.
 *
 * @param root     folder of the lake and the state
 * @param writers  names of processes that write at once
 * @throws when a span is lost, doubled or half of a batch is there, or the lake does not verify
 */
export async function runKillRounds(
  root: string,
  { rounds, seed, writers }: { readonly rounds: number; readonly seed: number; readonly writers: readonly string[] }
): Promise<KillReport> {
  const random = seededRandom(seed);
  const next = new Map(writers.map((writer) => [writer, 0]));
  let [kills, acknowledged, unsaid, withLeftovers] = [0, 0, 0, 0];
  for (let round = 0; round < rounds; round++) {
    const points = writers.map(() => ({
      lines: 1 + Math.floor(random() * 4),
      turns: Math.floor(random() * 30_000)
    }));
    const ends = await Promise.all(
      writers.map((writer, at) =>
        runAndKill({ root, writer, from: next.get(writer)! }, points[at]!.lines, points[at]!.turns)
      )
    );
    kills += writers.length;
    const fixture = await openLakeFixture({ folder: `${root}/lake`, stateFolder: root });
    try {
      const kernel = await fixture.lake.openKernel(scopeOf([killedUnit]));
      const rows = await kernel.rows("select trace_id, span_id, name from spans", {}, 10_000_000);
      const [counted] = await kernel.rows("select sum(spans)::integer as spans from traces", {}, 1);
      await kernel.close();
      const there = rows.map((row) => `${row.trace_id} ${row.span_id} ${row.name}`).sort();
      const found = new Set(there);
      const where = `in round ${round} of seed ${seed} at ${JSON.stringify(points)}`;
      const expected: string[] = [];
      for (const [at, writer] of writers.entries()) {
        const count = next.get(writer)! + ends[at]!.length;
        if (ends[at]!.some((n, index) => n !== next.get(writer)! + index))
          throw new Error(`lines are missing ${where}`);
        acknowledged += ends[at]!.length;
        // The batch after the last acknowledged one is there as a whole or not at all.
        const [least, most] = [heldAfter(writer, count), heldAfter(writer, count + 1)];
        const whole = most.every((row) => found.has(row));
        if (whole) unsaid += 1;
        expected.push(...(whole ? most : least));
        next.set(writer, whole ? count + 1 : count);
      }
      compare(expected.sort(), there, where);
      if (Number(counted?.spans ?? 0) !== there.length) {
        throw new Error(`traces count ${counted?.spans} spans where there are ${there.length} ${where}`);
      }
      const problems = await fixture.lake.verify();
      if (problems.length > 0) throw new Error(`${JSON.stringify(problems)} ${where}`);
      if ((await listLeftovers(fixture)).length > 0) withLeftovers += 1;
    } finally {
      await fixture.close();
    }
  }
  return { kills, acknowledged, unsaid, withLeftovers };
}

function compare(expected: readonly string[], there: readonly string[], where: string): void {
  if (expected.length === there.length && expected.every((row, at) => row === there[at])) return;
  const [wanted, found] = [new Set(expected), new Set(there)];
  const lost = expected.filter((row) => !found.has(row));
  const surplus = there.filter((row) => !wanted.has(row));
  throw new Error(
    `${lost.length} spans are lost, ${surplus.length} too many, ${there.length - found.size} doubled ${where}: ${[...lost, ...surplus].slice(0, 3).join(" | ")}`
  );
}
