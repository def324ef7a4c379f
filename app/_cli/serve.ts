import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Fault } from "#lib/model/fault.ts";
import { parseConfig } from "#lib/server/config.ts";
import { openWorkbench, type Workbench } from "#lib/server/workbench.ts";
import { prepareFirstStart } from "#lib/work/first-start.ts";
import { parseArguments } from "./arguments.ts";
import { buildPages } from "./build.ts";
import type { Command } from "./command.ts";
import { openConsole } from "./console.ts";
import { openDoorkeeper } from "./doorkeeper.ts";
import { root } from "./session.ts";

const usage = "tracebook serve [--dev]";

/** Starts Next over an opened workbench; the routes find it on the global object (see app/workbench.ts). */
async function openPages(workbench: Workbench, dev: boolean) {
  (globalThis as { [key: symbol]: unknown })[Symbol.for("tracebook.workbench")] = workbench;
  const { host, port } = workbench.config;
  Object.assign(process.env, { NODE_ENV: dev ? "development" : "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { default: next } = await import("next");
  const app = next({ dev, dir: root, hostname: host, port });
  await app.prepare();
  const handle = app.getRequestHandler();
  const letThrough = openDoorkeeper(workbench, dev);
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    if (await letThrough(request, response)) await handle(request, response);
  };
  const server = createServer((request, response) => {
    take(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.requestTimeout = 0;
  return { server, close: () => app.close() };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        error.code === "EADDRINUSE"
          ? new Fault("conflict", `port ${port} is taken by another program`, {
              hint: `Stop that program, or choose another port: PORT=${port + 1} npm start`,
              cause: error
            })
          : error
      );
    });
    server.listen(port, host, () => {
      const { port: given } = server.address() as AddressInfo;
      resolve(`http://${host.includes(":") ? `[${host}]` : host}:${given}`);
    });
  });
}

export const command: Command = {
  about: "Builds what has changed, opens the lake and the state, and serves the workbench on this machine.",
  usage,
  async run(args) {
    const parsed = parseArguments(args, { dev: { type: "boolean" } }, usage);
    const dev = parsed.options.dev === true;
    const config = parseConfig(process.env, root);
    if (!dev) await buildPages();
    const workbench = await openWorkbench(config, root);
    const stopping = new AbortController();
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
    const out = openConsole(false);
    await prepareFirstStart(
      workbench,
      { starters: workbench.starters, nowMs: workbench.clock.nowMs() },
      (sentence) => out.print(sentence),
      stopping.signal
    );
    const background = await workbench.startBackground();
    const pages = await openPages(workbench, dev);
    const address = await listen(pages.server, config.host, config.port);
    out.print(`Tracebook is ready at ${address}`);
    await new Promise<void>((resolve) => {
      if (stopping.signal.aborted) resolve();
      stopping.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    // A stuck request must not keep the process: what is durable is durable already.
    setTimeout(() => process.exit(0), 5000).unref();
    pages.server.closeAllConnections();
    pages.server.close();
    await background.stop();
    await workbench.close();
    await pages.close();
    return 0;
  }
};
