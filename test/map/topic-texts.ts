import { seededRandom } from "#lib/math/random.ts";

/** The words each topic is written with. */
export const topics = {
  refund: ["refund", "money", "back", "return", "paid", "charge", "twice"],
  flight: ["flight", "seat", "gate", "boarding", "luggage", "airport", "delayed"],
  router: ["router", "wifi", "signal", "cable", "modem", "restart", "offline"]
} as const;

/** Texts of three topics in turn, each five words of its topic among words of all. */
export function topicTexts(n: number, seed: number): string[] {
  const random = seededRandom(seed);
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!;
  const names = Object.keys(topics) as (keyof typeof topics)[];
  return Array.from({ length: n }, (_, i) => {
    const own = Array.from({ length: 5 }, () => pick(topics[names[i % 3]!]));
    return ["please", "help", pick(["today", "now", "soon", "again"]), ...own, `case ${i}`].join(" ");
  });
}
