import { parentPort, workerData } from "node:worker_threads";
import { ExportDesk } from "#lib/work/export-desk.ts";
import { systemClock } from "../clock.ts";
import { openLake } from "../lake/lake.ts";
import { openState } from "../state/state.ts";
import type { IntakeMessage, IntakeSettings, IntakeTask } from "./message.ts";
import { unzip } from "./unzip.ts";

const settings = workerData as IntakeSettings;
const port = parentPort!;
const say = (message: IntakeMessage) => port.postMessage(message);

const clock = systemClock;
const state = await openState(settings, clock);
const lake = await openLake({
  folder: `${settings.dataFolder}/lake`,
  spillFolder: `${settings.dataFolder}/spill/${clock.newId()}`,
  catalog: state.catalog,
  clock,
  // Nobody asks this thread's lake a question.
  stateTables: async () => ({})
});
const desk = new ExportDesk({ lake, clock, unzip });
let fresh = false;

const flush = setInterval(() => {
  if (!fresh) return;
  fresh = false;
  lake.flush().catch((error: unknown) => {
    fresh = true;
    console.error("what came in could not be sorted into the lake yet; it is safe and can be read:", error);
  });
}, settings.flushMs);

port.on("message", (task: IntakeTask | "close") => {
  if (task === "close") void close();
  else
    void desk.answer(task.key, task.request).then((reply) => {
      fresh ||= reply.status === 200;
      say({ kind: "reply", id: task.id, reply });
    });
});

async function close(): Promise<void> {
  clearInterval(flush);
  await desk.settle();
  await lake.close();
  await state.close();
  say({ kind: "closed" });
  port.close();
}
