import { parentPort, workerData } from "node:worker_threads";
import { reportOf } from "#lib/model/fault.ts";
import type { LocalModelData, LocalReply, LocalRequest } from "./local-message.ts";
import { openSentenceModel, type SentenceModel } from "./sentence-model.ts";

const say = (reply: LocalReply, moved: readonly ArrayBuffer[] = []) => parentPort?.postMessage(reply, [...moved]);

let opening: Promise<SentenceModel> | undefined;
/** One after the other: the runtime takes all it can get for one. */
let turn: Promise<unknown> = Promise.resolve();

parentPort?.on("message", (request: LocalRequest) => {
  turn = turn.then(() => answer(request));
});

async function answer({ id, texts }: LocalRequest): Promise<void> {
  try {
    opening ??= openSentenceModel(workerData as LocalModelData);
    const { vectors, d } = await (await opening).embed(texts);
    say({ id, kind: "vectors", vectors, d }, [vectors.buffer as ArrayBuffer]);
  } catch (error) {
    opening = undefined;
    say({ id, kind: "fault", report: reportOf(error) });
  }
}
