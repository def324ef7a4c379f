import { afterAll, expect, test } from "vitest";
import { openSqlParser } from "#lib/server/lake/parser.ts";
import { matchingTraces, parsePredicate, withPredicate } from "#lib/work/traffic-predicate.ts";
import { openLakeFixture, scopeOf } from "../server/lake/fixture.ts";

const parser = await openSqlParser();
afterAll(() => parser.close());
const parse = (text: string) => parsePredicate(parser, text);

test("a condition says by what a trace is chosen: itself, its scores, or its place on a map", async () => {
  expect(await parse(" agent = 'refunds' and errors > 0 ")).toEqual({
    ...{ sql: "agent = 'refunds' and errors > 0", isOwn: true, readsPlaces: false, readsScores: false }
  });
  expect(await parse("trace_id in (select trace_id from spans where tool_name = 'pay')")).toMatchObject({
    isOwn: true
  });
  expect(await parse("trace_id in (select trace_id from AREAS where area = 'odd')")).toMatchObject({
    ...{ isOwn: false, readsPlaces: true, readsScores: false }
  });
  expect(await parse("trace_id in (select trace_id from scores where pass = false)")).toMatchObject({
    readsScores: true
  });
});

test("a whole question, such as that behind a selection, means its traces", async () => {
  const { sql, readsPlaces } = await parse("select p.trace_id, p.x\nfrom placements p\nwhere p.cluster = 3");
  expect(sql).toBe(
    "trace_id in (select trace_id from (\nselect p.trace_id, p.x\nfrom placements p\nwhere p.cluster = 3\n))"
  );
  expect(readsPlaces).toBe(true);
});

test("what is no condition is refused with the engine's sentence and the place in the text", async () => {
  for (const wrong of ["true) or (", "agent = 'a'; drop table traces", "true) limit 5 --", "agent = ", "/* and"])
    await expect(parse(wrong)).rejects.toMatchObject({
      code: "invalid",
      message: expect.stringContaining("condition")
    });
  await expect(parse("true and\nagent = = 3")).rejects.toMatchObject({ position: { line: 2 } });
  await expect(parse("select trace_id fromm traces where x")).rejects.toMatchObject({ position: { line: 1 } });
  await expect(parse("agent = $who")).rejects.toMatchObject({ message: expect.stringContaining("$who") });
  for (const table of ["annotations", "queue_items", "datasets"])
    await expect(parse(`trace_id in (select trace_id from ${table})`)).rejects.toMatchObject({
      message: expect.stringContaining("long after")
    });
});

test("what the engine finds wrong with a condition is said at its own place", async () => {
  const fixture = await openLakeFixture();
  const kernel = await fixture.lake.openKernel(scopeOf(["support"]));
  const ask = (sql: string) => withPredicate(sql, () => kernel.rows(`select 1 from ${matchingTraces(sql)}`, {}, 1));
  await expect(ask("agent = 'a'\n  and nothing_such > 3")).rejects.toMatchObject({
    ...{ code: "invalid", position: { line: 2, column: 7 } },
    message: expect.stringContaining("nothing_such")
  });
  await expect(ask("read_text('/etc/passwd') is not null")).rejects.toMatchObject({ name: "Fault" });
  await kernel.close();
  await fixture.close();
});
