import { answer } from "../../answer.ts";

export const GET = answer(
  "signed-in",
  async ({ bench }) =>
    new Response(await bench.readContract(), { headers: { "content-type": "text/plain; charset=utf-8" } })
);
