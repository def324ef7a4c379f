import { mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CheckpointSubject } from "#lib/map/checkpoint.ts";
import { isFault } from "#lib/model/fault.ts";
import type { MapBuilder, MapProgress, MapRequest } from "#lib/ports/map-builder.ts";
import { openMapBuilder } from "#lib/server/map/builder.ts";
import {
  type CheckpointPlace,
  checkpointDefaults,
  openCheckpoints,
  pruneCheckpoints
} from "#lib/server/map/checkpoints.ts";
import { topicTexts } from "../../map/topic-texts.ts";

let root: string;
const opened: MapBuilder[] = [];
beforeAll(async () => {
  root = await mkdtemp(`${tmpdir()}/tracebook-checkpoints-`);
});
afterAll(async () => {
  await Promise.all(opened.map((builder) => builder.close()));
  await rm(root, { recursive: true });
});

const never = new AbortController().signal;
const silent = () => undefined;
const placeOf = (name: string, changes: Partial<CheckpointPlace> = {}): CheckpointPlace => ({
  ...checkpointDefaults,
  afterMs: 0,
  everyMs: 0,
  folder: `${root}/${name}`,
  ...changes
});
async function open(checkpoints: CheckpointPlace | null): Promise<MapBuilder> {
  const builder = await openMapBuilder({ checkpoints });
  opened.push(builder);
  return builder;
}
function requestOf(n: number, seed = 1): MapRequest {
  const texts = topicTexts(n, 8);
  return { texts, traceIds: texts.map((_, i) => `t${i}`), seed, neighbours: 15, minClusterSize: 0 };
}
/** Builds until a step has got so far, then stops. */
async function stopAt(builder: MapBuilder, request: MapRequest, isThere: (progress: MapProgress) => boolean) {
  const stop = new AbortController();
  const fault = await builder
    .build(request, (progress) => isThere(progress) && stop.abort(), stop.signal)
    .catch((error: unknown) => error);
  expect(isFault(fault) && fault.message).toBe("stopped");
}
async function build(builder: MapBuilder, request: MapRequest) {
  const told: MapProgress[] = [];
  const answer = await builder.build(request, (progress) => told.push(progress), never);
  return { answer, from: told.at(-1)?.from, steps: new Set(told.map(({ step }) => step)) };
}
const isHalfLaidOut = ({ step, done, total }: MapProgress) => step === "layout" && done * 2 >= total;

test("a map whose thread is ended in its layout goes on from there, in another process's builder, and ends in the same bytes", async () => {
  const request = requestOf(900);
  const whole = await (await open(null)).build(request, silent, never);
  const place = placeOf("killed");
  await stopAt(await open(place), request, isHalfLaidOut);
  const { answer, from, steps } = await build(await open(place), request);
  expect(answer).toEqual(whole);
  expect(from?.step).toBe("layout");
  // The thread may end before its last places are kept, or do some more of them while it is being ended.
  expect(from?.share).toBeGreaterThan(0);
  expect(from?.share).toBeLessThanOrEqual(1);
  expect(steps.has("neighbours")).toBe(false);

  const [key] = await readdir(place.folder);
  expect((await readdir(`${place.folder}/${key}`)).sort()).toEqual(["layout.bin", "neighbours.bin"]);
  for (const path of [place.folder, `${place.folder}/${key}`]) expect((await stat(path)).mode & 0o077).toBe(0);
  for (const name of ["layout.bin", "neighbours.bin"]) {
    const bytes = await readFile(`${place.folder}/${key}/${name}`);
    expect((await stat(`${place.folder}/${key}/${name}`)).mode & 0o777).toBe(0o600);
    for (const word of ["refund", "luggage", "router"]) expect(bytes.includes(word)).toBe(false);
  }
});

test("a file that is cut or changed counts as none", async () => {
  const request = requestOf(150);
  const whole = await (await open(null)).build(request, silent, never);
  for (const name of ["vectors", "neighbours", "layout"]) {
    for (const hurt of name === "layout" ? ["cut", "changed", "emptied"] : ["changed"]) {
      const place = placeOf(`hurt-${name}-${hurt}`);
      await stopAt(await open(place), request, isHalfLaidOut);
      const [key] = await readdir(place.folder);
      const path = `${place.folder}/${key}/${name}.bin`;
      const bytes = await readFile(path);
      if (hurt === "changed") {
        bytes[bytes.length - 30]! ^= 0x10;
        await writeFile(path, bytes);
      } else await truncate(path, hurt === "cut" ? bytes.length - 64 : 0);
      const { answer, from } = await build(await open(place), request);
      expect(answer).toEqual(whole);
      expect(from?.step).toBe({ vectors: "layout", neighbours: "vectors", layout: "neighbours" }[name]);
    }
  }
});

test("other texts, another seed and other neighbours begin anew; another smallest cluster goes on", async () => {
  const place = placeOf("others");
  const builder = await open(place);
  const request = requestOf(300);
  await builder.build(request, silent, never);
  const others: MapRequest[] = [
    { ...request, seed: 2 },
    { ...request, neighbours: 14 },
    { ...request, texts: [...request.texts.slice(1), "one more about a parrot and its cage"] }
  ];
  for (const other of others) {
    const { answer, from } = await build(builder, other);
    expect(from).toBeUndefined();
    expect(answer).toEqual(await (await open(null)).build(other, silent, never));
  }
  const wide = { ...request, minClusterSize: 60 };
  const { answer, from } = await build(builder, wide);
  expect(from).toEqual({ step: "layout", share: 1 });
  expect(answer).toEqual(await (await open(null)).build(wide, silent, never));
});

const subject = (seed: number): CheckpointSubject => ({
  texts: ["a", "b"],
  seed,
  neighbours: 2,
  given: null,
  start: null
});
const bytes = (length: number) => ({ positions: new Float32Array(length / 4) });

test("a step of something else is not read, wherever it lies", async () => {
  const place = placeOf("swapped");
  const openOne = openCheckpoints(place, () => Date.now(), silent);
  openOne(subject(1)).keep("layout", {}, bytes(64));
  const [one] = await readdir(place.folder);
  const two = openOne(subject(2));
  two.keep("layout", {}, bytes(64));
  const other = (await readdir(place.folder)).find((name) => name !== one)!;
  await writeFile(`${place.folder}/${other}/layout.bin`, await readFile(`${place.folder}/${one}/layout.bin`));
  expect(two.find("layout")).toBeUndefined();
  expect(openOne(subject(1)).find("layout")).toBeDefined();
  // Texts are not run together: their lengths count.
  expect(openOne({ ...subject(1), texts: ["ab", ""] }).find("layout")).toBeUndefined();
  expect(openOne({ ...subject(1), start: new Float64Array(4) }).find("layout")).toBeUndefined();
  const vectors = new Float32Array(4);
  expect(openOne({ ...subject(1), given: { model: "m", d: 2, vectors } }).find("layout")).toBeUndefined();
});

test("what is kept is bounded in number, in bytes and in age, the oldest going first", async () => {
  const place = placeOf("bounds", { mostMaps: 3, mostBytes: 10_000, mostStepBytes: 6_000 });
  const openOne = openCheckpoints(place, () => Date.now(), silent);
  const keys: string[] = [];
  const keep = async (seed: number, size: number) => {
    const before = new Set(await readdir(place.folder).catch(() => []));
    openOne(subject(seed)).keep("layout", {}, bytes(size));
    const [key] = (await readdir(place.folder).catch(() => [])).filter((name) => !before.has(name));
    if (!key) return;
    keys.push(key);
    // Each is a minute younger than the one before.
    const at = Date.now() / 1000 - 3600 + 60 * seed;
    await utimes(`${place.folder}/${key}/layout.bin`, at, at);
  };
  for (const seed of [1, 2, 3, 4]) await keep(seed, 800);
  expect((await readdir(place.folder)).sort()).toEqual(keys.slice(1).sort());
  await keep(5, 6_004);
  expect(keys).toHaveLength(4);
  await keep(6, 5_600);
  await keep(7, 5_600);
  expect(await readdir(place.folder)).toEqual([keys.at(-1)]);
  pruneCheckpoints(place, Date.now() + place.oldestMs);
  expect(await readdir(place.folder)).toEqual([]);
});

test("a map that is quickly made keeps nothing, and one that cannot be kept is made all the same", async () => {
  const quick = placeOf("quick", { afterMs: 600_000 });
  await (await open(quick)).build(requestOf(100), silent, never);
  expect(await readdir(quick.folder).catch(() => [])).toEqual([]);

  await writeFile(`${root}/blocked`, "a file where the folder should be");
  const told: unknown[] = [];
  const checkpoint = openCheckpoints(
    placeOf("blocked"),
    () => Date.now(),
    (error) => told.push(error)
  )(subject(1));
  checkpoint.keep("layout", {}, bytes(64));
  checkpoint.keep("layout", {}, bytes(64));
  expect(told).toHaveLength(1);
  expect(checkpoint.isDue()).toBe(false);
});
