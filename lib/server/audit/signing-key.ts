import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
  verify
} from "node:crypto";
import { link, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { AuditCheckpoint } from "#lib/model/audit.ts";
import { Fault } from "#lib/model/fault.ts";
import type { Json } from "#lib/model/span.ts";
import { canonicalJson } from "#lib/scoring/json-value.ts";

/** Signs where the chain stands. */
export interface SigningKey {
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
  sign(checkpoint: Pick<AuditCheckpoint, "seq" | "hash" | "at">): AuditCheckpoint;
  /** The signature over the canonical JSON of a value, in base64. */
  signJson(value: Json): string;
}

/**
 * Opens the key that signs checkpoints; makes one where there is none yet.
 *
 * @param given  PEM of a private Ed25519 key, or the path of a file with it; null keeps the key in `folder`
 * @throws Fault `invalid` for another kind of key, `denied` where others may read its file
 */
export async function openSigningKey(folder: string, given: string | null): Promise<SigningKey> {
  const path = given === null || given.startsWith("-----BEGIN") ? `${folder}/signing-key.pem` : given;
  if (given === null) await makeKey(folder, path);
  const privateKey = readPrivateKey(given?.startsWith("-----BEGIN") ? given : await readKeyFile(path));
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const signJson = (value: Json) => sign(null, Buffer.from(canonicalJson(value)), privateKey).toString("base64");
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/public-key.pem`, pem);
  return {
    keyId,
    publicKey: pem,
    signJson,
    sign({ seq, hash, at }) {
      return { seq, hash, at, keyId, signature: signJson(signedValue({ seq, hash, at, keyId })) };
    }
  };
}

/** Reads public keys, any number of them in one text. @throws Fault `invalid` */
export function parsePublicKeys(pem: string): ReadonlyMap<string, KeyObject> {
  const blocks = pem.match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g) ?? [];
  if (blocks.length === 0) throw new Fault("invalid", "the file holds no public key in PEM form");
  return new Map(
    blocks.map((block) => {
      const key = toEd25519(() => createPublicKey(block));
      return [keyIdOf(key), key];
    })
  );
}

/** Why a checkpoint proves nothing, or undefined where one of the keys signed it. */
export function findCheckpointDefect(
  checkpoint: AuditCheckpoint,
  trusted: ReadonlyMap<string, KeyObject>
): string | undefined {
  const defect = findSignatureDefect(signedValue(checkpoint), checkpoint, trusted);
  return defect && `the checkpoint of ${checkpoint.at} ${defect}`;
}

/** Why a signature over the canonical JSON of a value proves nothing, as the end of a sentence about the value. */
export function findSignatureDefect(
  value: Json,
  { keyId, signature }: Pick<AuditCheckpoint, "keyId" | "signature">,
  trusted: ReadonlyMap<string, KeyObject>
): string | undefined {
  const key = trusted.get(keyId);
  if (!key) return `is signed by a key that is not trusted (${keyId})`;
  const holds = verify(null, Buffer.from(canonicalJson(value)), key, Buffer.from(signature, "base64"));
  return holds ? undefined : "is forged: its signature does not hold";
}

function signedValue({ seq, hash, at, keyId }: Omit<AuditCheckpoint, "signature">): Json {
  return { seq, hash, ts: at, key_id: keyId };
}

function keyIdOf(key: KeyObject): string {
  return createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 16);
}

/** Of processes that begin together one makes the key, whole before it has its name. */
async function makeKey(folder: string, path: string): Promise<void> {
  if (await stat(path).catch(() => undefined)) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}.draft`;
  const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
  await writeFile(draft, pem, { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(draft);
}

async function readKeyFile(path: string): Promise<string> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Fault("broken", `the key of the audit trail cannot be read from ${path}`, { cause: error });
  });
  if (process.platform !== "win32" && (found.mode & 0o077) !== 0) {
    throw new Fault("denied", `others may read the key of the audit trail in ${path}`, {
      hint: `Take their right away: chmod 600 ${path}`
    });
  }
  return readFile(path, "utf8");
}

function readPrivateKey(pem: string): KeyObject {
  return toEd25519(() => createPrivateKey(pem));
}

function toEd25519(read: () => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read();
  } catch (error) {
    throw new Fault("invalid", "the key of the audit trail is no key in PEM form", { cause: error });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new Fault("invalid", `the key of the audit trail is of the kind ${key.asymmetricKeyType}, not Ed25519`, {
    hint: "Make one with: openssl genpkey -algorithm ed25519"
  });
}
