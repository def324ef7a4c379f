import { object, text } from "#lib/wire/parse.ts";
import { answer } from "../../answer.ts";
import { workbench } from "../../workbench.ts";

export function POST(request: Request): Promise<Response> {
  return answer(async () => {
    const source = text(object(await request.json(), "the question"), "source");
    const found = await workbench().compiler.diagnose(source);
    return { diagnostics: found.map(({ message, position }) => ({ message, ...position })) };
  });
}
