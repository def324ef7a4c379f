import { type ChildProcess, execFile, spawn } from "node:child_process";
import { constants } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { inject } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

declare module "vitest" {
  interface ProvidedContext {
    /** A data folder as the first start leaves it, which each file of tests copies. */
    firstStart: string;
  }
}

/** A workbench of its own, served as the first start left it, and a browser in front of it. */
export interface OpenWorkbench {
  readonly address: string;
  readonly dataFolder: string;
  /** Complaints of pages: script errors and console errors. */
  readonly complaints: string[];
  newPage(scheme?: "light" | "dark"): Promise<Page>;
  /** What a command prints that works on the same data. */
  tracebook(...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/**
 * Serves a copy of the first start's data folder and opens a browser.
 *
 * @param environment  of the server, beside that of the tests
 */
export async function openWorkbench(environment: Readonly<Record<string, string>> = {}): Promise<OpenWorkbench> {
  const dataFolder = await mkdtemp(`${tmpdir()}/tracebook-page-`);
  await cp(inject("firstStart"), dataFolder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const [{ address, stop }, browser] = await Promise.all([serve(dataFolder, environment), openBrowser()]);
  const complaints: string[] = [];
  return {
    address,
    dataFolder,
    complaints,
    async newPage(scheme = "light") {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
      context.setDefaultTimeout(20_000);
      // Of the context, so that they hear every page which is opened in it.
      context.on("weberror", (thrown) => complaints.push(thrown.error().message));
      context.on("console", (message) => {
        if (message.type() === "error") complaints.push(`${message.text()} ${message.location().url}`);
      });
      return context.newPage();
    },
    async tracebook(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, [`${root}/app/_cli/launch.mjs`, ...args], {
        env: { ...process.env, TRACEBOOK_DATA: dataFolder, VITEST: "" }
      });
      return stdout;
    },
    async close() {
      await Promise.all([browser.close(), stop()]);
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

/** Starts the launcher as a service would and waits for its address. */
export async function serve(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {}
): Promise<{ readonly address: string; stop(): Promise<void> }> {
  const server = spawn(process.execPath, [`${root}/app/_cli/launch.mjs`, "serve"], {
    env: {
      ...process.env,
      TRACEBOOK_DATA: dataFolder,
      PORT: "0",
      NODE_ENV: "production",
      VITEST: "",
      ...environment
    },
    stdio: ["ignore", "pipe", "pipe"]
  });
  const address = await readAddress(server);
  return {
    address,
    async stop() {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGTERM");
      await ended;
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
