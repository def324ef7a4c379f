import { parseTitlesRequest, type TitlesEvent } from "#lib/wire/cluster-titles.ts";
import { EventQueue } from "#lib/work/event-queue.ts";
import { answer } from "../../../../answer.ts";
import { streamEvents } from "../../../../stream-events.ts";
import { workbench } from "../../../../workbench.ts";

interface Context {
  readonly params: Promise<{ readonly mapId: string }>;
}

export function GET(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mapTitler, scope } = workbench();
    const isAsked = new URL(request.url).searchParams.has("forecast");
    const forecast = isAsked ? await mapTitler.forecast(await scope(), (await params).mapId) : null;
    return { modelId: mapTitler.modelId, forecast };
  });
}

export function POST(request: Request, { params }: Context): Promise<Response> {
  return answer(async () => {
    const { mostTokens } = parseTitlesRequest(await request.json());
    const { mapTitler, scope } = workbench();
    const [owner, { mapId }] = [await scope(), await params];
    const events = new EventQueue<TitlesEvent>();
    const leaving = new AbortController();
    mapTitler
      .write(
        owner,
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
  });
}
