import { expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import { rateTraffic, type ScoredTrace } from "#lib/scoring/traffic-rate.ts";

/** Traffic of which people would pass a share, scored rightly nine times of ten. */
function traffic(n: number, share: number, seed: number): { readonly truth: boolean; readonly pass: boolean }[] {
  const random = seededRandom(seed);
  return Array.from({ length: n }, () => {
    const truth = random() < share;
    return { truth, pass: random() < 0.9 ? truth : !truth };
  });
}

const hide = (
  trace: { readonly truth: boolean; readonly pass: boolean },
  chance: number,
  isDrawn: boolean
): ScoredTrace => ({
  pass: trace.pass,
  truth: isDrawn ? trace.truth : null,
  inclusionProbability: isDrawn ? chance : null
});

test("labels of a random sample set a biased scorer right", () => {
  const all = traffic(5000, 0.95, 1).map((trace, at) => hide(trace, 0.1, at % 10 === 0));
  const { raw, corrected, method, labelled, labelsForFivePoints } = rateTraffic(all, "random");
  expect(raw.interval![1]).toBeLessThan(0.9);
  expect(corrected!.interval![0]).toBeLessThan(0.95);
  expect(corrected!.interval![1]).toBeGreaterThan(0.95);
  expect(labelled).toBe(500);
  expect(labelsForFivePoints).toBe(0);
  expect(method).toContain("500 labels of a random sample");
});

test("where the failures were drawn more often, the known chances undo it", () => {
  let held = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed + 100);
    const all = traffic(3000, 0.8, seed).map((trace) => {
      const chance = trace.pass ? 0.04 : 0.3;
      return hide(trace, chance, random() < chance);
    });
    const { corrected } = rateTraffic(all, "random");
    if (corrected!.interval![0] <= 0.8 && 0.8 <= corrected!.interval![1]) held++;
  }
  expect(held).toBeGreaterThanOrEqual(35);
});

test("as many passes as fails set it right through the scorer's rates", () => {
  const all = traffic(4000, 0.7, 3);
  const drawn = new Set(
    [true, false].flatMap((truth) => all.flatMap((trace, at) => (trace.truth === truth ? [at] : [])).slice(0, 150))
  );
  const { corrected, method } = rateTraffic(
    all.map((trace, at) => ({ ...hide(trace, 0, drawn.has(at)), inclusionProbability: null })),
    "balanced"
  );
  expect(corrected!.interval![0]).toBeLessThan(0.7);
  expect(corrected!.interval![1]).toBeGreaterThan(0.7);
  expect(method).toContain("150 passes and 150 fails");
});

test("where the labels say nothing of the rest, there is a sentence and no number", () => {
  const all = traffic(200, 0.7, 5);
  const labelled = all.map((trace, at) => ({ ...hide(trace, 0, at < 40), inclusionProbability: null }));
  expect(rateTraffic(labelled, "chosen")).toMatchObject({ corrected: null, labelsForFivePoints: null });
  expect(rateTraffic(labelled, "chosen").method).toContain("neither a random sample");
  const some = labelled.map((trace, at) => ({ ...trace, inclusionProbability: at < 20 ? 0.1 : null }));
  expect(rateTraffic(some, "random").method).toContain("20 of the labelled traces have no known chance");
  expect(rateTraffic(labelled.slice(35), "random").method).toContain("5 of the traces have a label");
  const coin = labelled.map((trace, at) => ({ ...trace, pass: at % 2 === 0, truth: at < 40 ? at % 4 < 2 : null }));
  expect(rateTraffic(coin, "balanced").method).toContain("no better than chance");
  expect(rateTraffic([], "random")).toMatchObject({ n: 0, raw: { value: null }, corrected: null });
});

test("a rate beyond its ends is clipped, and that is said", () => {
  const all = Array.from({ length: 300 }, (_, at) => ({
    ...{ pass: at % 50 !== 0, inclusionProbability: null },
    truth: at < 40 ? at % 2 === 0 : null
  })).map((trace, at) => (at < 40 ? { ...trace, pass: at % 2 === 0 ? at % 10 !== 0 : at % 3 === 0 } : trace));
  const { corrected, method } = rateTraffic(all, "balanced");
  expect(corrected!.value).toBe(1);
  expect(method).toContain("beyond 0 or 1");
});

test("verdicts that were drawn with different chances are weighed, and labels do not set them right", () => {
  const common = { truth: null, inclusionProbability: null };
  const all: ScoredTrace[] = [
    ...Array.from({ length: 100 }, () => ({ ...common, pass: false, samplingProbability: 1 })),
    ...Array.from({ length: 90 }, () => ({ ...common, pass: true, samplingProbability: 0.1 }))
  ];
  const { raw, corrected, method, n } = rateTraffic(all, "random");
  expect([n, raw.value]).toEqual([190, 0.9]);
  expect(raw.interval![0]).toBeLessThan(0.9);
  expect(corrected).toBeNull();
  expect(method).toContain("different chances");
});
