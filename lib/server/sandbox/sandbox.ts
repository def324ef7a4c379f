import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { Fault } from "#lib/model/fault.ts";
import type { CompiledScorer } from "#lib/ports/compiler.ts";
import type { Sandbox, SandboxLimits, SandboxSession, SandboxVerdict } from "#lib/ports/sandbox.ts";
import { failedScore, parseScore } from "#lib/scoring/verdict.ts";
import { renderInSandbox } from "./chart.ts";
import { ChildLoss, SandboxProcess } from "./process.ts";
import { findWalls, type Walls } from "./walls.ts";

/** Traces of one frame, and frames that are under way at once. */
const frameTraces = 50;
const framesAhead = 2;

/** A module that does not load by then will not. */
const loadTimeoutMs = 10_000;

/** Opens the sandbox: finds the walls that this machine can build and prepares the scripts that run behind them. */
export async function openSandbox(): Promise<Sandbox> {
  const walls = findWalls();
  const folder = await mkdtemp(`${tmpdir()}/tracebook-sandbox-`);
  const scorerScript = await bundle(folder, "child.ts");
  let chartScript: Promise<string> | null = null;
  return {
    walls: walls.names,
    open: (scorer, limits) => openSession(walls, scorerScript, scorer, limits),
    async renderChart(code, tables, signal) {
      chartScript ??= bundle(folder, "chart-child.ts");
      return renderInSandbox(walls, await chartScript, code, tables, signal);
    },
    close: () => rm(folder, { recursive: true, force: true })
  };
}

async function bundle(folder: string, entry: string): Promise<string> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2024",
    minify: entry !== "child.ts",
    logLevel: "silent"
  });
  const [file] = result.outputFiles;
  const path = `${folder}/${entry.replace(".ts", "")}-${createHash("sha256").update(file!.contents).digest("hex").slice(0, 12)}.js`;
  await writeFile(path, file!.contents);
  return path;
}

async function openSession(
  walls: Walls,
  script: string,
  scorer: CompiledScorer,
  limits: SandboxLimits
): Promise<SandboxSession> {
  const session = new Session(walls, script, scorer, limits);
  await session.start();
  return session;
}

class Session implements SandboxSession {
  readonly #walls: Walls;
  readonly #script: string;
  readonly #scorer: CompiledScorer;
  readonly #limits: SandboxLimits;
  #process: SandboxProcess | null = null;

  constructor(walls: Walls, script: string, scorer: CompiledScorer, limits: SandboxLimits) {
    this.#walls = walls;
    this.#script = script;
    this.#scorer = scorer;
    this.#limits = limits;
  }

  /** Starts a fresh process with the scorer loaded. @throws Fault when it does not load */
  async start(): Promise<SandboxProcess> {
    const child = new SandboxProcess(this.#walls, this.#script, this.#limits.memoryBytes);
    this.#process = child;
    try {
      const request = JSON.stringify({ code: this.#scorer.code, timeoutMs: this.#limits.callTimeoutMs });
      const answer = parseJson(await child.ask(request, loadTimeoutMs, "the scorer's module did not load in 10 s")) as {
        ready?: unknown;
        message?: unknown;
        hint?: unknown;
      } | null;
      if (answer?.ready === true) return child;
      child.kill();
      throw new Fault(
        "invalid",
        typeof answer?.message === "string" ? answer.message.slice(0, 500) : "the scorer does not load",
        {
          hint: typeof answer?.hint === "string" ? answer.hint.slice(0, 200) : undefined
        }
      );
    } catch (error) {
      if (error instanceof ChildLoss) throw new Fault("invalid", error.message, { cause: error });
      throw error;
    }
  }

  async *score(
    traces: AsyncIterable<readonly string[]>,
    signal: AbortSignal
  ): AsyncIterable<readonly SandboxVerdict[]> {
    const ahead: Promise<readonly SandboxVerdict[]>[] = [];
    const stop = () => this.#process?.kill();
    signal.addEventListener("abort", stop, { once: true });
    try {
      for await (const frame of inFrames(traces)) {
        if (signal.aborted) throw new Fault("limit", "stopped");
        ahead.push(this.#scoreFrame(frame, signal));
        // Both are handled below; this keeps a loss in the second from being reported as unhandled meanwhile.
        ahead.at(-1)!.catch(() => undefined);
        if (ahead.length >= framesAhead) yield await ahead.shift()!;
      }
      while (ahead.length > 0) yield await ahead.shift()!;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async close(): Promise<void> {
    this.#process?.kill();
  }

  async #scoreFrame(frame: readonly string[], signal: AbortSignal): Promise<readonly SandboxVerdict[]> {
    const child = this.#process?.isAlive ? this.#process : null;
    // While a lost frame is scored again, a new one must not queue in front of its traces and use up their time.
    if (child && this.#recovering === 0) {
      try {
        return await this.#ask(child, frame);
      } catch (error) {
        if (!(error instanceof ChildLoss)) throw error;
      }
    }
    return this.#recover(() => this.#scoreSingly(frame, signal));
  }

  /** A frame whose process was lost is scored again one by one, so that only the culprit is unscored. */
  async #scoreSingly(frame: readonly string[], signal: AbortSignal): Promise<readonly SandboxVerdict[]> {
    const verdicts: SandboxVerdict[] = [];
    for (const trace of frame) {
      if (signal.aborted) throw new Fault("limit", "stopped");
      const child = this.#process?.isAlive ? this.#process : await this.start();
      try {
        verdicts.push(...(await this.#ask(child, [trace])));
      } catch (error) {
        if (!(error instanceof ChildLoss)) throw error;
        if (signal.aborted) throw new Fault("limit", "stopped");
        verdicts.push({ score: failedScore(error.message), durationMs: this.#limits.callTimeoutMs });
      }
    }
    return verdicts;
  }

  #turn: Promise<unknown> = Promise.resolve();
  #recovering = 0;

  /** One recovery at a time: frames that were under way together must not start two processes. */
  #recover<T>(work: () => Promise<T>): Promise<T> {
    this.#recovering += 1;
    const turn = this.#turn.then(work, work).finally(() => {
      this.#recovering -= 1;
    });
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #ask(child: SandboxProcess, frame: readonly string[]): Promise<readonly SandboxVerdict[]> {
    const { callTimeoutMs } = this.#limits;
    // A promise that never settles is answered by the child itself after callTimeoutMs; a loop never answers.
    const answer = parseJson(
      await child.ask(
        `[${frame.join(",")}]`,
        callTimeoutMs * (frame.length > 1 ? 2 : 1) + 250,
        `the scorer took longer than ${callTimeoutMs} ms`
      )
    );
    if (!Array.isArray(answer) || answer.length !== frame.length) {
      child.kill();
      throw new ChildLoss("the sandbox answered something that is no list of scores");
    }
    return answer.map((item: unknown) => {
      const { score, durationMs } = (typeof item === "object" && item !== null ? item : {}) as {
        score?: unknown;
        durationMs?: unknown;
      };
      return {
        score: parseScore(score),
        durationMs: typeof durationMs === "number" && durationMs >= 0 && Number.isFinite(durationMs) ? durationMs : 0
      };
    });
  }
}

async function* inFrames(traces: AsyncIterable<readonly string[]>): AsyncIterable<readonly string[]> {
  let frame: string[] = [];
  for await (const part of traces) {
    for (const trace of part) {
      frame.push(trace);
      if (frame.length === frameTraces) {
        yield frame;
        frame = [];
      }
    }
  }
  if (frame.length > 0) yield frame;
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
