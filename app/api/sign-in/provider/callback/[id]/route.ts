import { originOf } from "#lib/wire/origin.ts";
import { answer } from "../../../../../answer.ts";

export const GET = answer("open", async ({ bench, request }) =>
  (await bench.openEntrance()).finishProvider(request, originOf(request.headers))
);
