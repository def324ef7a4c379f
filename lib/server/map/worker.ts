import { parentPort, workerData } from "node:worker_threads";
import { buildMap } from "#lib/map/build-map.ts";
import { reportOf } from "#lib/model/fault.ts";
import type { MapMessage, MapTask } from "./message.ts";

const { request } = workerData as MapTask;
const say = (message: MapMessage, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(message, [...moved]);

try {
  const answer = buildMap(request, (step, done, total) => say({ kind: "progress", progress: { step, done, total } }));
  const moved = [answer.x, answer.y, answer.cluster, answer.novelty].map(({ buffer }) => buffer as ArrayBuffer);
  say({ kind: "answer", answer }, moved);
} catch (error) {
  say({ kind: "fault", report: reportOf(error) });
}
