import { parentPort, workerData } from "node:worker_threads";
import { ExportDesk } from "#lib/work/export-desk.ts";
import { systemClock } from "../clock.ts";
import { openLake } from "../lake/lake.ts";
import { openState } from "../state/state.ts";
import type { IntakeMessage, IntakeSettings, IntakeTask } from "./message.ts";
import { unzip } from "./unzip.ts";

/** Between two looks for messages whose spans did not come. */
const forgetMs = 60_000;

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
  stateTables: () => ({}),
  masks: (units) => state.masks.inForce(units)
});
const desk = new ExportDesk({ lake, logMessages: state.logMessages, annotations: state.annotations, clock, unzip });
let fresh = false;
/** What units hid when the lake was last sorted: words are written anew where that changes. */
let hidden: string | undefined;
let sorting: Promise<void> | undefined;
let isClosing = false;

const flush = setInterval(() => {
  sorting ??= sortIn()
    .catch((error: unknown) => {
      fresh = true;
      console.error("what came in could not be sorted into the lake yet; it is safe and can be read:", error);
    })
    .finally(() => {
      sorting = undefined;
    });
}, settings.flushMs);

async function sortIn(): Promise<void> {
  const hides = await lake.maskKey({ userId: "intake", roles: [], businessUnits: await lake.listBusinessUnits() });
  if (!fresh && hides === hidden) return;
  fresh = false;
  hidden = hides;
  while (!isClosing && !(await lake.flush()));
}

const forget = setInterval(() => {
  const say = (lost: number) => {
    if (lost > 0) console.error(`${lost} messages in logs were forgotten: their spans did not come`);
  };
  state.logMessages
    .forgetOld()
    .then(say, (error: unknown) => console.error("old messages in logs could not be forgotten:", error));
}, forgetMs);

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
  clearInterval(forget);
  isClosing = true;
  await desk.settle();
  // A flush that goes on ends with its file.
  await lake.close();
  await sorting;
  await state.close();
  say({ kind: "closed" });
  port.close();
}
