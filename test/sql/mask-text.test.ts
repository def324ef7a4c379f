import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "#lib/math/random.ts";
import { type MaskRules, maskMark, maskPatterns, noMaskRules } from "#lib/model/mask.ts";
import { finishJson, maskEach, maskForms, maskText } from "#lib/sql/mask-text.ts";

const all: MaskRules = { ...noMaskRules, patterns: maskPatterns };
let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function run(sql: string, texts: readonly string[]): Promise<readonly string[]> {
  const list = `from_json($texts, '["VARCHAR"]')`;
  const answer = await connection.runAndReadAll(
    `select to_json(list(${sql} order by n))::varchar from (select unnest(${list}) as t, unnest(range(len(${list}))) as n)`,
    { texts: JSON.stringify(texts) }
  );
  return JSON.parse(String(answer.getRows()[0]![0])) as readonly string[];
}
const mask = (texts: readonly string[], rules = all) => run(maskText(rules, "t"), texts);
const maskJson = (texts: readonly string[], rules = all) =>
  run(finishJson(rules, maskForms(rules.patterns, "t")), texts);

const words = ["refund", "order", "Größe", "電話", "call me", "ok?", "(see)", "a/b", "\n", "\t", "x=y", '"so"', "\\n"];

/** Cases from a seed: numbers with their checksum, and words around them. */
function cases(seed: number) {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const digits = (count: number) => Array.from({ length: count }, () => Math.floor(random() * 10)).join("");
  const group = (text: string, sizes: readonly number[], gap: string) =>
    sizes
      .map((size, at) => [sizes.slice(0, at).reduce((sum, each) => sum + each, 0), size] as const)
      .map(([from, size]) => text.slice(from, from + size))
      .filter(Boolean)
      .join(gap);
  const luhn = (body: string) => {
    const sum = [...body].reverse().reduce((so, c, at) => so + (at % 2 ? +c : +c * 2 > 9 ? +c * 2 - 9 : +c * 2), 0);
    return `${body}${(10 - (sum % 10)) % 10}`;
  };
  const card = () =>
    group(luhn(`${pick(["4", "51", "37", "6011"])}${digits(15)}`.slice(0, 15)), [4, 4, 4, 4], pick(["", " ", "-"]));
  const iban = () => {
    const body = digits(18);
    const plain = `${body}${"131400"}`;
    const check = 98 - Number(BigInt(plain) % 97n);
    const whole = `DE${String(check).padStart(2, "0")}${body}`;
    return pick([whole, group(whole, [4, 4, 4, 4, 4, 2], " "), whole.toLowerCase()]);
  };
  const mail = () => `${pick(["ann", "bob.lee", "x+y"])}@${pick(["corp", "mail.firm"])}.${pick(["test", "de"])}`;
  const phone = () => `+49 ${digits(2)} ${digits(6)}`;
  const ssn = () => `${pick(["123", "665", "001"])}-45-${pick(["0001", "6789"])}`;
  const ip = () => `8.${pick(["8", "120"])}.4.${pick(["4", "254"])}`;
  const word = () => pick(words);
  return { random, pick, digits, word, secret: () => pick([card, iban, mail, phone, ssn, ip])() };
}

describe("the patterns of a mask", () => {
  test("leave nothing of what they find, and every other byte as it was", async () => {
    const { word, secret } = cases(7);
    const texts = Array.from({ length: 300 }, () => [`${word()} `, secret(), ` ${word()} `, secret(), ` ${word()}`]);
    const shown = await mask(texts.map((parts) => parts.join("")));
    for (const [at, parts] of texts.entries()) {
      expect(shown[at]).toBe([parts[0], maskMark, parts[2], maskMark, parts[4]].join(""));
    }
  });

  test("leave texts that only look like it byte for byte", async () => {
    const near = [
      ...["4111 1111 1111 1112", "1234567890123456", "0000 0000 0000 0000", "1764331234000", "9999999999999995"],
      ...["DE88 3704 0044 0532 0130 00", "GB83WEST12345698765432", "000-45-6789", "666-12-1234", "123-00-6789"],
      ...["10.0.0.1", "192.168.1.20", "172.16.0.1", "256.1.1.1", "1.2.3", "ann at corp", "@home", "+49 12", "555-1234"],
      ...["2026-11-28T12:00:34.000Z", "550e8400-e29b-41d4-a716-446655440000", "ORD-2024-000123", "", " "],
      ...words
    ];
    expect(await mask(near)).toEqual(near);
  });

  test("find a card among other numbers, in any grouping, in full-width digits and behind escapes", async () => {
    const cards = [
      "4111 1111 1111 1111",
      "4111111111111111",
      "378282246310005",
      "3782 822463 10005",
      "４１１１１１１１１１１１１１１１"
    ];
    for (const shown of await mask(cards.map((card) => `no ${card}.`))) expect(shown).toBe(`no ${maskMark}.`);
    expect(
      await mask(["1234 4111 1111 1111 1111", "4111 1111 1111 1111 123", "4111-1111-1111-1111 4242-4242-4242-4242"])
    ).toEqual([maskMark, maskMark, maskMark]);
    expect(await mask(['{"a":"\\n4111111111111111"}', "C:\\new\\4111111111111111"])).toEqual([
      `{"a":"\\n${maskMark}"}`,
      `C:\\new\\${maskMark}`
    ]);
    // Characters by which the engine itself keeps pieces apart hide the text that brings them.
    expect(await mask(["a\ufdd0b 1", "a\ufdd1b"])).toEqual([maskMark, maskMark]);
  });

  test("leave JSON JSON, whatever stands in it", async () => {
    const { word, secret, random, digits } = cases(11);
    const value = (depth: number): unknown => {
      const kind = random();
      if (kind < 0.3) return `${word()} ${secret()}\n${word()}`;
      if (kind < 0.4) return 4111111111111111;
      if (kind < 0.5) return Number(digits(5)) / 7;
      if (kind < 0.6) return JSON.stringify({ said: `${word()}\n${secret()}` });
      if (depth > 3) return null;
      if (kind < 0.8) return [value(depth + 1), value(depth + 1), true];
      return { [word()]: value(depth + 1), [secret()]: value(depth + 1), role: "user" };
    };
    const texts = Array.from({ length: 200 }, () => JSON.stringify(value(0)));
    const own = {
      ...all,
      expressions: [
        { name: "all", pattern: "refund.*|user" },
        { name: "quote", pattern: '"' }
      ]
    };
    for (const rules of [all, own]) {
      const shown = await maskJson(texts, rules);
      for (const [at, text] of shown.entries()) {
        expect(() => JSON.parse(text), `${texts[at]} → ${text}`).not.toThrow();
        expect(text).not.toMatch(/4111|@|\+49|-45-|8\.\d+\.4\./);
        expect(text.match(/"role":"user"/g)?.length).toBe(texts[at]!.match(/"role":"user"/g)?.length);
        if (rules === own) expect(JSON.stringify(JSON.parse(text))).not.toMatch(/refund/);
      }
    }
  });
});

const ownPiece = fc.constantFrom(
  ...[
    "refund",
    "ref",
    "KD-12",
    "KD",
    "new",
    "7",
    "42 ",
    " ",
    "\n",
    "\t",
    "\\",
    "\\new",
    '"',
    "é",
    "x",
    "KD-12KD-12",
    "role"
  ],
  ...["ann@corp.test", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000x", "+49 30 123456"]
);
const ownText = fc.array(ownPiece, { maxLength: 5 }).map((pieces) => pieces.join(""));
const ownPatterns = [
  "^ref[a-z]+",
  "[0-9]+$",
  "^KD$|x",
  "new",
  "\\bKD-[0-9]{2}\\b",
  "^[a-z]+ ?7*$",
  "[^a-z]new",
  "e.",
  "\\^|7"
];
const ownRules = fc.tuple(fc.subarray([...maskPatterns]), fc.subarray(ownPatterns)).map(([patterns, own]) => ({
  patterns,
  expressions: own.map((pattern) => ({ name: pattern, pattern })),
  fields: []
}));

describe("a quick look at all texts of a row", () => {
  test("leaves out nothing that a look at each of them finds", async () => {
    const rows = fc.sample(fc.tuple(ownText, fc.option(ownText), ownText), { numRuns: 150, seed: 3 });
    const json = rows.map((row) =>
      row.map((text) => text && JSON.stringify({ said: text, [text]: [text, text.length] }))
    );
    const given = fc.sample(ownRules, { numRuns: 12, seed: 4 });
    for (const [form, lists] of [
      ["text", rows],
      ["json", json]
    ] as const) {
      const sent = lists.map((list) => JSON.stringify(list));
      const members = `from_json(t, '["VARCHAR"]')`;
      for (const rules of given) {
        const hide = form === "text" ? maskText(rules, "t") : finishJson(rules, maskForms(rules.patterns, "t"));
        const asked = (list: string) => run(`to_json(${list})::varchar`, sent);
        expect(await asked(maskEach(rules, members, form)), JSON.stringify(rules)).toEqual(
          await asked(`list_transform(${members}, lambda t: ${hide})`)
        );
      }
    }
  });

  test("finds in JSON what is found in each of its texts, bound to their ends or not", async () => {
    const value = fc.letrec((tie) => ({
      any: fc.oneof({ maxDepth: 3 }, ownText, fc.integer(), fc.array(tie("any"), { maxLength: 3 }), tie("object")),
      object: fc.dictionary(
        ownText.filter((key) => !key.includes("__proto__")),
        tie("any"),
        { maxKeys: 3 }
      )
    })).any;
    const values = fc.sample(value, { numRuns: 200, seed: 9 });
    for (const { expressions } of fc.sample(ownRules, { numRuns: 12, seed: 6 })) {
      const plain = (text: string) =>
        expressions.reduce((left, { pattern }) => left.replace(new RegExp(pattern, "g"), maskMark), text);
      // Members stay in order, also those whose names become the same: as text, not as objects.
      const hide = (text: string) => (text === "role" ? text : plain(text));
      const write = (one: unknown): string => {
        if (typeof one === "string") return JSON.stringify(hide(one));
        if (typeof one === "number") return plain(`${one}`) === `${one}` ? `${one}` : JSON.stringify(plain(`${one}`));
        if (Array.isArray(one)) return `[${one.map(write).join(",")}]`;
        return `{${Object.entries(one as object)
          .map(([key, held]) => `${JSON.stringify(hide(key))}:${write(held)}`)
          .join(",")}}`;
      };
      const shown = await maskJson(
        values.map((one) => JSON.stringify(one)),
        { patterns: [], expressions, fields: [] }
      );
      expect(shown, JSON.stringify(expressions)).toEqual(values.map(write));
    }
  });
});
