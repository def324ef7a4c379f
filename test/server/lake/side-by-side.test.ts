import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kernel } from "#lib/ports/kernel.ts";
import { makeSpan } from "../../spans.ts";
import { openLakeFixture, scopeOf } from "./fixture.ts";

const scope = scopeOf(["support"]);
const rounds = 25;

let fixture: Awaited<ReturnType<typeof openLakeFixture>>;
beforeAll(async () => {
  fixture = await openLakeFixture();
  await fixture.lake.append(scope, { spans: [makeSpan({ traceId: "t1", spanId: "root" })], scores: [] });
});
afterAll(() => fixture.close());

/** What cells that run side by side ask of one kernel, all at once. */
async function askAllAtOnce(kernel: Kernel, round: number): Promise<void> {
  const views = ["spans", "traces", "scores", "trace_documents", "sessions"];
  await Promise.all([
    kernel.load(`loaded_${round}`, [{ name: "n", type: "DOUBLE", values: Float64Array.of(1, 2, 3) }]),
    ...views.map((view) => kernel.rows(`select count(*) as n from ${view}`, {}, 1)),
    ...[1, 2, 3].map(async (at) => {
      const made = await kernel.materialise(`made_${round}_${at}`, `select * from range(${at})`, {});
      expect(made.rows).toBe(at);
    }),
    kernel.usage(),
    kernel.drop(`loaded_${round - 1}`)
  ]);
}

test("cells that run side by side never disturb each other's questions", async () => {
  for (let round = 1; round <= rounds; round++) {
    const kernel = await fixture.lake.openKernel(scope);
    await askAllAtOnce(kernel, round);
    await askAllAtOnce(kernel, round + 1);
    await kernel.close();
  }
});

test("a kernel that is closed while others measure it ends when they have", async () => {
  for (let round = 1; round <= rounds; round++) {
    const kernel = await fixture.lake.openKernel(scope);
    const measuring = [1, 2, 3].map(() => kernel.usage());
    await Promise.all([...measuring, kernel.close()]);
    for (const { memoryBytes } of await Promise.all(measuring)) expect(memoryBytes).toBeGreaterThanOrEqual(0);
    await expect(kernel.usage()).rejects.toMatchObject({ name: "Fault" });
  }
});
