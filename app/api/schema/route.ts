import { tableFunctions, views } from "#lib/sql/views.ts";
import { answer } from "../../answer.ts";

export function GET(): Promise<Response> {
  return answer(async () => ({ views: [...views, ...tableFunctions] }));
}
