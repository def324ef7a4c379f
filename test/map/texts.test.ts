import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText, foldTexts, wordsOf } from "#lib/map/texts.ts";

test("words of any script", () => {
  expect(wordsOf(cleanText("Don't  REFUND Café №5!"))).toEqual(["don't", "refund", "café", "no5"]);
  expect(wordsOf(cleanText("Возврат средств"))).toEqual(["возврат", "средств"]);
  expect(wordsOf(cleanText("退款政策"))).toEqual(["退款", "款政", "政策"]);
  expect(wordsOf(cleanText("รีเงิน")).length).toBeGreaterThan(0);
  expect(wordsOf(cleanText("سياسة الاسترداد"))).toHaveLength(2);
});

test("a text without letters or digits is empty", () => {
  for (const text of ["", "   ", "!?…", "\u0000"]) expect(cleanText(text)).toBe("");
});

test("five million characters are cut to their two ends", () => {
  const text = cleanText(`begin ${"x ".repeat(2_500_000)} end`);
  expect(text.length).toBeLessThan(20_000);
  expect(text.startsWith("begin")).toBe(true);
  expect(text.endsWith("end")).toBe(true);
});

test("folding loses nothing and does not depend on order", () => {
  const word = fc.constantFrom("a b", "c", "", "C", "d!", "退款");
  fc.assert(
    fc.property(fc.array(word), (texts) => {
      const folded = foldTexts(texts);
      texts.forEach((text, at) => {
        const owner = folded.owner[at]!;
        expect(owner < 0 ? "" : folded.texts[owner]).toBe(cleanText(text));
      });
      expect(folded.counts.reduce((sum, count) => sum + count, 0)).toBe(folded.owner.filter((id) => id >= 0).length);
      expect(foldTexts(texts.toReversed()).texts).toEqual(folded.texts);
    })
  );
});
