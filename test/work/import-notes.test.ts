import { expect, test } from "vitest";
import { ImportNotes } from "#lib/work/import-notes.ts";
import { nameRunAgent } from "#lib/work/import-traces.ts";
import { hexId, makeSpan } from "../spans.ts";

const span = (word: string, more: object = {}) =>
  makeSpan({ traceId: hexId("t", 32), spanId: hexId(word, 16), parentSpanId: null, ...more });

test("what cannot be quite right is said once for each kind", () => {
  const notes = new ImportNotes();
  for (const one of [
    span("a"),
    span("b", { parentSpanId: hexId("a", 16) }),
    span("b", { parentSpanId: hexId("a", 16) }),
    span("c", { parentSpanId: hexId("gone", 16) }),
    span("d", { startNs: 5n, endNs: 4n }),
    span("e", { startNs: 5n, endNs: 3n })
  ])
    notes.add(one);
  expect(notes.list()).toEqual([
    "2 spans end before they start: their times are kept as they came",
    "1 span came more than once: the later one counts",
    "1 span names a parent that did not come: kept all the same"
  ]);
  expect(new ImportNotes().list()).toEqual([]);
});

test("a recorded run is called after its folder, alone or with its neighbours, and after its file where that says nothing", () => {
  const file = (name: string, folder: string) => nameRunAgent({ name, folder });
  expect([file("a.json", "retail"), file("sub/b.json.gz", "retail")]).toEqual(["retail", "retail"]);
  expect([file("airline.json.gz", "tmp"), file("x/airline.json", "Downloads")]).toEqual(["airline", "airline"]);
});

test("files that are passed over are counted, and the first of them named", () => {
  const notes = new ImportNotes();
  for (const name of ["a.png", "b.png", "c.txt", "d.md"]) notes.passOver(name);
  expect(notes.list()).toEqual([
    expect.stringMatching(/^4 files are passed over, .*: a.png, b.png, c.txt and 1 more$/)
  ]);
});
