import { type ChildProcess, spawn } from "node:child_process";
import type { KillableServer } from "./crash-rounds.ts";

/**
 * Starts a server process and waits until it says `ready at <address>`.
 *
 * @param args         of Node
 * @param environment  beside that of this process
 * @throws when it ends before
 */
export async function startServer(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {}
): Promise<KillableServer & { readonly pid: number }> {
  const child = spawn(process.execPath, [...args], {
    env: { ...process.env, VITEST: "", ...environment },
    stdio: ["ignore", "pipe", "pipe"]
  });
  const url = await readAddress(child);
  return {
    url,
    pid: child.pid!,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error("the server had ended by itself");
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
    }
  };
}

function readAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-4000);
      const found = /ready at (http:\/\/\S+)/.exec(said);
      if (found) resolve(found[1]!);
    };
    child.stdout!.on("data", hear);
    child.stderr!.on("data", hear);
    child.once("exit", () => reject(new Error(`the server ended before it was ready:\n${said}`)));
  });
}
