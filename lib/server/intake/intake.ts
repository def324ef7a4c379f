import { Worker } from "node:worker_threads";
import { encodeStatus, rpcCodes } from "#lib/formats/otlp-wire.ts";
import type { IngestKey } from "#lib/model/ingest-key.ts";
import type { BodyRoom, ExportReply, ExportRequest, Intake } from "#lib/ports/intake.ts";
import { openBodyRoom } from "./body-room.ts";
import type { IntakeMessage, IntakeSettings, IntakeTask } from "./message.ts";

/** Bodies that are read or worked on at once; a sender beyond this is told to come again. */
const defaultRoomBytes = 64 * 2 ** 20;

/** Room for batches under way, in MiB. */
const youngGenerationMb = 96;

interface Pending {
  readonly request: Pick<ExportRequest, "encoding">;
  readonly bytes: number;
  readonly resolve: (reply: ExportReply) => void;
}

/**
 * Opens the intake. Its thread, with an engine and a connection to the state of its own, starts with the
 * first request and is started again when it breaks.
 */
export function openIntake(settings: IntakeSettings, roomBytes = defaultRoomBytes): Intake {
  return new WorkerIntake(settings, roomBytes);
}

class WorkerIntake implements Intake {
  readonly room: BodyRoom;
  readonly #settings: IntakeSettings;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #nextId = 1;
  #closed = false;

  constructor(settings: IntakeSettings, roomBytes: number) {
    const { dataFolder, databaseUrl, flushMs } = settings;
    this.#settings = { dataFolder, databaseUrl, flushMs };
    this.room = openBodyRoom(roomBytes);
  }

  receive(key: IngestKey, request: ExportRequest): Promise<ExportReply> {
    const bytes = request.body.byteLength;
    if (this.#closed) {
      this.room.give(bytes);
      return Promise.resolve(refusal(5, "the workbench is closing", request));
    }
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#pending.set(id, { request, bytes, resolve });
      this.#worker ??= this.#start();
      this.#worker.postMessage({ id, key, request } satisfies IntakeTask, [request.body.buffer as ArrayBuffer]);
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.postMessage("close");
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: this.#settings,
      name: "tracebook-intake",
      // A batch lives as long as its append: in a small young generation most of it would be copied to the old one.
      resourceLimits: { maxYoungGenerationSizeMb: youngGenerationMb }
    });
    worker.on("message", (message: IntakeMessage) => {
      if (message.kind === "reply") this.#settle(message.id, message.reply);
    });
    worker.on("error", (error) => console.error("the intake broke and is started again:", error));
    worker.on("exit", () => {
      this.#worker = null;
      // Whether these were written is not known: sent again they change nothing where they were.
      for (const [id, { request }] of [...this.#pending])
        this.#settle(id, refusal(1, "the intake broke before it was done", request));
    });
    return worker;
  }

  #settle(id: number, reply: ExportReply): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.room.give(pending.bytes);
    pending.resolve(reply);
  }
}

function refusal(
  retryAfterSeconds: number,
  message: string,
  { encoding }: Pick<ExportRequest, "encoding">
): ExportReply {
  return { status: 503, retryAfterSeconds, body: encodeStatus(encoding, { code: rpcCodes.unavailable, message }) };
}
