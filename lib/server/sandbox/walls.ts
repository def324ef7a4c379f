import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Fault } from "#lib/model/fault.ts";

/** How a child is started on this machine. */
export interface Walls {
  /** What stands, for the page to say. */
  readonly names: readonly string[];
  /** Whether a child ends when this process does, whatever it is at. */
  readonly endsWithParent: boolean;
  /** The whole command line that runs one script. */
  command(script: string, memoryBytes: number): { readonly file: string; readonly args: readonly string[] };
}

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "@deno/linux-x64-glibc",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "darwin-x64": "@deno/darwin-x64",
  "darwin-arm64": "@deno/darwin-arm64",
  "win32-x64": "@deno/win32-x64"
};

function findDeno(): string {
  const name = packages[`${process.platform}-${process.arch}`];
  const binary = process.platform === "win32" ? "deno.exe" : "deno";
  try {
    if (name) return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), binary);
  } catch (error) {
    throw new Fault("broken", "the sandbox's runtime is not installed", {
      hint: 'Run "npm ci" once more.',
      cause: error
    });
  }
  throw new Fault("broken", `there is no sandbox for ${process.platform}-${process.arch}`);
}

/** What an address space may hold beside the heap: the runtime itself, its code and stacks. */
const runtimeBytes = 640 * 2 ** 20;

/**
 * An import map that leads every `node:` module nowhere: scorer code gets its way around the runtime's names by
 * none of them, and the wall of permissions stays the second one it meets.
 */
const nothingBuiltIn = `data:application/json,${encodeURIComponent(
  JSON.stringify({
    imports: Object.fromEntries(
      builtinModules.flatMap((name) => {
        const plain = name.replace("node:", "");
        return [
          [plain, null],
          [`node:${plain}`, null]
        ];
      })
    )
  })
)}`;

/** Finds out once which walls this machine can build. Without permissions granted, the first stands everywhere. */
export function findWalls(): Walls {
  const deno = findDeno();
  const canLimit =
    process.platform === "linux" && spawnSync("prlimit", ["--version"], { stdio: "ignore" }).status === 0;
  const bubble = [
    "--unshare-all",
    "--die-with-parent",
    "--new-session",
    "--clearenv",
    "--setenv",
    "NO_COLOR",
    "1",
    "--setenv",
    "DENO_DIR",
    "/tmp"
  ];
  const mounts = ["/usr", "/lib", "/lib64", "/bin"].filter(existsSync).flatMap((path) => ["--ro-bind", path, path]);
  const inside = [
    ...bubble,
    ...mounts,
    "--ro-bind",
    deno,
    "/sandbox/deno",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--tmpfs",
    "/tmp",
    "--chdir",
    "/tmp"
  ];
  const canBubble =
    process.platform === "linux" &&
    spawnSync("bwrap", [...inside, "/sandbox/deno", "--version"], { stdio: "ignore", timeout: 5000 }).status === 0;
  return {
    names: ["deno without permissions", ...(canLimit ? ["prlimit"] : []), ...(canBubble ? ["bubblewrap"] : [])],
    endsWithParent: canBubble,
    command(script, memoryBytes) {
      const heap = Math.round(memoryBytes / 2 ** 20);
      const flags = [
        "run",
        "--no-prompt",
        "--no-config",
        "--no-lock",
        "--no-remote",
        "--no-npm",
        "--quiet",
        `--import-map=${nothingBuiltIn}`,
        `--v8-flags=--max-old-space-size=${heap},--stack-size=900`
      ];
      const run = canBubble
        ? ["bwrap", ...inside, "--ro-bind", script, "/sandbox/child.js", "/sandbox/deno", ...flags, "/sandbox/child.js"]
        : [deno, ...flags, script];
      const limited = canLimit
        ? ["prlimit", `--data=${memoryBytes + runtimeBytes}`, "--core=0", "--nofile=64", ...run]
        : run;
      return { file: limited[0]!, args: limited.slice(1) };
    }
  };
}
