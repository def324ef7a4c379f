import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "#lib/server/clock.ts";
import { openState } from "#lib/server/state/state.ts";
import { stateContract } from "../../contract/state.ts";

stateContract("SQLite", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "tracebook-state-"));
  const config = { dataFolder, databaseUrl: null };
  const state = await openState(config, systemClock);
  return {
    state,
    config,
    fresh: { dataFolder: join(dataFolder, "fresh"), databaseUrl: null },
    async close() {
      await state.close();
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
});

test("a database that cannot be opened is a fault without its password", async () => {
  const config = { dataFolder: "/nowhere", databaseUrl: "postgres://me:hunter2@127.0.0.1:9/none" };
  const fault = await openState(config, systemClock).catch((error: unknown) => error);
  expect(fault).toMatchObject({ name: "Fault", code: "broken" });
  const { message, hint, detail } = fault as { message: string; hint?: string; detail?: string };
  expect(`${message} ${hint} ${detail}`).not.toContain("hunter2");
});

test("a state file that is no database is a fault that names the folder", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "tracebook-state-"));
  try {
    await writeFile(
      join(dataFolder, "state.sqlite"),
      "no database, only words that are long enough to be a header\n".repeat(40)
    );
    await expect(openState({ dataFolder, databaseUrl: null }, systemClock)).rejects.toMatchObject({ code: "broken" });
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
});

test("many may open a new state at once", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "tracebook-state-"));
  try {
    const states = await Promise.all(
      Array.from({ length: 4 }, () => openState({ dataFolder, databaseUrl: null }, systemClock))
    );
    await Promise.all(states.map((state) => state.close()));
  } finally {
    await rm(dataFolder, { recursive: true, force: true });
  }
});
