import { isFault, reportOf } from "#lib/model/fault.ts";

/**
 * Events as newline-delimited JSON; what could not begin is one line `{kind: "fault"}`.
 *
 * @param onLeave  called when nobody reads on
 */
export function streamEvents(events: AsyncIterable<unknown>, onLeave: () => void = () => undefined): Response {
  const encoder = new TextEncoder();
  const iterator = events[Symbol.asyncIterator]();
  let left = false;
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await iterator.next();
        // Events still come after nobody reads on; there is nothing to write them to.
        if (left) return;
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      } catch (error) {
        if (!isFault(error)) console.error(error);
        if (left) return;
        controller.enqueue(encoder.encode(`${JSON.stringify({ kind: "fault", fault: reportOf(error) })}\n`));
        controller.close();
      }
    },
    cancel() {
      left = true;
      onLeave();
    }
  });
  return new Response(stream, {
    headers: { "content-type": "application/x-ndjson", "cache-control": "no-store", "x-accel-buffering": "no" }
  });
}
