import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kernel } from "#lib/ports/kernel.ts";
import { boundedFunctions } from "#lib/sql/bounded-functions.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let kernel: Kernel;
beforeAll(async () => {
  fixture = await openLakeFixture();
  kernel = await fixture.lake.openKernel(scopeOf(["support"]));
});
afterAll(async () => {
  await kernel.close();
  await fixture.close();
});

const ask = async (call: string) => (await kernel.rows(`select (${call})::varchar as said`, {}, 1))[0]!["said"];

test.each([
  ["repeat('ab', 3)", "ababab"],
  ["repeat([1, 2], 2)", "[1, 2, 1, 2]"],
  ["repeat(null, 3)", null],
  ["range(3)", "[0, 1, 2]"],
  ["range(5, 2, -1)", "[5, 4, 3]"],
  ["range(null)", null],
  ["generate_series(1, 3)", "[1, 2, 3]"],
  ["len(range(date '2026-01-01', date '2027-01-01', interval 1 hour))", "8760"],
  ["lpad('a', 3, 'x')", "xxa"],
  ["rpad('a', 3, 'x')", "axx"],
  ["list_resize([1], 2)", "[1, NULL]"],
  ["array_resize([1], 3, 7)", "[1, 7, 7]"],
  ["bitstring('11', 4)", "0011"],
  ["levenshtein('abc', 'abd')", "1"],
  ["editdist3('abc', 'abd')", "1"],
  ["damerau_levenshtein('ab', 'ba')", "1"],
  ["replace('banana', 'an', 'AN')", "bANANa"],
  ["regexp_replace('aXa', 'a', 'b', 'g')", "bXb"],
  ["format('order 123456: {:,} {:>3}', 12345, 'x')", "order 123456: 12,345   x"],
  ["printf('%3d %s', 1, 'x')", "  1 x"],
  ["list_transform(range(3), lambda k: repeat('a', k))", "['', a, aa]"]
])("what is asked in measure is answered as the engine does: %s", async (call, said) => {
  expect(await ask(call)).toBe(said);
});

test.each([
  "repeat('x', 1000000000)",
  "repeat([1], 1000000000)",
  "range(10000000000)",
  "range(-9223372036854775808, 9223372036854775807)",
  "range(10, -1000000000, -1)",
  "generate_series(timestamp '2026-01-01', timestamp '2126-01-01', interval 1 second)",
  "lpad('a', 2000000000, 'x')",
  "rpad('a', 2000000000, 'x')",
  "list_resize([1], 1000000000)",
  "array_resize([1], 1000000000, 7)",
  "bitstring('11', 2000000000)",
  "levenshtein(repeat('a', 90000), repeat('b', 90000))",
  "editdist3(repeat('a', 90000), repeat('b', 90000))",
  "damerau_levenshtein(repeat('a', 90000), repeat('b', 90000))",
  "replace(repeat('x', 90000), 'x', repeat('y', 90000))",
  "regexp_replace(repeat('x', 90000), 'x', repeat('y', 90000), 'g')",
  "format('{:>2000000000}', 'x')",
  "format('{:>{}}', 'x', 2000000000)",
  "printf('%2000000000d', 1)",
  "printf('%*d', 2000000000, 1)"
])("what no engine could be stopped in is refused at once, as a constant and of a row: %s", async (call) => {
  const refused = { code: "invalid", message: expect.stringMatching(/^\w+\(\) (makes|compares|would|writes)/) };
  await expect(ask(`len((${call})::varchar)`)).rejects.toMatchObject(refused);
  const ofRow = `select (${call})::varchar as said, r from range(3000) t(r) where hash(r) > 0`;
  await expect(kernel.rows(ofRow, {}, 1)).rejects.toMatchObject(refused);
});

test("a text that is worked out once may be long, one of each row may not", async () => {
  for (const call of [
    "repeat('abcdefghij', 1000000)",
    "repeat('é', 10 * 1000 * 1000)",
    "repeat(repeat('x', 1000), 10000)"
  ]) {
    expect(await ask(`len(${call})`)).toBe("10000000");
  }
  const refused = { code: "invalid", message: expect.stringMatching(/^repeat\(\) makes texts of at most 100000/) };
  const ofRows = ["repeat(word, 100001)", "repeat('x', n)", "repeat('x', 5) || repeat(word, 100001)"];
  for (const call of ofRows) {
    const sql = `select len(${call}) as n from (values ('x', 100001)) v(word, n)`;
    await expect(kernel.rows(sql, {}, 1)).rejects.toMatchObject(refused);
  }
  await expect(kernel.rows("select len(repeat('x', $n)) as n", { n: 100_001 }, 1)).rejects.toMatchObject(refused);
});

test("the engine's own functions of these names are out of reach", async () => {
  for (const { name } of boundedFunctions) {
    for (const place of ["system.main", "system", "SYSTEM.Main", '"system"."main"', "temp.main", "internal"]) {
      await expect(kernel.rows(`select ${place}.${name}('x', 2) as a`, {}, 1)).rejects.toMatchObject({
        code: "denied"
      });
    }
  }
  expect(await ask("main.repeat('x', 2) || memory.main.repeat('y', 2)")).toBe("xxyy");
});
