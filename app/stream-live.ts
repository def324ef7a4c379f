import type { Scope } from "#lib/model/scope.ts";
import type { LiveEvent } from "#lib/wire/traces.ts";

/** A line that says nothing, so that a connection that was lost is noticed. */
const beatMs = 15_000;

/**
 * Live events as server-sent events, each with its snapshot as id: a browser that comes back says the last it heard.
 *
 * @param scopeNow  asked before each event: once there is none, nothing more is told
 */
export function streamLive(
  events: AsyncGenerator<LiveEvent>,
  stop: AbortController,
  scopeNow: () => Promise<Scope | null>
): Response {
  const encoder = new TextEncoder();
  let beat: ReturnType<typeof setInterval> | undefined;
  const end = () => {
    clearInterval(beat);
    stop.abort();
  };
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode("retry: 1000\n\n"));
      beat = setInterval(() => controller.enqueue(encoder.encode(": still here\n\n")), beatMs);
    },
    async pull(controller) {
      try {
        const { value, done } = await events.next();
        if (done || (await scopeNow()) === null) {
          end();
          controller.close();
          return;
        }
        controller.enqueue(encoder.encode(`id: ${value.snapshotId}\ndata: ${JSON.stringify(value)}\n\n`));
      } catch (error) {
        end();
        console.error(error);
        controller.error(error);
      }
    },
    cancel: end
  });
  return new Response(stream, {
    headers: {
      "content-type": "text/event-stream",
      // Without "no-transform" the server would hold events back until there is enough to compress.
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no"
    }
  });
}
