import { parentPort, workerData } from "node:worker_threads";
import { buildMap, type OnProgress } from "#lib/map/build-map.ts";
import { keepMap, placeTexts, prepareFor } from "#lib/map/keep-map.ts";
import { reportOf } from "#lib/model/fault.ts";
import type { MapAnswers, MapMessage, MapTasks } from "./message.ts";

const say = (message: MapMessage, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, [...moved]);
const tell: OnProgress = (step, done, total) => say({ kind: "progress", progress: { step, done, total } });

try {
  const answer = work(workerData as MapTasks[keyof MapTasks]);
  const moved = Object.values(answer).flatMap((value) =>
    ArrayBuffer.isView(value) ? [value.buffer as ArrayBuffer] : []
  );
  say({ kind: "answer", answer }, [...new Set(moved)]);
} catch (error) {
  say({ kind: "fault", report: reportOf(error) });
}

function work(task: MapTasks[keyof MapTasks]): MapAnswers[keyof MapAnswers] {
  switch (task.kind) {
    case "prepare":
      return prepareFor(task.request.projection, task.request.texts);
    case "build":
      return buildMap(task.request, tell);
    case "freeze":
      return keepMap(task.request, tell);
    case "place":
      return placeTexts(task.projection, task.texts, task.given);
    default:
      return task satisfies never;
  }
}
