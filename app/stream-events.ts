import { isFault, reportOf } from "#lib/model/fault.ts";
import type { RunEvent } from "#lib/model/run.ts";

/** A run's events as newline-delimited JSON; a run that could not begin is one line `{kind: "fault"}`. */
export function streamEvents(events: AsyncIterable<RunEvent>): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        if (!isFault(error)) console.error(error);
        controller.enqueue(encoder.encode(`${JSON.stringify({ kind: "fault", fault: reportOf(error) })}\n`));
        controller.close();
      }
    }
  });
  return new Response(stream, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store", "x-accel-buffering": "no" }
  });
}
