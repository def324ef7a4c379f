import { statistics } from "#lib/sql/statistics.ts";
import { tableFunctions, views } from "#lib/sql/views.ts";
import type { SchemaReply } from "#lib/wire/home.ts";
import { answer } from "../../answer.ts";

export const GET = answer(
  "read",
  async (): Promise<SchemaReply> => ({
    views: [...views, ...tableFunctions],
    functions: statistics.map(({ name, call, about }) => ({ name, call, about }))
  })
);
