import { object, text } from "#lib/wire/parse.ts";
import { answer } from "../../answer.ts";

export const POST = answer("read", async ({ bench, request }) => {
  const source = text(object(await request.json(), "the question"), "source");
  const found = await bench.compiler.diagnose(source);
  return { diagnostics: found.map(({ message, position }) => ({ message, ...position })) };
});
