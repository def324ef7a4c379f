import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanerOf, findBoilerplate, noBoilerplate } from "#lib/map/boilerplate.ts";
import { prepareTexts } from "#lib/map/prepared-texts.ts";
import { cleanText, wordsOf } from "#lib/map/texts.ts";
import { topicTexts } from "./topic-texts.ts";

const subjects = topicTexts(60, 3).map((text) => text.split(" ").slice(2, -2).join(" "));

function strip(texts: readonly string[]): string[] {
  return texts.map(cleanerOf(findBoilerplate(texts)));
}

test("greetings, signatures, ids, times and disclaimers that nearly all texts share are left out", () => {
  const texts = subjects.map(
    (subject, i) =>
      `Ticket ${i}a-${i * 7} of 2026-11-0${(i % 9) + 1}T10:00:00Z\nDear team,\n${subject}.\n--\nBest regards, Customer Care\n` +
      `This message is confidential. If you are not the recipient, delete it.\n> You are calling from ${["Berlin", "Oslo", "Graz"][i % 3]} today`
  );
  strip(texts).forEach((text, i) => {
    expect(text).toBe(`${cleanText(subjects[i]!)}. ${["berlin", "oslo", "graz"][i % 3]} today`);
  });
});

test("words at the beginning and the end of a sentence that nearly all share are left out, the rest stays", () => {
  const texts = subjects.map((subject) => `I am writing to you about ${subject} as soon as possible please`);
  strip(texts).forEach((text, i) => {
    expect(text).toBe(cleanText(subjects[i]!));
  });
});

test("what less than 60 % share stays, and so do few texts", () => {
  const some = subjects.map((subject, i) => (i % 2 === 0 ? `We cannot help with that. ${subject}` : subject));
  expect(strip(some)).toEqual(some.map(cleanText));
  const few = subjects.slice(0, 19).map((subject) => `Dear team. ${subject}`);
  expect(strip(few)).toEqual(few.map(cleanText));
});

test("a text that says nothing else stays whole", () => {
  const alike = Array.from({ length: 40 }, (_, i) => `My refund ${i} never came.`);
  expect(strip(alike)).toEqual(alike.map(cleanText));
  const most = [...alike, "My refund 7 never came. The seat was broken.", "", " ! "];
  expect(strip(most).slice(-3)).toEqual(["the seat was broken.", "", ""]);
});

test("sentences of scripts without blanks are told apart", () => {
  const texts = Array.from(
    { length: 30 },
    (_, i) => `お世話になっております。${"返金航空契約"[i % 6]}${"甲乙丙丁戊"[i % 5]}について。よろしくお願いします。`
  );
  for (const text of strip(texts)) expect(text).toMatch(/^.{2}について。$/u);
});

const words = fc.array(fc.constantFrom("refund", "Seat", "7", "court.", "late!", "to", "the", "a", "\n", "Hi,"), {
  maxLength: 14
});
const corpus = fc.array(
  words.map((list) => list.join(" ")),
  { minLength: 15, maxLength: 60 }
);

test("a text is never emptied, loses words only, and gets none that it did not have", () => {
  fc.assert(
    fc.property(corpus, (texts) => {
      strip(texts).forEach((text, i) => {
        const whole = cleanText(texts[i]!);
        expect(text === "").toBe(whole === "");
        let at = 0;
        const all = wordsOf(whole);
        for (const word of wordsOf(text)) {
          at = all.indexOf(word, at) + 1;
          expect(at).toBeGreaterThan(0);
        }
      });
    }),
    { numRuns: 150, seed: 1 }
  );
});

test("the same texts in another order, or repeated, have the same rule", () => {
  fc.assert(
    fc.property(corpus, fc.nat(), (texts, turn) => {
      const at = turn % texts.length;
      const turned = [...texts.slice(at), ...texts.slice(0, at)].reverse();
      expect(findBoilerplate([...turned, texts[0]!])).toEqual(findBoilerplate(texts));
    }),
    { numRuns: 60, seed: 2 }
  );
});

test("a rule that was kept cleans later texts as it cleaned the first", () => {
  const texts = subjects.map((subject) => `Hello dear team.\n${subject}`);
  const { folded, boilerplate } = prepareTexts(texts);
  const kept = JSON.parse(JSON.stringify(boilerplate)) as typeof boilerplate;
  const later = prepareTexts(["Hello dear team.\nA wholly new matter", texts[5]!], kept);
  expect(later.folded.texts).toContain("a wholly new matter");
  expect(folded.texts).toContain(later.folded.texts[later.folded.owner[1]!]);
  expect(later.boilerplate).toBe(kept);
  expect(cleanerOf(noBoilerplate)(texts[0]!)).toBe(cleanText(texts[0]!));
});

test("a sample of many texts stands for all of them", () => {
  const many = Array.from(
    { length: 5_000 },
    (_, i) =>
      `Dear team.\n${"abcdefghij"[i % 10]}${"klmnopqrst"[((i / 10) % 10) | 0]} ${"uvwxyz"[i % 6]}${"abcdefghij"[((i / 100) % 10) | 0]} ${"x".repeat(i / 1000)} .`
  );
  const rule = findBoilerplate(many);
  expect(rule.whole).toHaveLength(1);
  expect(cleanerOf(rule)("Dear team.\nother")).toBe("other");
});
