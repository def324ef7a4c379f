import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findWalls } from "#lib/server/sandbox/walls.ts";

// The scorer's child hides the runtime's names before scorer code runs. Here they are left in place, so that
// what refuses is the engine and nothing else: whoever gets around the hiding still meets this wall.

const walls = findWalls();
const hasBubble = walls.names.includes("bubblewrap");
/** Wide enough for a worker's heap beside the main one. */
const memoryBytes = 2 ** 31;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/tracebook-walls-`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Wanted {
  /** Leaves out the map that closes `node:` modules. */
  readonly isNodeOpen?: boolean;
  /** Grants every permission, so that only the walls around the runtime are left. */
  readonly isAllowed?: boolean;
}

/** Runs an attempt behind the walls; gives `done: …` or `refused: <error>`, or what the process died of. */
async function attempt(body: string, { isNodeOpen = false, isAllowed = false }: Wanted = {}): Promise<string> {
  const script = `${folder}/attempt.js`;
  await writeFile(
    script,
    `const say = (text) => { Deno.stdout.writeSync(new TextEncoder().encode(text)); Deno.exit(0); };
    const refuse = (error) => say("refused: " + error?.name + ": " + error?.message);
    for (const name of ["error", "unhandledrejection"])
      addEventListener(name, (event) => { event.preventDefault(); refuse(event.error ?? event.reason); });
    const node = (name) => import("node:" + name);
    try { say("done: " + await (async () => { ${body} })()); } catch (error) { refuse(error); }`
  );
  const { file, args } = walls.command(script, memoryBytes);
  const chosen = args
    .filter((arg) => !(isNodeOpen && arg.startsWith("--import-map=")))
    .flatMap((arg) => (isAllowed && arg === "run" ? [arg, "--allow-all"] : [arg]));
  const { stdout, stderr, status, signal } = spawnSync(file, chosen, { encoding: "utf8", timeout: 20_000 });
  return stdout || `ended with ${signal ?? status}: ${stderr.slice(0, 500)}`;
}

const refusedByEngine: Readonly<Record<string, string>> = {
  "reading a file": `return Deno.readTextFileSync("/etc/passwd");`,
  "reading its own script": `return Deno.readTextFileSync(new URL(import.meta.url));`,
  "reading what the kernel says of it": `return Deno.readTextFileSync("/proc/self/environ");`,
  "listing a folder": `return [...Deno.readDirSync("/")].length;`,
  "asking whether a file exists": `return Deno.statSync("/etc/passwd").size;`,
  "writing a file": `return Deno.writeTextFileSync("/tmp/tracebook-walls", "x");`,
  "making a folder": `return Deno.mkdirSync("/tmp/tracebook-walls");`,
  "making a temporary file": `return Deno.makeTempFileSync();`,
  "importing a file": `const path = "file:///etc/passwd"; return Object.keys(await import(path));`,
  "importing a file from a module of text": `return Object.keys(await import("data:text/javascript," + 'export * from "file:///etc/passwd"'));`,
  "opening a connection": `return await Deno.connect({ hostname: "127.0.0.1", port: 9 });`,
  "opening a socket file": `return await Deno.connect({ transport: "unix", path: "/tmp/tracebook" });`,
  listening: `return Deno.listen({ port: 0 });`,
  "looking up a name": `return await Deno.resolveDns("localhost", "A", { nameServer: { ipAddr: "127.0.0.1" } });`,
  "fetching a page": `return (await fetch("http://127.0.0.1:8080")).status;`,
  "opening a web socket": `return new WebSocket("ws://127.0.0.1:8080").url;`,
  "reading a variable": `return Deno.env.get("PATH");`,
  "reading all variables": `return Object.keys(Deno.env.toObject());`,
  "starting a process": `return new Deno.Command("/bin/sh").outputSync().code;`,
  "killing a process": `return Deno.kill(1, "SIGKILL");`,
  "loading native code": `return Deno.dlopen("libc.so.6", {});`,
  "asking for the machine's name": `return Deno.hostname();`,
  "reading a file in a worker": `return await new Promise((resolve, reject) => {
    const text = "try { Deno.readTextFileSync('/etc/passwd'); postMessage(''); } catch (error) { postMessage(error.name); }";
    const worker = new Worker("data:text/javascript," + text, { type: "module" });
    worker.onmessage = ({ data }) => (data === "" ? resolve("read") : reject(new TypeError(data)));
  });`
};

for (const [name, body] of Object.entries(refusedByEngine)) {
  test(`${name} is refused by the engine although its names are there`, async () => {
    expect(await attempt(body)).toMatch(/^refused: .*(NotCapable|PermissionDenied|Requires \w+ access)/);
  });
}

const refusedThroughNode: Readonly<Record<string, string>> = {
  "reading a file": `return (await node("fs")).readFileSync("/etc/passwd").length;`,
  "writing a file": `return (await node("fs")).writeFileSync("/tmp/tracebook-walls", "x");`,
  "opening a connection": `const { connect } = await node("net");
    return await new Promise((resolve, reject) => connect(9, "127.0.0.1").on("error", reject).on("connect", resolve));`,
  "sending a datagram": `const { createSocket } = await node("dgram");
    return await new Promise((resolve) => createSocket("udp4").send("x", 9, "127.0.0.1", resolve));`,
  "looking up a name": `return (await (await node("dns/promises")).lookup("localhost")).address;`,
  "starting a process": `return (await node("child_process")).execSync("id");`,
  "loading native code": `return (await node("process")).default.dlopen({ exports: {} }, "/lib/x.so");`,
  "opening a database file": `return new (await node("sqlite")).DatabaseSync("/tmp/tracebook-walls.db");`,
  "asking for the user's name": `return (await node("os")).userInfo().username;`,
  "reading a file in a thread": `const { Worker: Thread } = await node("worker_threads");
    const thread = new Thread("require('fs').readFileSync('/etc/passwd')", { eval: true });
    return await new Promise((resolve, reject) => thread.on("error", reject).on("exit", resolve));`
};

for (const [name, body] of Object.entries(refusedThroughNode)) {
  test(`${name} through a module of Node's is refused by the engine although those load`, async () => {
    expect(await attempt(body, { isNodeOpen: true })).toMatch(/^refused: .*(NotCapable|Requires \w+ access|EPERM)/);
  });
}

test("variables of the server are not seen through a module of Node's", async () => {
  const said = await attempt(`return Object.keys((await node("process")).default.env).join();`, { isNodeOpen: true });
  for (const name of Object.keys(process.env).filter((key) => key.length > 5)) expect(said).not.toContain(name);
});

test.each(["fs", "process", "vm", "v8", "module", "worker_threads", "sqlite", "inspector"])(
  "node:%s does not load in the sandbox",
  async (name) => {
    expect(await attempt(`return Object.keys(await node("${name}"));`)).toMatch(/^refused: TypeError: Blocked by null/);
  }
);

test("the permissions cannot be asked for", async () => {
  expect(
    await attempt(`const states = [];
      for (const name of ["read", "write", "net", "env", "run", "ffi", "sys"])
        states.push((await Deno.permissions.request({ name })).state);
      return states.join();`)
  ).toBe("done: denied,denied,denied,denied,denied,denied,denied");
});

test.runIf(hasBubble)("without the engine's wall there are still no files, no network, no programs", async () => {
  const behind: Readonly<Record<string, string>> = {
    "/etc": `return Deno.statSync("/etc").isDirectory;`,
    home: `return [...Deno.readDirSync("/home")].length + [...Deno.readDirSync("/root")].length;`,
    "the project": `return Deno.statSync(${JSON.stringify(process.cwd())}).isDirectory;`,
    "a name": `return await Deno.resolveDns("localhost", "A");`,
    "a server of this machine": `return await Deno.connect({ hostname: "127.0.0.1", port: 9 });`,
    "an address outside": `return await Deno.connect({ hostname: "192.0.2.1", port: 80 });`,
    "/usr": `return Deno.writeTextFileSync("/usr/tracebook-walls", "x");`
  };
  for (const [name, body] of Object.entries(behind))
    expect.soft(await attempt(body, { isAllowed: true }), name).toMatch(/^refused: /);
});

test.runIf(hasBubble)("what is written without the engine's wall does not reach the machine", async () => {
  const path = `${tmpdir()}/tracebook-walls-${process.pid}`;
  expect(
    await attempt(`Deno.writeTextFileSync("/tmp/${path.split("/").at(-1)}", "x"); return "written";`, {
      isAllowed: true
    })
  ).toBe("done: written");
  expect(existsSync(path)).toBe(false);
});

test.runIf(hasBubble)("no process but its own is there to be killed", async () => {
  const said = await attempt(
    `return [...Deno.readDirSync("/proc")].filter(({ name }) => /^\\d+$/.test(name)).length;`,
    {
      isAllowed: true
    }
  );
  expect(Number(said.replace("done: ", ""))).toBeLessThanOrEqual(3);
});
