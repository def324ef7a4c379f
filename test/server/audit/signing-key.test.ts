import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSealedAudit } from "#lib/server/audit/sealed-audit.ts";
import { findCheckpointDefect, openSigningKey, parsePublicKeys } from "#lib/server/audit/signing-key.ts";
import { systemClock } from "#lib/server/clock.ts";
import { recordIn } from "#lib/server/state/audit-rows.ts";
import { openState } from "#lib/server/state/state.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tracebook-key-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pemOf = (type: "ed25519" | "x25519") =>
  (type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519")).privateKey
    .export({ type: "pkcs8", format: "pem" })
    .toString();
const place = { seq: 7, hash: "ab", at: "2026-05-01T00:00:00.000000000Z" };

test("of processes that begin together all sign with one key, which nobody else can read", async () => {
  const keys = await Promise.all(Array.from({ length: 6 }, () => openSigningKey(`${folder}/one`, null)));
  expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1);
  expect((await stat(`${folder}/one/signing-key.pem`)).mode & 0o777).toBe(0o600);
  expect(await readFile(`${folder}/one/public-key.pem`, "utf8")).toBe(keys[0]!.publicKey);
});

test("a signature holds for what was signed and by whom", async () => {
  const key = await openSigningKey(`${folder}/one`, null);
  const other = await openSigningKey(`${folder}/two`, pemOf("ed25519"));
  const signed = key.sign(place);
  const trusted = parsePublicKeys(key.publicKey);
  expect(findCheckpointDefect(signed, trusted)).toBeUndefined();
  expect(findCheckpointDefect({ ...signed, seq: 8 }, trusted)).toMatch(/forged/);
  expect(findCheckpointDefect(other.sign(place), trusted)).toMatch(/not trusted/);
  expect(findCheckpointDefect(other.sign(place), parsePublicKeys(key.publicKey + other.publicKey))).toBeUndefined();
});

test("a key that others can read, of another kind or no key at all is refused", async () => {
  const path = `${folder}/open.pem`;
  await writeFile(path, pemOf("ed25519"), { mode: 0o600 });
  expect((await openSigningKey(`${folder}/three`, path)).keyId).toMatch(/^[0-9a-f]{16}$/);
  await chmod(path, 0o644);
  await expect(openSigningKey(`${folder}/three`, path)).rejects.toMatchObject({ code: "denied" });
  await expect(openSigningKey(`${folder}/three`, `${folder}/none.pem`)).rejects.toMatchObject({ code: "broken" });
  await expect(openSigningKey(`${folder}/three`, pemOf("x25519"))).rejects.toThrow(/x25519, not Ed25519/);
  await expect(openSigningKey(`${folder}/three`, "-----BEGIN nothing")).rejects.toMatchObject({ code: "invalid" });
  expect(() => parsePublicKeys("nothing")).toThrow(/no public key/);
});

test("a process signs at its start and its end, in the state, in the data folder and where it is told to", async () => {
  const dataFolder = `${folder}/data`;
  const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
  const sink = `${folder}/elsewhere/sink.ndjson`;
  const config = { dataFolder, auditKey: null, auditSink: sink };
  const errors: unknown[] = [];
  const { audit, close } = await openSealedAudit(config, state.db, systemClock, (error) => errors.push(error));
  const entry = { action: "trace.view", object: { kind: "trace", id: "t1" }, units: [] } as const;
  const scope = { userId: "ada", roles: ["auditor"], businessUnits: [] } as const;
  await state.db.transaction().execute((transaction) => recordIn(transaction, scope, entry));
  await close();
  const [inside, outside] = [
    await readFile(`${dataFolder}/audit/checkpoints.ndjson`, "utf8"),
    await readFile(sink, "utf8")
  ];
  expect(inside).toBe(outside);
  expect(
    inside
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).seq)
  ).toEqual([0, 1]);
  expect(await audit.verify(scope, new AbortController().signal)).toMatchObject({
    isIntact: true,
    entries: 1,
    checkpoints: 2
  });
  // A key that signed before is put beside the one of today.
  await writeFile(`${dataFolder}/audit/former-keys.pem`, await readFile(`${dataFolder}/audit/public-key.pem`));
  const later = await openSealedAudit({ ...config, auditKey: pemOf("ed25519") }, state.db, systemClock, (error) =>
    errors.push(error)
  );
  expect((await later.audit.verify(scope, new AbortController().signal)).isIntact).toBe(true);
  await later.close();
  await state.close();
  expect(errors).toEqual([]);
});
