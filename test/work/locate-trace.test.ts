import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Kernel } from "#lib/ports/kernel.ts";
import { locateTrace } from "#lib/work/locate-trace.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";
import { makeSpan } from "../spans.ts";

const golden = "4bf92f3577b34da6a3ce929d0e0e4736";
const twins = ["00000000000000010000000000000abc", "00000000000000020000000000000abc"] as const;
const hidden = "4bf92f3577b34da6a3ce929d0e0e4737";

describe("a trace id from another tool", () => {
  let fixture: LakeFixture;
  let kernel: Kernel;

  beforeAll(async () => {
    fixture = await openLakeFixture();
    await fixture.lake.append(scopeOf(["support", "legal"]), {
      spans: [
        ...[golden, ...twins].map((traceId) => ({ ...makeSpan({ traceId, spanId: "a" }), traceId })),
        { ...makeSpan({ traceId: hidden, spanId: "a", businessUnit: "legal" }), traceId: hidden }
      ],
      scores: []
    });
    kernel = await fixture.lake.openKernel(scopeOf(["support"], "scientist"));
  }, 60_000);

  afterAll(async () => {
    await kernel.close();
    await fixture.close();
  });

  test("leads to its trace by all of it or by its low half", async () => {
    for (const written of [golden.toUpperCase(), "11803532876627986230", BigInt(`0x${golden}`).toString()]) {
      expect(await locateTrace(kernel, written)).toBe(golden);
    }
    expect(await locateTrace(kernel, twins[1])).toBe(twins[1]);
  });

  test("that means two traces is said to, with both of them", async () => {
    await expect(locateTrace(kernel, String(0xabc))).rejects.toMatchObject({
      code: "conflict",
      message: `the number 2748 is the low half of 2 traces: ${twins.join(", ")}`
    });
  });

  test("says of another unit's trace what it says of none", async () => {
    const gone = golden.replace(/6$/, "8");
    const say = (written: string) => locateTrace(kernel, written).catch((error: Error) => error.message);
    expect(await say(hidden)).toBe(`there is no trace "${hidden}" in your business units`);
    expect(await say(gone)).toBe(`there is no trace "${gone}" in your business units`);
    expect(await say("11803532876627986231")).toContain("there is no trace");
    await expect(locateTrace(kernel, "no id")).rejects.toMatchObject({ code: "invalid" });
  });
});
