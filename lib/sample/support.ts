import type { Dice } from "./dice.ts";
import { choosePerson, dayBefore } from "./people.ts";
import { defineTool, type Pattern, type Script } from "./script.ts";
import { writeLockerComplaint } from "./support-locker.ts";
import { writeRefund } from "./support-refund.ts";
import { type Concern, writeRoutine } from "./support-routine.ts";
import { type Conversation, type Purchase, products, shopSystem } from "./support-shop.ts";

const tools = [
  defineTool("get_order", "Looks up an order.", { order_id: { type: "string", pattern: "^NL-[0-9]{6}$" } }),
  defineTool("issue_refund", "Refunds an order to the original payment method.", {
    order_id: { type: "string", pattern: "^NL-[0-9]{6}$" },
    amount_eur: { type: "number", exclusiveMinimum: 0 },
    reason: { type: "string", enum: ["changed_mind", "damaged", "late", "wrong_item"] }
  }),
  defineTool("track_parcel", "Gives the last scan of a parcel.", {
    order_id: { type: "string", pattern: "^NL-[0-9]{6}$" }
  }),
  defineTool("update_address", "Changes the delivery address of an order.", {
    order_id: { type: "string", pattern: "^NL-[0-9]{6}$" },
    town: { type: "string", minLength: 2 }
  }),
  defineTool("create_ticket", "Hands the case to a person.", {
    topic: { type: "string" },
    priority: { type: "string", enum: ["low", "normal", "high"] }
  })
];

const intents: readonly ("refund" | Concern)[] = ["refund", "late", "address", "fault", "invoice", "stock"];
const intentWeights = [28, 26, 12, 15, 10, 9];

interface Moment {
  readonly dice: Dice;
  readonly day: number;
  readonly dayMs: number;
}

/** One conversation with the customer-support agent of a web shop. */
export function writeSupport(moment: Moment): Script {
  const purchase = choosePurchase(moment);
  const { turns, patterns } = writeConversation(purchase);
  return {
    agent: "support-assistant",
    agentVersion: moment.day >= 20 ? "4.3.0" : "4.2.1",
    name: "handle customer request",
    system: shopSystem,
    tools,
    turns,
    patterns
  };
}

function choosePurchase({ dice, day, dayMs }: Moment): Purchase {
  const person = choosePerson(dice);
  const order = `NL-${dice.whole(100_000, 999_999)}`;
  const product = dice.pick(products);
  const priceEur = dice.whole(1900, 32_900) / 100;
  const about = { order, product, name: person.name, town: person.town, price: priceEur.toFixed(2) };
  const result = {
    order_id: order,
    customer: person.name,
    item: product,
    price_eur: priceEur,
    status: "delivered",
    delivered_on: dayBefore(dayMs, 6)
  };
  const lookUp = { kind: "tool", name: "get_order", args: { order_id: order }, result, medianMs: 180 } as const;
  return { dice, day, dayMs, person, order, product, priceEur, about, lookUp };
}

function writeConversation(purchase: Purchase): {
  readonly turns: Conversation;
  readonly patterns: readonly Pattern[];
} {
  const { dice, day } = purchase;
  const complaintShare = day < 22 ? 0 : 0.02 + 0.045 * (day - 22);
  if (dice.plant(complaintShare)) return { turns: writeLockerComplaint(purchase), patterns: ["new_complaint"] };
  const intent = intents[dice.weighted(intentWeights)]!;
  return intent === "refund" ? writeRefund(purchase) : { turns: writeRoutine(purchase, intent), patterns: [] };
}
