import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import type { Walls } from "./walls.ts";

/** Longest answer that is taken from a child, in bytes. */
const frameLimit = 32 * 2 ** 20;

/** Why a child gave no answer. */
export class ChildLoss extends Error {
  override readonly name = "ChildLoss";
}

/** One sandboxed process that answers frames in order. Whatever goes wrong ends it: it is never trusted again. */
export class SandboxProcess {
  readonly #child: ChildProcess;
  #buffer: Buffer[] = [];
  #size = 0;
  /** Bytes from which on there is something to read. */
  #needed = 4;
  #waiting: { resolve(frame: Buffer): void; reject(error: ChildLoss): void; timer: NodeJS.Timeout }[] = [];
  #loss: ChildLoss | null = null;
  #errors = "";

  constructor(walls: Walls, script: string, memoryBytes: number) {
    const { file, args } = walls.command(script, memoryBytes);
    this.#child = spawn(file, args, {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: tmpdir(),
      env: { NO_COLOR: "1", PATH: process.env.PATH ?? "", DENO_NO_UPDATE_CHECK: "1" } as unknown as NodeJS.ProcessEnv
    });
    this.#child.on("error", (error) => this.#lose(new ChildLoss(`the sandbox could not be started: ${error.message}`)));
    this.#child.on("exit", (code, signal) => this.#lose(new ChildLoss(this.#exitReason(code, signal))));
    this.#child.stdin!.on("error", (error: NodeJS.ErrnoException) => {
      // The child's end is reported by "exit"; a broken pipe only comes earlier.
      if (error.code !== "EPIPE") this.#lose(new ChildLoss(error.message));
    });
    this.#child.stdout!.on("data", (chunk: Buffer) => this.#receive(chunk));
    this.#child.stderr!.on("data", (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString()}`.slice(-4000);
    });
  }

  get isAlive(): boolean {
    return this.#loss === null;
  }

  /** Sends a frame and waits for the answer. @throws ChildLoss, after which the process is gone */
  ask(body: string | Buffer, timeoutMs: number, lateSentence: string): Promise<Buffer> {
    if (this.#loss) return Promise.reject(this.#loss);
    const bytes = typeof body === "string" ? Buffer.from(body) : body;
    const head = Buffer.alloc(4);
    head.writeUInt32LE(bytes.length);
    this.#child.stdin!.write(head);
    this.#child.stdin!.write(bytes);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#lose(new ChildLoss(lateSentence));
      }, timeoutMs);
      this.#waiting.push({ resolve, reject, timer });
    });
  }

  kill(): void {
    this.#lose(new ChildLoss("stopped"));
  }

  #exitReason(code: number | null, signal: NodeJS.Signals | null): string {
    if (
      /out of memory|OOM|Allocation failed|Cannot allocate memory|mmap/i.test(this.#errors) ||
      signal === "SIGTRAP" ||
      signal === "SIGABRT" ||
      code === 133 ||
      code === 134
    ) {
      return "the scorer used more memory than it may";
    }
    return `the scorer ended its own process (${signal ?? `code ${code}`})`;
  }

  #receive(chunk: Buffer): void {
    if (this.#loss) return;
    this.#buffer.push(chunk);
    this.#size += chunk.length;
    // Joined only once a frame is whole: a child that dribbles a long one must not cost a copy per chunk.
    while (this.#size >= this.#needed) {
      const all = this.#buffer.length === 1 ? this.#buffer[0]! : Buffer.concat(this.#buffer);
      this.#buffer = [all];
      const length = all.readUInt32LE(0);
      if (length > frameLimit) {
        this.#lose(new ChildLoss("the sandbox answered more than it may"));
        return;
      }
      if (all.length < 4 + length) {
        this.#needed = 4 + length;
        return;
      }
      this.#needed = 4;
      const rest = all.subarray(4 + length);
      this.#buffer = rest.length === 0 ? [] : [rest];
      this.#size = rest.length;
      const next = this.#waiting.shift();
      if (!next) {
        this.#lose(new ChildLoss("the sandbox spoke without being asked"));
        return;
      }
      clearTimeout(next.timer);
      next.resolve(Buffer.from(all.subarray(4, 4 + length)));
    }
  }

  #lose(loss: ChildLoss): void {
    if (this.#loss) return;
    this.#loss = loss;
    this.#child.kill("SIGKILL");
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer);
      reject(loss);
    }
  }
}
