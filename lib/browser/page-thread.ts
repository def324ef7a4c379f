import { type FaultReport, reportOf } from "#lib/model/fault.ts";

/** A thread beside the page; an interface, so that tests can do without one. */
export interface PageThread<Question, Answer> {
  /** Buffers of a question may move. */
  postMessage(question: Question): void;
  listen(hear: (answer: Answer) => void): void;
  terminate(): void;
}

/**
 * A worker as a thread.
 *
 * @param movedOf  buffers that move with a question
 * @param failed   the answer that stands for a worker that broke
 * @param broken   what could not be done, where the worker does not say it
 */
export function openPageThread<Question, Answer>(
  worker: Worker,
  movedOf: (question: Question) => Transferable[],
  failed: (report: FaultReport) => Answer,
  broken: string
): PageThread<Question, Answer> {
  return {
    postMessage: (question) => worker.postMessage(question, movedOf(question)),
    listen(hear) {
      worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => hear(data));
      worker.addEventListener("error", ({ message }) => hear(failed(reportOf(new Error(message || broken)))));
    },
    terminate: () => worker.terminate()
  };
}
