import { dayBefore, typeAsPerson } from "./people.ts";
import type { Step, Turn } from "./script.ts";
import { type Conversation, type Purchase, passages, products, refundPolicy } from "./support-shop.ts";

/** What most customers write about. */
export type Concern = "late" | "address" | "fault" | "invoice" | "stock";

/** A conversation of every day, in which nothing is planted. */
export function writeRoutine(purchase: Purchase, intent: Concern): Conversation {
  const { dice, dayMs, person, order, product, about, lookUp } = purchase;
  const ask: Readonly<Record<Concern, readonly string[]>> = {
    late: [
      "Where is my parcel? Order {order} should have arrived on {weekday}.",
      "tracking for {order} has not moved for {n} days",
      "The {product} I ordered {n} days ago is still not here, number {order}.",
      "Is {order} lost? The courier site shows nothing since {weekday}.",
      "Wo bleibt meine Bestellung {order}? Sie sollte am Montag kommen.",
      "Ma commande {order} n'est toujours pas arrivée à {town}.",
      "Any news about {order}? I need the {product} for a trip on {weekday}."
    ],
    address: [
      "I moved to {town}, can you change the address for {order}?",
      "wrong address on {order}, should go to {town} not my old flat",
      "Please redirect my {product} ({order}) to a pick-up point in {town}.",
      "Can my neighbour in {town} receive order {order} instead?"
    ],
    fault: [
      "The {product} from {order} stopped working after {n} weeks.",
      "My {product} arrived with a {damage}. Order {order}.",
      "There is a {damage} on the {product}, what now? {order}",
      "{product} makes a strange noise since {weekday}, is that covered? Order {order}."
    ],
    invoice: [
      "I need an invoice with our company name for {order}.",
      "You charged {price} EUR twice for {order}?",
      "Can I pay {order} by bank transfer instead?",
      "The reminder fee on {order} is wrong, I paid on {weekday}.",
      "La factura del pedido {order} no tiene el IVA."
    ],
    stock: [
      "Will the {product} be back in stock before {weekday}?",
      "Do you have the {product} in green, and how much is delivery to {town}?",
      "Does the {product} fit a household of {n}?",
      "What is the difference between the {product} and the {other}?"
    ]
  };
  const details = {
    ...about,
    other: products,
    weekday: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    n: ["two", "three", "five", "six", "eight", "nine"],
    damage: [
      "crack along the side",
      "missing screw",
      "dent in the lid",
      "torn seam",
      "scratched surface",
      "broken switch"
    ]
  };
  const topic = { late: "shipping", address: "address", fault: "warranty", invoice: "payment", stock: "shipping" }[
    intent
  ];
  const passage = passages[topic]!;
  const steps: Step[] = intent === "stock" ? [] : [lookUp];
  steps.push({ kind: "retrieve", query: `${topic} ${product}`.toLowerCase(), passages: [passage, refundPolicy] });
  if (intent === "late")
    steps.push({
      kind: "tool",
      name: "track_parcel",
      args: { order_id: order },
      result: {
        order_id: order,
        last_scan: `${dayBefore(dayMs, dice.whole(1, 8))} ${dice.pick(["depot Hamm", "hub Liège", "depot Leipzig"])}`,
        status: dice.pick(["in transit", "out for delivery", "held at depot"])
      },
      medianMs: 310
    });
  if (intent === "address")
    steps.push({
      kind: "tool",
      name: "update_address",
      args: { order_id: order, town: person.town },
      result: { status: "changed" },
      medianMs: 240
    });
  const answers: Readonly<Record<Concern, readonly string[]>> = {
    late: [
      "Your parcel with the {product} was scanned and is on its way. Standard delivery takes 3 to 5 working days [{doc}].",
      "I can see {order} at the depot. If there is no scan for 7 days we send it again free of charge [{doc}]."
    ],
    address: [
      "Done: {order} now goes to {town}. Changes are possible until the parcel leaves the warehouse [{doc}].",
      "I changed the delivery to {town} for you [{doc}]."
    ],
    fault: [
      "That sounds like a fault covered by the two-year warranty [{doc}]. Could you send a photo of the {product}?",
      "I am sorry, {name}. Electrical goods carry a two-year warranty [{doc}], so we repair or replace it."
    ],
    invoice: [
      "I have checked the payment for {order}. An invoice is due after 14 days [{doc}].",
      "We accept cards, bank transfer and invoice [{doc}]; I have sent the corrected invoice for {order}."
    ],
    stock: [
      "The {product} is expected again soon; delivery then takes 3 to 5 working days [{doc}].",
      "Yes, the {product} would suit that, and it ships within 3 to 5 working days [{doc}]."
    ]
  };
  const turns: Turn[] = [
    {
      user: typeAsPerson(dice, dice.fill(dice.pick(ask[intent]), details)),
      steps,
      answer: dice.fill(dice.pick(answers[intent]), { ...about, doc: passage.id })
    }
  ];
  if (dice.chance(0.4))
    turns.push({
      user: typeAsPerson(
        dice,
        dice.pick([
          "And how long will that take?",
          "Can you confirm by email?",
          "ok, thank you",
          "What happens if nothing changes by Friday?",
          "Is there a phone number I can call?"
        ])
      ),
      steps: [],
      answer: dice.pick([
        `I have sent a confirmation to the address on file, ${person.first}.`,
        "You will hear from us within one working day.",
        "You are welcome. Write to us whenever you need."
      ])
    });
  return turns;
}
