import { expect, test } from "vitest";
import type { Emergence } from "#lib/model/alert.ts";
import type { Alerts } from "#lib/ports/alerts.ts";
import type { KeptMaps } from "#lib/ports/kept-maps.ts";
import { newMap } from "./kept-maps.ts";

const scope = { userId: "owner", roles: ["admin"], businessUnits: ["sales", "support"] } as const;
const salesOnly = { userId: "guest", roles: ["viewer"], businessUnits: ["sales"] } as const;

const grows = (businessUnit: string, clusterId: number | null): Emergence => ({
  ...{ businessUnit, clusterId, recent: 40, past: 2 },
  ...{ ratio: 12.5, low: 4, high: null }
});

/** What every database keeps of alerts. @param open  the doors, once the tests run */
export function alertsContract(open: () => { readonly alerts: Alerts; readonly keptMaps: KeptMaps }): void {
  const openMap = async (mapId: string) => {
    const { keptMaps, alerts } = open();
    await keptMaps.keep(scope, { ...newMap(mapId, ["sales", "support"]), title: `Map ${mapId}` });
    return alerts;
  };
  const ofMap = async (alerts: Alerts, mapId: string, who: typeof scope | typeof salesOnly = scope) =>
    (await alerts.list(who)).filter((alert) => alert.mapId === mapId);
  /** Messages that wait are of other tests too; each is taken once. */
  const takeAll = async (alerts: Alerts) => {
    const taken = [];
    for (let next = await alerts.takeWaiting(); next; next = await alerts.takeWaiting()) taken.push(next);
    return taken;
  };

  test("a cluster that grows is raised once, ends when it grows no more, and is raised anew later", async () => {
    const alerts = await openMap("a1");
    expect(await alerts.note(scope, "a1", [grows("sales", 3), grows("support", null)], false)).toBe(2);
    expect(await alerts.note(scope, "a1", [grows("sales", 3), grows("support", null)], false)).toBe(0);
    expect(await alerts.note(scope, "a1", [grows("support", null)], false)).toBe(0);
    const [standing, ended] = await ofMap(alerts, "a1");
    expect(standing).toMatchObject({ businessUnit: "support", clusterId: null, endedAtMs: null, delivery: "off" });
    expect(standing).toMatchObject({ mapTitle: "Map a1", recent: 40, past: 2, ratio: 12.5, low: 4, high: null });
    expect(ended).toMatchObject({ businessUnit: "sales", clusterId: 3 });
    expect(ended!.endedAtMs).toBeGreaterThanOrEqual(ended!.raisedAtMs);
    expect(await alerts.note(scope, "a1", [grows("sales", 3)], false)).toBe(1);
    expect(await ofMap(alerts, "a1")).toHaveLength(3);
  });

  test("two who notice the same at once raise it once", async () => {
    const alerts = await openMap("a2");
    const raised = await Promise.all([1, 2, 3].map(() => alerts.note(scope, "a2", [grows("sales", 1)], true)));
    expect(raised.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect((await takeAll(alerts)).filter(({ alert }) => alert.mapId === "a2")).toHaveLength(1);
  });

  test("a unit's alerts are seen by nobody else, and are not ended by who does not see them", async () => {
    const alerts = await openMap("a3");
    await alerts.note(scope, "a3", [grows("sales", 1), grows("support", 1)], false);
    expect(await ofMap(alerts, "a3", salesOnly)).toMatchObject([{ businessUnit: "sales" }]);
    await alerts.note(salesOnly, "a3", [], false);
    expect(
      (await ofMap(alerts, "a3")).map(({ businessUnit, endedAtMs }) => [businessUnit, endedAtMs === null])
    ).toEqual([
      ["support", true],
      ["sales", false]
    ]);
    await expect(alerts.note(salesOnly, "a3", [grows("support", 2)], false)).rejects.toMatchObject({ code: "denied" });
  });

  test("a message is given to one sender, tried again when it was not taken, and never after it was", async () => {
    const alerts = await openMap("a4");
    await takeAll(alerts);
    await alerts.note(scope, "a4", [grows("sales", 1), grows("support", 2)], true);
    const first = await takeAll(alerts);
    expect(first.map(({ attempt }) => attempt)).toEqual([1, 1]);
    const [sent, unsent] = first.map(({ alert }) => alert.alertId);
    await alerts.noteSent(sent!);
    await alerts.noteUnsent(unsent!, "the receiver answered 503", 0);
    expect(await takeAll(alerts)).toMatchObject([
      { attempt: 2, alert: { alertId: unsent, problem: "the receiver answered 503" } }
    ]);
    await alerts.noteUnsent(unsent!, "the receiver answered 410", null);
    await alerts.noteUnsent(sent!, "too late", 0);
    expect(await takeAll(alerts)).toEqual([]);
    expect((await ofMap(alerts, "a4")).map(({ alertId, delivery }) => [alertId, delivery]).sort()).toEqual(
      [
        [sent, "sent"],
        [unsent, "failed"]
      ].sort()
    );
  });

  test("with a map go its alerts", async () => {
    const alerts = await openMap("a5");
    await alerts.note(scope, "a5", [grows("sales", 1)], true);
    await open().keptMaps.remove(scope, "a5");
    expect(await ofMap(alerts, "a5")).toEqual([]);
    expect((await takeAll(alerts)).filter(({ alert }) => alert.mapId === "a5")).toEqual([]);
  });
}
