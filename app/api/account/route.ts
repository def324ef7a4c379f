import { originOf } from "#lib/wire/origin.ts";
import { parsePasswordRequest } from "#lib/wire/people.ts";
import { readAccount } from "#lib/work/people-page.ts";
import { answer, readAsking } from "../../answer.ts";

export const GET = answer("signed-in", async ({ bench, request }) => {
  const { asker, units } = await readAsking(bench, request.headers);
  const listSessions = async (userId: string) => (await bench.openSignIn()).listSessions(userId);
  return readAccount({ ...bench, listSessions }, asker, units);
});

export const PUT = answer("signed-in", async ({ bench, scope, request }) => {
  const sent = parsePasswordRequest(await request.json());
  await (await bench.openEntrance()).changePassword(scope, sent, originOf(request.headers));
});
