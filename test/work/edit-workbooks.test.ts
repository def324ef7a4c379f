import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Workbooks } from "#lib/ports/workbooks.ts";
import { createWorkbook, formatSlug, saveWorkbook } from "#lib/work/edit-workbooks.ts";
import { parseWorkbook } from "#lib/workbook/parse-workbook.ts";
import { type LakeFixture, openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

let fixture: LakeFixture;
let workbooks: Workbooks;
const scope = scopeOf(["support"]);

beforeAll(async () => {
  fixture = await openLakeFixture();
  workbooks = fixture.state.workbooks;
});

afterAll(() => fixture.close());

test.each([
  ["Refund quality, weekly", "refund-quality-weekly"],
  ["  Ünïcode & Café  ", "unicode-cafe"],
  [`${"a".repeat(59)} b`, "a".repeat(59)],
  ["日本", "workbook"],
  ["---", "workbook"]
])("the title %j becomes the address %s", (title, slug) => {
  expect(formatSlug(title)).toBe(slug);
});

test("whatever the title, its address is short and plain", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (title) => {
      expect(formatSlug(title)).toMatch(/^(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*$/);
    })
  );
});

test("a new workbook begins with a text that reads and shows recent traces", async () => {
  const made = await createWorkbook(workbooks, scope, ' The "first" ', undefined);
  expect(made).toMatchObject({ slug: "the-first", title: 'The "first"', revision: 1 });
  const read = parseWorkbook(made.text);
  expect(read.title).toBe('The "first"');
  expect(read.cells.map(({ kind }) => kind)).toEqual(["prose", "sql"]);
});

test("a second workbook of the same title gets a number, and the first stays as it was", async () => {
  const first = await createWorkbook(workbooks, scope, "Twice", "# one");
  const second = await createWorkbook(workbooks, scope, "Twice", "# two");
  expect([first.slug, second.slug]).toEqual(["twice", "twice-2"]);
  expect((await workbooks.find(scope, "twice"))?.text).toBe("# one");
});

test("to who does not see every workbook an address never tells that others have one of that title", async () => {
  const person = (userId: string) => ({ userId, roles: [], businessUnits: ["support"] });
  await createWorkbook(workbooks, scope, "Refunds", undefined);
  const first = await createWorkbook(workbooks, person("ann"), "Refunds", undefined);
  const second = await createWorkbook(workbooks, person("ann"), "Refunds", undefined);
  const own = await createWorkbook(workbooks, person("bob"), "Refunds", undefined);
  const only = await createWorkbook(workbooks, person("ann"), "Nobody has it", undefined);
  const slugs = [first, second, own].map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(3);
  for (const slug of slugs) expect(slug).toMatch(/^refunds-[0-9a-f]{6}$/);
  expect(only.slug).toMatch(/^nobody-has-it-[0-9a-f]{6}$/);
});

test("a title of spaces makes no workbook", async () => {
  await expect(createWorkbook(workbooks, scope, "   ", undefined)).rejects.toMatchObject({ code: "invalid" });
});

test("when every number is taken the person is asked for another title", async () => {
  const full = {
    ...workbooks,
    create: (...given: Parameters<Workbooks["create"]>) => workbooks.create(given[0], "twice", given[2], given[3])
  };
  await expect(createWorkbook(full, scope, "Twice", "# three")).rejects.toMatchObject({
    code: "conflict",
    hint: "Choose another title."
  });
});

test("a failure of the state is not taken for a taken name", async () => {
  const broken = { ...workbooks, create: () => Promise.reject(new Error("disk full")) };
  await expect(createWorkbook(broken, scope, "Other", undefined)).rejects.toThrow("disk full");
});

test("a save takes the title the text names, and keeps the old one where the text cannot be read", async () => {
  const { slug } = await createWorkbook(workbooks, scope, "Saved", undefined);
  const named = await saveWorkbook(workbooks, scope, slug, "---\ntitle: Renamed\n---\nhi\n", 1);
  expect(named).toMatchObject({ kind: "saved", workbook: { title: "Renamed", revision: 2 } });
  const broken = "---\ntitle: [\n---\nwhat I typed\n";
  expect(await saveWorkbook(workbooks, scope, slug, broken, 2)).toMatchObject({
    kind: "saved",
    workbook: { title: "Renamed", text: broken, revision: 3 }
  });
});

test("a save that stands on an older text changes nothing and shows what stands now", async () => {
  const { slug } = await createWorkbook(workbooks, scope, "Shared", undefined);
  await saveWorkbook(workbooks, scope, slug, "# mine\n", 1);
  expect(await saveWorkbook(workbooks, scope, slug, "# theirs\n", 1)).toMatchObject({
    kind: "conflict",
    current: { text: "# mine\n", revision: 2 }
  });
});

test("a workbook that is not there cannot be saved", async () => {
  await expect(saveWorkbook(workbooks, scope, "nothing", "# a", 1)).rejects.toMatchObject({ code: "missing" });
});
