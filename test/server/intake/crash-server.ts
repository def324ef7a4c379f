// A process that takes exports in until it is killed: the real intake behind a bare HTTP server.

import { systemClock } from "#lib/server/clock.ts";
import { openIntake } from "#lib/server/intake/intake.ts";
import { openState } from "#lib/server/state/state.ts";
import { listenForExports } from "./door.ts";

const [dataFolder = "", flushMs = ""] = process.argv.slice(2);
const { ingestKeys } = await openState({ dataFolder, databaseUrl: null }, systemClock);
const intake = openIntake({ dataFolder, databaseUrl: null, flushMs: Number(flushMs) });
const { url } = await listenForExports({ ingestKeys, intake });
console.log(`ready at ${url}`);
