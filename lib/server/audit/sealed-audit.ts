import { readFile } from "node:fs/promises";
import type { Kysely } from "kysely";
import type { Audit } from "#lib/ports/audit.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Erasures } from "#lib/ports/erasures.ts";
import { openAudit } from "../state/audit.ts";
import { openErasures } from "../state/erasures.ts";
import type { StateTables } from "../state/schema.ts";
import { openSigningKey } from "./signing-key.ts";

/** Between two checkpoints of a trail that grows, in ms: what could be cut from its end unseen is no more than this. */
const periodMs = 300_000;

/** Where the key lies and checkpoints go. */
export interface SealConfig {
  readonly dataFolder: string;
  /** PEM, or the path of a file with it; null keeps a key in the data folder. */
  readonly auditKey: string | null;
  /** A file elsewhere that gets every checkpoint, too. */
  readonly auditSink: string | null;
}

/** The folder with the key and the checkpoints of a workbench. */
export function auditFolder(dataFolder: string): string {
  return `${dataFolder}/audit`;
}

/**
 * The audit trail of a process, which signs where it stands at its start, at its end, and every few minutes between.
 *
 * @param report  told of a checkpoint that could not be kept; the trail itself goes on
 */
export async function openSealedAudit(
  config: SealConfig,
  db: Kysely<StateTables>,
  clock: Clock,
  report: (error: unknown) => void
): Promise<{ readonly audit: Audit; readonly erasures: Erasures; close(): Promise<void> }> {
  const folder = auditFolder(config.dataFolder);
  const key = await openSigningKey(folder, config.auditKey);
  const audit = openAudit(db, clock, {
    key,
    formerKeys: await readFormerKeys(folder),
    files: [`${folder}/checkpoints.ndjson`, ...(config.auditSink === null ? [] : [config.auditSink])]
  });
  let signing: Promise<unknown> = audit.checkpoint();
  await signing;
  const signNext = () => {
    signing = signing.then(() => audit.checkpoint()).catch(report);
    return signing;
  };
  const timer = setInterval(() => void signNext(), periodMs);
  timer.unref();
  return {
    audit,
    erasures: openErasures(db, clock, key),
    async close() {
      clearInterval(timer);
      await signNext();
    }
  };
}

/** Public keys that signed before, where somebody put them beside the key of today. */
async function readFormerKeys(folder: string): Promise<string | null> {
  return readFile(`${folder}/former-keys.pem`, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}
