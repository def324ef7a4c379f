import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSealedAudit } from "#lib/server/audit/sealed-audit.ts";
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

test("what is erased from the audit trail is in no file of the state any more", async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), "tracebook-state-"));
  const scope = { userId: "ada", roles: ["admin"], businessUnits: [] } as const;
  const words = "a word that stands nowhere else ".repeat(30);
  const files = async () =>
    (await Promise.all(["", "-wal"].map((end) => readFile(`${dataFolder}/state.sqlite${end}`, "latin1")))).join();
  try {
    const { db, close } = await openState({ dataFolder, databaseUrl: null }, systemClock);
    const sealed = await openSealedAudit({ dataFolder, auditKey: null, auditSink: null }, db, systemClock, () => 0);
    const entry = { action: "trace.view", object: { kind: "trace", id: "t1" }, units: [], title: words } as const;
    await sealed.audit.record(scope, entry);
    expect(await files()).toContain("nowhere else");
    const { signal } = new AbortController();
    await sealed.erasures.erase(scope, { kind: "person", userId: "ada" }, "left", signal);
    expect(await files()).not.toContain("nowhere else");
    await sealed.close();
    await close();
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
