import { execFile, execFileSync, spawn } from "node:child_process";
import { chown, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";

/** A PostgreSQL of the tests' own, reached by a unix socket only. */
export interface TestPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one in a temporary folder, or prints a line and gives undefined where none is installed. */
export async function startPostgres(): Promise<TestPostgres | undefined> {
  const base = "/usr/lib/postgresql";
  const versions = await readdir(base).catch(() => [] as string[]);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) {
    console.log("no PostgreSQL is installed here: its half of the contract is skipped");
    return undefined;
  }
  const bin = join(base, newest, "bin");
  const folder = await mkdtemp(join(tmpdir(), "tracebook-pg-"));
  const data = join(folder, "data");
  await mkdir(data);
  // PostgreSQL refuses to run as root.
  const identity = process.getuid?.() === 0 ? { uid: idOf("-u"), gid: idOf("-g") } : {};
  if (identity.uid !== undefined && identity.gid !== undefined) {
    for (const path of [folder, data]) await chown(path, identity.uid, identity.gid);
  }
  const settings = { ...identity, cwd: folder };
  await promisify(execFile)(join(bin, "initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], settings);
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=16MB"],
    { ...settings, stdio: "ignore" }
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  const stop = async () => {
    // SIGINT is PostgreSQL's fast shutdown: sessions are ended, files left whole.
    server.kill("SIGINT");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let left = 100; ; left--) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return { url, stop };
    } catch (error) {
      await client.end().catch(() => undefined);
      if (left === 0 || server.exitCode !== null) {
        await stop();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function idOf(flag: "-u" | "-g"): number {
  return Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
}
