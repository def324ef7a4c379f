import { parentPort, workerData } from "node:worker_threads";
import { buildMap } from "#lib/map/build-map.ts";
import { openNoCheckpoint } from "#lib/map/checkpoint.ts";
import { keepMap, placeTexts, prepareFor } from "#lib/map/keep-map.ts";
import type { OnProgress } from "#lib/map/map-progress.ts";
import { findTextNeighbours } from "#lib/map/text-neighbours.ts";
import { reportOf } from "#lib/model/fault.ts";
import { systemClock } from "../clock.ts";
import { openCheckpoints } from "./checkpoints.ts";
import type { MapAnswers, MapMessage, MapOrder, MapTasks } from "./message.ts";

const say = (message: MapMessage, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, [...moved]);
const tell: OnProgress = (step, done, total, from) =>
  say({ kind: "progress", progress: { step, done, total, ...(from ? { from } : {}) } });

const { task: ordered, checkpoints } = workerData as MapOrder;
const openCheckpoint = checkpoints
  ? openCheckpoints(checkpoints, systemClock.nowMs, (error) =>
      console.error("the steps of a map could not be kept, so it cannot go on where it stops:", error)
    )
  : openNoCheckpoint;

try {
  const answer = work(ordered);
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
      return prepareFor(task.request.projection, task.request.texts, task.request.boilerplate);
    case "build":
      return buildMap(task.request, tell, openCheckpoint);
    case "freeze":
      return keepMap(task.request, tell, openCheckpoint);
    case "place":
      return placeTexts(task.projection, task.texts, task.given);
    case "neighbours":
      return findTextNeighbours(task.request);
    default:
      return task satisfies never;
  }
}
