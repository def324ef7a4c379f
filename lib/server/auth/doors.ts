import type { Asker } from "#lib/model/rights.ts";
import type { Audit } from "#lib/ports/audit.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { SignIn } from "#lib/ports/sign-in.ts";
import { Entrance } from "#lib/work/entrance.ts";
import type { Config } from "../config.ts";
import type { State } from "../state/state.ts";
import { readSecret } from "./secret.ts";
import { openWhoAsks } from "./who-asks.ts";

/** Everything about who comes in. */
export interface SignInDoors {
  /** Who asks, with all that they may do. @throws Fault `denied`, as `signInFirst`, where nobody is signed in */
  whoAsks(headers: Headers): Promise<Asker>;
  /** Sessions, and the provider where one is configured. Opened when it is first asked for. */
  openSignIn(): Promise<SignIn>;
  /** Ways in with a password. */
  openEntrance(): Promise<Entrance>;
}

/** Sign-in is loaded when somebody needs it: commands and a workbench with one local owner do not. */
export function openSignInDoors(
  config: Pick<Config, "secret" | "dataFolder" | "publicUrl" | "provider" | "isLoopback">,
  state: Pick<State, "db" | "people" | "invitations" | "resetLinks" | "apiKeys" | "signInAttempts">,
  audit: Pick<Audit, "record">,
  clock: Clock
): SignInDoors {
  const openSignIn = once(async () => {
    const [{ openSignIn: open }, secret] = await Promise.all([import("./sign-in.ts"), readSecret(config)]);
    const { db, invitations } = state;
    return open({ db, clock, invitations, secret, publicUrl: config.publicUrl, provider: config.provider });
  });
  return {
    openSignIn,
    openEntrance: once(async () => new Entrance({ ...state, signIn: await openSignIn(), audit, clock })),
    whoAsks: openWhoAsks({ ...state, clock }, openSignIn, config.isLoopback)
  };
}

/** Opens at the first call, and again after a call that failed. */
function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}
