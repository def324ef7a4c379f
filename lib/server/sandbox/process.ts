import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import type { Walls } from "./walls.ts";

/** Longest answer that is taken from a child, in bytes. */
const frameLimit = 32 * 2 ** 20;

/** Bytes of a frame before its body: the length of the body, then a word that the answer has to repeat. */
const lengthBytes = 4;
const wordBytes = 8;
const headBytes = lengthBytes + wordBytes;

/** Room that is used again for the next question: fresh pages of memory cost more than what is written into them. */
const roomBytes = 2 ** 19;

/** Why a child gave no answer. */
export class ChildLoss extends Error {
  override readonly name = "ChildLoss";
}

/** A question under way. */
interface Asked {
  readonly word: Buffer;
  readonly timeoutMs: number;
  readonly lateSentence: string;
  /** Takes one answer; gives true when the question is answered whole. */
  take(answer: string): boolean;
  resolve(): void;
  reject(error: ChildLoss): void;
}

/** One sandboxed process that answers frames in order. Whatever goes wrong ends it: it is never trusted again. */
export class SandboxProcess {
  readonly #child: ChildProcess;
  readonly #isGroup: boolean;
  #buffer: Buffer[] = [];
  #size = 0;
  /** Answers so far. */
  #received = 0;
  /** Bytes from which on there is something to read. */
  #needed = headBytes;
  readonly #asked: Asked[] = [];
  /** Rooms that no question is in. */
  readonly #rooms: Buffer[] = [];
  /** Chance for words, not yet used. */
  #chance = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #loss: ChildLoss | null = null;
  #errors = "";

  constructor(walls: Walls, script: string, memoryBytes: number) {
    const { file, args } = walls.command(script, memoryBytes);
    this.#child = spawn(file, args, {
      stdio: ["pipe", "pipe", "pipe"],
      cwd: tmpdir(),
      // A group of its own can be ended whole; a terminal's Ctrl-C no longer reaches it, so only where that is no loss.
      detached: walls.endsWithParent,
      env: { NO_COLOR: "1", PATH: process.env.PATH ?? "", DENO_NO_UPDATE_CHECK: "1" } as unknown as NodeJS.ProcessEnv
    });
    this.#isGroup = walls.endsWithParent;
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

  /** Sends a frame and waits for its one answer. @throws ChildLoss, after which the process is gone */
  async ask(text: string, timeoutMs: number, lateSentence: string): Promise<string> {
    let whole = "";
    await this.askInParts([text], timeoutMs, lateSentence, (answer) => {
      whole = answer;
      return true;
    });
    return whole;
  }

  /**
   * Sends a frame of texts that may be answered in parts.
   *
   * @param timeoutMs  longest wait for the next part, counted while this question is the oldest open one
   * @param take       gets each part; true when it was the last
   * @throws ChildLoss, after which the process is gone; parts that were taken before stay valid
   */
  askInParts(
    texts: readonly string[],
    timeoutMs: number,
    lateSentence: string,
    take: (answer: string) => boolean
  ): Promise<void> {
    if (this.#loss) return Promise.reject(this.#loss);
    const room = this.#findRoom(texts);
    const word = this.#takeWord();
    const frame = room.subarray(0, writeQuestion(room, word, texts));
    this.#child.stdin!.write(frame, () => {
      if (room.length === roomBytes) this.#rooms.push(room);
    });
    return new Promise((resolve, reject) => {
      this.#asked.push({ word, timeoutMs, lateSentence, take, resolve, reject });
      if (this.#asked.length === 1) this.#watch();
    });
  }

  /** @param reason  what those who wait are told */
  kill(reason = "stopped"): void {
    this.#lose(new ChildLoss(reason));
  }

  /** A word that was never used. The engine is asked for many at once, since asking costs more than a question does. */
  #takeWord(): Buffer {
    if (this.#chance.length === 0) this.#chance = randomBytes(512 * wordBytes);
    const word = this.#chance.subarray(0, wordBytes);
    this.#chance = this.#chance.subarray(wordBytes);
    return word;
  }

  /** Room for a question: one that is free, or where the texts might not fit one of its own. */
  #findRoom(texts: readonly string[]): Buffer {
    const heads = headBytes + lengthBytes * (1 + texts.length);
    // A UTF-16 unit becomes at most three bytes.
    if (heads + 3 * texts.reduce((sum, { length }) => sum + length, 0) <= roomBytes)
      return this.#rooms.pop() ?? Buffer.allocUnsafeSlow(roomBytes);
    return Buffer.allocUnsafeSlow(heads + texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
  }

  /** Gives the oldest open question its time. */
  #watch(): void {
    clearTimeout(this.#timer);
    const [oldest] = this.#asked;
    if (!oldest) return;
    this.#timer = setTimeout(() => {
      // Where this process was held up itself, the answer may be in the pipe and has not been read yet.
      const received = this.#received;
      setImmediate(() => {
        if (received === this.#received) this.#lose(new ChildLoss(oldest.lateSentence));
        else if (oldest === this.#asked[0]) this.#watch();
      });
    }, oldest.timeoutMs);
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
    while (this.#size >= this.#needed && !this.#loss) {
      const all = this.#buffer.length === 1 ? this.#buffer[0]! : Buffer.concat(this.#buffer);
      this.#buffer = [all];
      const end = headBytes + all.readUInt32LE(0);
      if (end > frameLimit) {
        this.#lose(new ChildLoss("the sandbox answered more than it may"));
        return;
      }
      if (all.length < end) {
        this.#needed = end;
        return;
      }
      this.#needed = headBytes;
      this.#buffer = all.length === end ? [] : [all.subarray(end)];
      this.#size = all.length - end;
      this.#answer(all.subarray(lengthBytes, headBytes), all.toString("utf8", headBytes, end));
    }
  }

  #answer(word: Buffer, text: string): void {
    const [oldest] = this.#asked;
    // Only the child's own loop knows the word; whatever else is on the pipe was written by scorer code.
    if (!oldest?.word.equals(word)) {
      this.#lose(new ChildLoss("the scorer wrote into the sandbox's answers"));
      return;
    }
    this.#received += 1;
    const isWhole = oldest.take(text);
    if (this.#loss) return;
    if (isWhole) {
      this.#asked.shift();
      oldest.resolve();
    }
    this.#watch();
  }

  #lose(loss: ChildLoss): void {
    if (this.#loss) return;
    this.#loss = loss;
    clearTimeout(this.#timer);
    this.#end();
    for (const { reject } of this.#asked.splice(0)) reject(loss);
  }

  /**
   * Ends the process, and those it has started: bubblewrap's second one waits for ever when the first is ended before
   * the two have talked. Nobody waits for pipes that such a one would hold open.
   */
  #end(): void {
    const { pid, exitCode, signalCode, stdin, stdout, stderr } = this.#child;
    const isRunning = pid !== undefined && exitCode === null && signalCode === null;
    if (isRunning && this.#isGroup) endGroup(pid);
    else this.#child.kill("SIGKILL");
    for (const pipe of [stdin, stdout, stderr]) pipe?.destroy();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Writes a question; gives its length. */
function writeQuestion(room: Buffer, word: Buffer, texts: readonly string[]): number {
  word.copy(room, lengthBytes);
  let end = room.writeUInt32LE(texts.length, headBytes);
  for (const text of texts) {
    const length = room.write(text, end + lengthBytes);
    room.writeUInt32LE(length, end);
    end += lengthBytes + length;
  }
  room.writeUInt32LE(end - headBytes, 0);
  return end;
}
