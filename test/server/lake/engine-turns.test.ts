import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { EngineTurns, engineTurns } from "#lib/server/lake/engine-turns.ts";
import { openLakeFixture, scopeOf } from "./fixture.ts";

const going = new AbortController().signal;

/** Calls that end when they are told to. */
function holdTurns(turns: EngineTurns) {
  const begun: string[] = [];
  const take = (owner: string, name: string, signal = going) => {
    const ended = Promise.withResolvers<void>();
    const done = turns.take(owner, signal, () => {
      begun.push(name);
      return ended.promise;
    });
    const end = () => {
      ended.resolve();
      return done;
    };
    return { done, end };
  };
  return { begun, take };
}

test("an owner with enough calls waits, and others go before; turns come back, after a failure too", async () => {
  const turns = new EngineTurns(3, 2);
  const { begun, take } = holdTurns(turns);
  const [first, , third] = ["one", "two", "three"].map((name) => take("a", name));
  const other = take("b", "other");
  const late = take("b", "late");
  expect(begun).toEqual(["one", "two", "other"]);
  await first!.end();
  expect(begun).toEqual(["one", "two", "other", "three"]);
  await third!.end();
  expect(begun.at(-1)).toBe("late");
  await Promise.all([other.end(), late.end()]);
  await expect(turns.take("a", going, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.take("a", going, async () => "again")).toBe("again");
});

test("who stops waiting takes no turn", async () => {
  const turns = new EngineTurns(1, 1);
  const { begun, take } = holdTurns(turns);
  const held = take("a", "held");
  const leaving = new AbortController();
  const left = take("b", "left", leaving.signal);
  leaving.abort(new Error("stopped"));
  await expect(left.done).rejects.toThrow("stopped");
  await expect(take("b", "gone", leaving.signal).done).rejects.toThrow("stopped");
  await held.end();
  expect(begun).toEqual(["held"]);
});

test("a person's questions wait when the engine works on enough of theirs; another's are answered", async () => {
  const fixture = await openLakeFixture();
  const { take } = holdTurns(engineTurns);
  const held = Array.from({ length: 8 }, (_, at) => take("busy", String(at)));
  const busy = await fixture.lake.openKernel({ ...scopeOf(["support"]), userId: "busy" });
  const other = await fixture.lake.openKernel({ ...scopeOf(["support"]), userId: "other" });
  const leaving = new AbortController();
  const stopped = expect(busy.rows("select 1 as one", {}, 1, leaving.signal)).rejects.toMatchObject({ code: "limit" });
  expect(await other.rows("select 1 as one", {}, 1)).toHaveLength(1);
  leaving.abort();
  await stopped;
  const waiting = busy.rows("select 1 as one", {}, 1);
  await Promise.all(held.map(({ end }) => end()));
  expect(await waiting).toHaveLength(1);
  await Promise.all([busy.close(), other.close()]);
  await fixture.close();
});

test("the launcher gives a process more threads than questions may hold", async () => {
  const launcher = fileURLToPath(new URL("../../../app/_cli/launch.mjs", import.meta.url));
  const shown = await promisify(execFile)(process.execPath, [
    launcher,
    "--run",
    "-p",
    "process.env.UV_THREADPOOL_SIZE"
  ]);
  expect(Number(shown.stdout)).toBeGreaterThan(24);
});
