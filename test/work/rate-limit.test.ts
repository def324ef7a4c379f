import fc from "fast-check";
import { expect, test } from "vitest";
import { RateLimit } from "#lib/work/rate-limit.ts";

function open() {
  const clock = { at: 0, nowMs: () => clock.at, newId: () => "" };
  return { clock, limit: new RateLimit(clock) };
}

test("a sender without a limit is always let in", () => {
  const { limit } = open();
  for (let at = 0; at < 100; at += 1) expect(limit.take("a", 1e9, null)).toBe(0);
});

test("a sender that overdraws waits until the average holds again, and no other waits with it", () => {
  const { clock, limit } = open();
  expect(limit.take("a", 300, 10)).toBe(0);
  expect(limit.take("a", 1, 10)).toBe(20);
  expect(limit.take("b", 1, 10)).toBe(0);
  clock.at = 19_000;
  expect(limit.take("a", 1, 10)).toBe(1);
  clock.at = 20_100;
  expect(limit.take("a", 1, 10)).toBe(0);
});

test("over any time a sender gets in no more than its rate, the saved ten seconds and one batch", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ waitMs: fc.nat(4000), amount: fc.integer({ min: 1, max: 200 }) }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 100 }),
      (batches, perSecond) => {
        const { clock, limit } = open();
        let letIn = 0;
        for (const { waitMs, amount } of batches) {
          clock.at += waitMs;
          if (limit.take("a", amount, perSecond) === 0) letIn += amount;
        }
        expect(letIn).toBeLessThanOrEqual((clock.at / 1000) * perSecond + 10 * perSecond + 200);
      }
    )
  );
});

test("whoever waits as long as it was told is let in", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 100 }), (amount, perSecond) => {
      const { clock, limit } = open();
      limit.take("a", amount + 10 * perSecond, perSecond);
      const waits = limit.take("a", 1, perSecond);
      clock.at += waits * 1000 + 1;
      expect(waits).toBeGreaterThan(0);
      expect(limit.take("a", 1, perSecond)).toBe(0);
    })
  );
});
