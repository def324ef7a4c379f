import type { Hook, HookAnswer } from "#lib/ports/hook.ts";

const timeoutMs = 10_000;
const mostProblemCharacters = 200;

/**
 * Posts messages as JSON to one address, which is a secret: it is in no answer and no log. Follows no redirect, since
 * that could lead to where nobody allowed it.
 */
export function openHook(url: string): Hook {
  return {
    async send(message, signal) {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(message),
          redirect: "manual",
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
        });
        return await readAnswer(response);
      } catch (error) {
        if (signal.aborted) throw error;
        const isLate = error instanceof Error && error.name === "TimeoutError";
        const problem = isLate ? `no answer within ${timeoutMs / 1000} s` : "the receiver could not be reached";
        return { kind: "refused", problem, retryAfterMs: 0 };
      }
    }
  };
}

async function readAnswer(response: Response): Promise<HookAnswer> {
  const { status, ok } = response;
  if (ok) {
    await response.body?.cancel();
    return { kind: "taken" };
  }
  const said = await readStart(response);
  const problem = `the receiver answered ${status}${said === "" ? "" : `: ${said}`}`;
  const isPassing = status === 408 || status === 429 || status >= 500;
  return { kind: "refused", problem, retryAfterMs: isPassing ? retryAfterMs(response) : null };
}

/** The first characters of an answer, however long it is. */
async function readStart(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= mostProblemCharacters) break;
  }
  return text.slice(0, mostProblemCharacters).replaceAll(/\s+/g, " ").trim();
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : 0;
}
