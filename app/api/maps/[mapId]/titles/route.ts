import { parseTitlesRequest, type TitlesEvent } from "#lib/wire/cluster-titles.ts";
import { EventQueue } from "#lib/work/event-queue.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";

export const GET = answer<{ readonly mapId: string }>(
  "read",
  async ({ bench: { mapTitler }, scope, params, request }) => {
    const isAsked = new URL(request.url).searchParams.has("forecast");
    const forecast = isAsked ? await mapTitler.forecast(scope, params.mapId) : null;
    return { modelId: mapTitler.modelId, forecast };
  }
);

export const POST = answer<{ readonly mapId: string }>(
  "run",
  async ({ bench: { mapTitler }, scope, params, request }) => {
    const { mostTokens } = parseTitlesRequest(await request.json());
    const { mapId } = params;
    const events = new EventQueue<TitlesEvent>();
    const leaving = new AbortController();
    mapTitler
      .write(
        scope,
        mapId,
        { usd: null, tokens: mostTokens },
        (done, total, costUsd) => events.push({ kind: "progress", done, total, costUsd }),
        leaving.signal
      )
      .then(
        (written) => {
          events.push({ kind: "written", ...written });
          events.end();
        },
        (error: unknown) => events.end(error)
      );
    return streamEvents(events, () => leaving.abort());
  }
);
