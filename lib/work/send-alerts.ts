import type { Alert } from "#lib/model/alert.ts";
import type { Json } from "#lib/model/span.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { Clock } from "#lib/ports/clock.ts";
import type { Hook } from "#lib/ports/hook.ts";
import { clusterQuestionPaths } from "#lib/wire/cluster-questions.ts";
import { pastDays, recentDays } from "./read-emerging.ts";

/** What sending alerts needs. */
export interface SendDoors {
  readonly alerts: Pick<Alerts, "takeWaiting" | "noteSent" | "noteUnsent">;
  readonly hook: Hook;
  readonly clock: Pick<Clock, "nowMs">;
  /** Where the workbench is reached, without a slash at its end: links in messages begin with it. */
  readonly publicUrl: string;
}

/** Tries of one message in all: the last comes some two hours after the first. */
const mostAttempts = 10;
const [firstPauseMs, mostPauseMs] = [15_000, 3_600_000];

/** Between two looks for messages that wait. */
const lookMs = 5000;

/** Sends what waits, again and again, until stopped. */
export async function keepSending(
  doors: SendDoors & {
    /** Ends early when the signal is aborted. */
    readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
    /** Is told of a look that failed; the next one is made all the same. */
    readonly report: (error: unknown) => void;
  },
  signal: AbortSignal
): Promise<void> {
  while (!signal.aborted) {
    await sendAlerts(doors, signal).catch((error: unknown) => {
      if (!signal.aborted) doors.report(error);
    });
    await doors.pause(lookMs, signal);
  }
}

/**
 * Sends every message that waits. One that is not taken is tried again later and later; one that the receiver refuses
 * for good is kept as failed with its reason.
 *
 * @returns how many were taken
 */
export async function sendAlerts(doors: SendDoors, signal: AbortSignal): Promise<number> {
  const { alerts, hook, clock, publicUrl } = doors;
  let sent = 0;
  while (!signal.aborted) {
    const waiting = await alerts.takeWaiting();
    if (!waiting) break;
    const { alert, attempt } = waiting;
    const answer = await hook.send(formatAlert(alert, publicUrl), signal);
    if (answer.kind === "taken") {
      await alerts.noteSent(alert.alertId);
      sent++;
    } else {
      const isOver = answer.retryAfterMs === null || attempt >= mostAttempts;
      const pauseMs = Math.max(answer.retryAfterMs ?? 0, Math.min(mostPauseMs, firstPauseMs * 2 ** (attempt - 1)));
      await alerts.noteUnsent(alert.alertId, answer.problem, isOver ? null : clock.nowMs() + pauseMs);
    }
  }
  return sent;
}

/**
 * An alert as other tools take it: numbers and links, no word of any trace. `text` is the whole in one sentence, which
 * chat tools show as it is.
 */
export function formatAlert(alert: Alert, publicUrl: string): Json {
  const { alertId, mapId, mapTitle, businessUnit, clusterId, raisedAtMs } = alert;
  const url = `${publicUrl}/maps/${encodeURIComponent(mapId)}`;
  const what = clusterId === null ? "Traces in no cluster" : `Cluster ${clusterId + 1}`;
  const common = {
    id: alertId,
    business_unit: businessUnit,
    map: { id: mapId, title: mapTitle, url },
    cluster: clusterId,
    raised_at: new Date(raisedAtMs).toISOString()
  };
  if (alert.kind === "confirmed") {
    const { questionId, agree, judged } = alert;
    const page = `${publicUrl}${clusterQuestionPaths.page(questionId)}`;
    return {
      ...common,
      kind: "confirmed_issue",
      text: `${what} of the map "${mapTitle}" is a confirmed issue in ${businessUnit}: ${agree} of ${judged} experts say so. ${page}`,
      question: { id: questionId, url: page },
      agree,
      judged
    };
  }
  const { recent, past, ratio, low, high } = alert;
  const times = ratio === null ? "new" : `${ratio.toPrecision(3)} times as common as before`;
  return {
    ...common,
    kind: "emerging_cluster",
    text: `${what} of the map "${mapTitle}" is growing in ${businessUnit}: ${recent} traces in ${recentDays} days, ${past} in the ${pastDays} before (${times}). ${url}`,
    recent,
    past,
    recent_days: recentDays,
    past_days: pastDays,
    ratio,
    ratio_low: low,
    ratio_high: high
  };
}
