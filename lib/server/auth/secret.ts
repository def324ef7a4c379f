import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";

/**
 * What cookies are signed with: the configured secret, or one that is made once and kept beside the state, readable by
 * its owner alone. A new one signs everybody out.
 */
export async function readSecret(config: {
  readonly secret: string | null;
  readonly dataFolder: string;
}): Promise<string> {
  if (config.secret !== null) return config.secret;
  const path = `${config.dataFolder}/sign-in-secret`;
  const read = () =>
    readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
  const kept = (await read()).trim();
  if (kept !== "") return kept;
  await mkdir(config.dataFolder, { recursive: true });
  const own = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(own, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flag: "wx" });
  try {
    // A link is made whole or not at all, and the first of two processes wins.
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(own);
  }
  return (await read()).trim();
}
