import { type ChildProcess, execFile, spawn } from "node:child_process";
import { constants } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Browser, chromium, type Page } from "playwright-core";
import { inject } from "vitest";
import type { Lake } from "#lib/ports/lake.ts";
import { systemClock } from "#lib/server/clock.ts";
import { openLake } from "#lib/server/lake/lake.ts";
import { openState } from "#lib/server/state/state.ts";
import { listStateTables } from "#lib/server/state/state-tables.ts";
import { formatJson } from "../../app/_cli/console.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

declare module "vitest" {
  interface ProvidedContext {
    /** A data folder as the first start leaves it, which each file of tests copies. */
    firstStart: string;
    /** The same with a map that is kept as "Complaints". */
    keptMap: string;
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
  /** Stores a workbook. @returns its name in addresses */
  addWorkbook(title: string, cells: string): Promise<string>;
  /** The answer to a question, of all units, as a process beside the server reads it. */
  query<Row = Readonly<Record<string, unknown>>>(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** The first messages of support on a map, without the scorers and charts whose editors load longer than a map is drawn. */
export const mapCells = `\`\`\`sql conversations
select trace_id, started_at, date, agent, input, output, status from traces where business_unit = 'support' order by started_at
\`\`\`

\`\`\`yaml map topics
traces: conversations
text: input
\`\`\`
`;

/**
 * Serves a copy of a prepared data folder and opens a browser.
 *
 * @param environment  of the server, beside that of the tests
 */
export async function openWorkbench(
  environment: Readonly<Record<string, string>> = {},
  prepared: "firstStart" | "keptMap" = "firstStart"
): Promise<OpenWorkbench> {
  const dataFolder = await mkdtemp(`${tmpdir()}/tracebook-page-`);
  await cp(inject(prepared), dataFolder, { recursive: true, mode: constants.COPYFILE_FICLONE });
  const [{ address, stop }, browser] = await Promise.all([serve(dataFolder, environment), openBrowser()]);
  let beside: ReturnType<typeof openBeside> | undefined;
  const complaints: string[] = [];
  return {
    address,
    dataFolder,
    complaints,
    async newPage(scheme = "light") {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
      context.setDefaultTimeout(30_000);
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
    async addWorkbook(title, cells) {
      const reply = await fetch(`${address}/api/workbooks`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ title, text: `---\ntitle: ${title}\n---\n\n${cells}` })
      });
      if (!reply.ok) throw new Error(await reply.text());
      return ((await reply.json()) as { readonly slug: string }).slug;
    },
    async query<Row>(sql: string) {
      beside ??= openBeside(dataFolder);
      return (await (await beside).query(sql)) as readonly Row[];
    },
    async close() {
      await (await beside)?.close();
      await Promise.all([browser.close(), stop()]);
      await rm(dataFolder, { recursive: true, force: true });
    }
  };
}

/** The lake of a data folder, read beside the server that works on it. */
async function openBeside(dataFolder: string) {
  const state = await openState({ dataFolder, databaseUrl: null }, systemClock);
  const lake: Lake = await openLake({
    folder: `${dataFolder}/lake`,
    spillFolder: `${dataFolder}/spill/beside`,
    catalog: state.catalog,
    clock: systemClock,
    stateTables: (scope) => listStateTables(state, scope)
  });
  return {
    async query(sql: string): Promise<unknown> {
      const businessUnits = await lake.listBusinessUnits();
      const kernel = await lake.openKernel({ userId: "owner", roles: ["admin"], businessUnits });
      try {
        return JSON.parse(formatJson(await kernel.rows(sql, {}, 1_000_000)));
      } finally {
        await kernel.close();
      }
    },
    async close() {
      await lake.close();
      await state.close();
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
