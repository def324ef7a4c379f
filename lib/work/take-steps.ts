import { Fault } from "#lib/model/fault.ts";

/** Takes the steps one after the other and lets others work between them. @throws Fault `limit` when the signal stops it */
export async function takeSteps<T>(steps: Generator<void, T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await new Promise((resolve) => setImmediate(resolve));
    if (signal.aborted) throw new Fault("limit", "stopped");
  }
}
