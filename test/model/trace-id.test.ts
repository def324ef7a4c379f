import fc from "fast-check";
import { expect, test } from "vitest";
import { formatLowDecimal, parseSpanId, parseTraceId } from "#lib/model/trace-id.ts";

const golden = "4bf92f3577b34da6a3ce929d0e0e4736";
const hex = (digits: number) =>
  fc.bigInt({ min: 1n, max: (1n << BigInt(digits * 4)) - 1n }).map((value) => value.toString(16).padStart(digits, "0"));

test("the low half of an id is the decimal number that a 64-bit tracer writes", () => {
  expect(formatLowDecimal(golden)).toBe("11803532876627986230");
  expect(formatLowDecimal("00f067aa0ba902b7")).toBe("67667974448284343");
});

test("an id is read in any case, as a UUID, and as a decimal number of all its bits", () => {
  for (const written of [golden, golden.toUpperCase(), ` ${golden}\n`, "4BF92F35-77b3-4da6-a3ce-929d0e0e4736"]) {
    expect(parseTraceId(written)).toEqual({ whole: [golden], low: null });
  }
  expect(parseTraceId(BigInt(`0x${golden}`).toString())).toEqual({ whole: [golden], low: null });
  expect(parseTraceId("11803532876627986230")).toEqual({ whole: [], low: "a3ce929d0e0e4736" });
});

test("32 decimal digits are hex first and a number after that", () => {
  const written = "12345678901234567890123456789012";
  expect(parseTraceId(written)?.whole).toEqual([written, BigInt(written).toString(16).padStart(32, "0")]);
});

test.each(["", "0", "x", "4bf9", "-5", "1.5", `${golden}0`, "4bf92f3577b34da6-a3ce929d0e0e4736", "9".repeat(39)])(
  "%j is no id",
  (written) => {
    expect(parseTraceId(written)).toBeUndefined();
  }
);

test("every id comes back from every way to write it", () => {
  fc.assert(
    fc.property(hex(32), (id) => {
      const decimal = parseTraceId(BigInt(`0x${id}`).toString());
      const dashed = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
      expect(parseTraceId(dashed)?.whole).toContain(id);
      expect(decimal?.whole.includes(id) || decimal?.low === id.slice(16)).toBe(true);
    }),
    { seed: 7, numRuns: 300 }
  );
  fc.assert(
    fc.property(hex(16), (id) => {
      expect(parseSpanId(id.toUpperCase())).toBe(id);
      const decimal = formatLowDecimal(id);
      if (decimal.length !== 16) expect(parseSpanId(decimal)).toBe(id);
      expect(parseTraceId(decimal)?.low).toBe(id);
    }),
    { seed: 7, numRuns: 300 }
  );
});

test.each(["", "0", "18446744073709551616", "abc"])("%j is no span id", (written) => {
  expect(parseSpanId(written)).toBeUndefined();
});
