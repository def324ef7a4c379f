// Runs on whatever Node the machine has: installs what package-lock.json pins, once per lock file.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Makes node_modules match the lock file; says so when there is something to do. Ends the process when it cannot. */
export function install() {
  const stamp = join(root, "node_modules", ".tracebook-installed");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.log("Installing the packages that package-lock.json pins …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32"
  });
  if (done.status !== 0) {
    console.error(
      'The packages could not be installed.\nCheck that "npm ci" reaches a package registry, then try again.'
    );
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}
