import { readPeoplePage } from "#lib/work/people-page.ts";
import { answer } from "../../answer.ts";

export const GET = answer("administer", async ({ bench, scope }) => readPeoplePage(bench, scope));
