import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A workbench of its own, served from an empty state, and a browser in front of it. */
export interface OpenWorkbench {
  readonly address: string;
  readonly dataFolder: string;
  /** Complaints of pages: script errors and console errors. */
  readonly complaints: string[];
  newPage(scheme?: "light" | "dark"): Promise<Page>;
  close(): Promise<void>;
}

/** Starts the launcher as a service would, waits for its address, opens a browser. */
export async function openWorkbench(): Promise<OpenWorkbench> {
  const dataFolder = await mkdtemp(`${tmpdir()}/tracebook-page-`);
  const server = spawn(process.execPath, [`${root}/app/_cli/launch.mjs`, "serve"], {
    env: { ...process.env, TRACEBOOK_DATA: dataFolder, PORT: "0", NODE_ENV: "production", VITEST: "" },
    stdio: ["ignore", "pipe", "pipe"]
  });
  const address = await readAddress(server);
  const browser = await openBrowser();
  const complaints: string[] = [];
  return {
    address,
    dataFolder,
    complaints,
    async newPage(scheme = "light") {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
      context.setDefaultTimeout(20_000);
      const page = await context.newPage();
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      return page;
    },
    async close() {
      await browser.close();
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

function readAddress(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = /ready at (http:\/\/\S+)/.exec(said);
      if (found) resolve(found[1]!);
    };
    server.stdout!.on("data", hear);
    server.stderr!.on("data", hear);
    server.once("exit", () => reject(new Error(`the server ended before it was ready:\n${said}`)));
  });
}

function openBrowser(): Promise<Browser> {
  const executablePath = process.env.TRACEBOOK_BROWSER ?? "/usr/bin/chromium";
  const quiet = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync"
  ];
  return chromium.launch({
    executablePath,
    args: ["--headless", ...quiet, "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
  });
}
