import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { TypeChecks } from "#lib/server/type-checks.ts";

const contractPath = fileURLToPath(new URL("../../lib/scoring/contract.d.ts", import.meta.url));
const plain = `import { pass, scorer } from "tracebook";
export default scorer({ score: () => pass() });`;
/** Doubles a type until a machine has worked on it for minutes. */
const slow = `type Twice<T extends string> = \`\${T}0\` | \`\${T}1\`;
type Long = Twice<Twice<Twice<Twice<Twice<Twice<Twice<Twice<Twice<Twice<Twice<Twice<"">>>>>>>>>>>>;
type Pairs<A extends string> = A extends infer B ? B extends Long ? { [K in Long]: K extends B ? 1 : 0 }[Long] : 0 : 0;
type Every = Long extends infer A ? A extends Long ? { [K in Long]: Pairs<K> } : never : never;
const x: Every = 1;`;
const deep = `const x = ${"[".repeat(60_000)}${"]".repeat(60_000)};`;

let checks: TypeChecks;
afterEach(() => checks.close());

test("a text whose types take too long has a fault of its own, and the next is checked", async () => {
  checks = new TypeChecks(contractPath, { check: 3_000, start: 25_000 });
  const [first, bomb, last] = await Promise.allSettled([checks.check(plain), checks.check(slow), checks.check(plain)]);
  expect(first).toEqual({ status: "fulfilled", value: [] });
  expect(bomb).toMatchObject({
    reason: { code: "limit", message: "the types of this scorer take longer than 3 s to check" }
  });
  expect(last).toEqual({ status: "fulfilled", value: [] });
});

test("a text that ends the checker has a fault of its own, and the next is checked", async () => {
  checks = new TypeChecks(contractPath);
  const [bomb, next] = await Promise.allSettled([checks.check(deep), checks.check(plain)]);
  expect(bomb).toMatchObject({ reason: { code: "broken", message: "the type checker stopped over this scorer" } });
  expect(next).toEqual({ status: "fulfilled", value: [] });
});

test("no more than two hundred wait, and who waits when it closes is told", async () => {
  checks = new TypeChecks(contractPath);
  const asked = Array.from({ length: 201 }, () => checks.check(plain));
  const settled = Promise.allSettled(asked);
  expect(() => checks.check(plain)).toThrow("200 scorers wait for the type checker already");
  await checks.close();
  expect((await settled).every(({ status }) => status === "rejected")).toBe(true);
});
