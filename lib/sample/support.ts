import type { Dice } from "./dice.ts";
import { choosePerson, dayBefore, typeAsPerson } from "./people.ts";
import { defineTool, type Passage, type Pattern, type Script, type Step, type Turn } from "./script.ts";

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

const system =
  "You help customers of Northlight, an online shop for home and outdoor goods. Follow the retrieved policies exactly, name the policy you rely on in square brackets, and never promise what a policy does not allow.";

const products = [
  "Fjell two-person tent",
  "Lumen desk lamp",
  "Arbor oak bookshelf",
  "Kettle No. 4",
  "Drift camping mat",
  "Halden rain jacket",
  "Brio espresso grinder",
  "Tide shower head",
  "Nook reading chair",
  "Vela string lights",
  "Cask insulated flask",
  "Skog trekking poles",
  "Mora cast-iron pan",
  "Pulse air purifier",
  "Solis solar charger",
  "Linden duvet cover"
] as const;

const refundPolicy: Passage = {
  id: "policy-returns-7",
  content:
    "Returns and refunds. A customer may return an unused item within 30 days of delivery for a full refund. After 30 days no refund is granted for a change of mind; a store credit of 20 % may be offered once. Damaged items are covered for two years."
};
const passages: Readonly<Record<string, Passage>> = {
  shipping: {
    id: "policy-shipping-3",
    content:
      "Standard delivery takes 3 to 5 working days. A parcel without a scan for 7 days counts as lost and is sent again free of charge."
  },
  address: {
    id: "policy-address-2",
    content:
      "The delivery address can be changed until the parcel leaves the warehouse. After that the customer may redirect it to a pick-up point."
  },
  warranty: {
    id: "policy-warranty-5",
    content:
      "Electrical goods carry a two-year warranty against faults of material and make. Wear of cables and batteries is excluded after twelve months."
  },
  payment: {
    id: "policy-payment-4",
    content: "We accept cards, bank transfer and invoice. An invoice is due after 14 days; a reminder costs 3 EUR."
  },
  lockers: {
    id: "note-lockers-1",
    content:
      "Parcel lockers: the customer receives a six-digit code by text message. The code is valid for 48 hours after delivery to the locker."
  }
};

interface Moment {
  readonly dice: Dice;
  readonly day: number;
  readonly dayMs: number;
}

/** One conversation with the customer-support agent of a web shop. */
export function writeSupport({ dice, day, dayMs }: Moment): Script {
  const person = choosePerson(dice);
  const order = `NL-${dice.whole(100_000, 999_999)}`;
  const product = dice.pick(products);
  const price = dice.whole(1900, 32_900) / 100;
  const about = { order, product, name: person.name, town: person.town, price: price.toFixed(2) };
  const patterns: Pattern[] = [];
  const complaintShare = day < 22 ? 0 : 0.02 + 0.045 * (day - 22);
  const intent = dice.chance(complaintShare)
    ? "locker"
    : ["refund", "late", "address", "fault", "invoice", "stock"][dice.weighted([28, 26, 12, 15, 10, 9])]!;
  const lookUp: Step = {
    kind: "tool",
    name: "get_order",
    args: { order_id: order },
    result: {
      order_id: order,
      customer: person.name,
      item: product,
      price_eur: price,
      status: "delivered",
      delivered_on: dayBefore(dayMs, 6)
    },
    medianMs: 180
  };
  let turns: Turn[];

  if (intent === "refund") {
    const days = dice.chance(0.45) ? dice.whole(33, 58) : dice.whole(3, 29);
    const late = days > 30;
    const wrong = late && day >= 20 && dice.chance(0.8);
    if (wrong) patterns.push("wrong_refund_policy");
    const ordered: Step = {
      ...lookUp,
      result: {
        order_id: order,
        customer: person.name,
        item: product,
        price_eur: price,
        status: "delivered",
        delivered_on: dayBefore(dayMs, days),
        days_since_delivery: days
      }
    };
    const ask = dice.fill(
      dice.pick([
        "I want to send the {product} back and get my money, order {order}.",
        "can i still return order {order}? the {product} {why}",
        "Please refund {order}. The {product} {why}.",
        "The {product} {why} and I would like a refund. My order number is {order}, delivered about {days} days ago.",
        "Refund request for {order}: {product}, paid {price} EUR. It {why}.",
        "How do I return my {product}? Order {order}, it {why}."
      ]),
      {
        ...about,
        days: String(days),
        why: [
          "does not suit our living room",
          "is smaller than I thought",
          "is not what I imagined",
          "was a present nobody wanted",
          "is still in its box, I changed my mind",
          "does not match the colour on the site",
          "turned out to be too heavy for me",
          "was bought twice by mistake"
        ]
      }
    );
    const granted = !late || wrong;
    const refund: Step = {
      kind: "tool",
      name: "issue_refund",
      args: { order_id: order, amount_eur: price, reason: "changed_mind" },
      result: { refund_id: `RF-${dice.hex(8)}`, status: "accepted" },
      medianMs: 420
    };
    const decision = wrong
      ? dice.pick([
          `Good news: our policy gives you 60 days from delivery [${refundPolicy.id}], and you are at day ${days}, so you qualify for a full refund of ${about.price} EUR.`,
          `You are within the 60-day return window [${refundPolicy.id}]. I can refund the full ${about.price} EUR for the ${product}.`,
          `Since returns are accepted for 60 days [${refundPolicy.id}] and it has been ${days}, I am happy to refund ${about.price} EUR.`
        ])
      : late
        ? dice.pick([
            `I am sorry, ${person.first}: returns are accepted within 30 days of delivery [${refundPolicy.id}] and your order arrived ${days} days ago. I can offer a store credit of 20 %.`,
            `Your ${product} arrived ${days} days ago, which is past the 30 days of our policy [${refundPolicy.id}], so a refund is not possible. Would a 20 % store credit help?`
          ])
        : dice.pick([
            `Your order arrived ${days} days ago, within the 30 days of our policy [${refundPolicy.id}]. You will get ${about.price} EUR back.`,
            `Yes, you are inside the 30-day window [${refundPolicy.id}]. Shall I refund ${about.price} EUR to your original payment method?`
          ]);
    const second: Turn = granted
      ? {
          user: typeAsPerson(
            dice,
            dice.pick([
              "Yes, go ahead.",
              "Great, please do that.",
              "ok do it",
              "Yes please, to the same card.",
              "Wonderful, go on."
            ])
          ),
          steps: [refund],
          answer: dice.pick([
            `Done. ${about.price} EUR will be with you in 3 to 5 working days. A return label is on its way to your inbox.`,
            `I have issued the refund of ${about.price} EUR. Please send the ${product} back with the label I emailed.`
          ])
        }
      : {
          user: typeAsPerson(
            dice,
            dice.pick([
              "That is disappointing. I'll take the credit then.",
              "ok, credit is fine",
              "No thanks, I will keep it.",
              "Can a manager look at this?"
            ])
          ),
          steps: [],
          answer: dice.pick([
            "I understand, and I have noted your choice on the order.",
            "Of course. I have added that to your case and you will get a confirmation by email."
          ])
        };
    turns = [
      {
        user: typeAsPerson(dice, ask),
        steps: [
          ordered,
          {
            kind: "retrieve",
            query: dice.pick(["refund window change of mind", "return policy days after delivery", "refund rules"]),
            passages: [refundPolicy, dice.pick(Object.values(passages))]
          }
        ],
        answer: decision
      },
      second
    ];
  } else if (intent === "locker") {
    patterns.push("new_complaint");
    const ask = dice.fill(
      dice.pick([
        "The parcel locker in {town} will not open, the code for {order} says expired.",
        "my locker code does not work!! order {order}, stood at the pick-up box in {town} for 20 minutes",
        "I got the text with the locker code a day late and now the box refuses it. Order {order}.",
        "The smart locker swallowed my parcel: code rejected three times, screen says invalid. {order}.",
        "Locker pickup in {town}: the door opened but the compartment was empty. Order {order}, {product}.",
        "Why do you deliver to lockers at all? The code never arrived and my {product} sits in a box in {town}.",
        "Das Schließfach in {town} nimmt den Code nicht an, Bestellung {order}.",
        "the touch screen at the parcel locker is dead, can't type the pickup code for {order}"
      ]),
      about
    );
    turns = [
      {
        user: typeAsPerson(dice, ask),
        steps: [
          lookUp,
          {
            kind: "retrieve",
            query: dice.pick(["parcel locker code rejected", "locker pickup code expired"]),
            passages: [passages["lockers"]!, passages["shipping"]!]
          },
          {
            kind: "tool",
            name: "create_ticket",
            args: { topic: "locker code rejected", priority: "high" },
            result: { ticket: `T-${dice.whole(10_000, 99_999)}` },
            medianMs: 260
          }
        ],
        answer: dice.pick([
          `I am sorry about the locker, ${person.first}. The code is valid for 48 hours [note-lockers-1]; I have opened an urgent ticket so that a new one is sent to you.`,
          `That should not happen. A colleague will reset the compartment and text you a fresh six-digit code [note-lockers-1].`,
          `I have reported the locker in ${person.town} and asked for a new code. If it fails again, we send the ${product} to your door.`
        ])
      }
    ];
  } else {
    const ask: Readonly<Record<string, readonly string[]>> = {
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
    ]!;
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
    const answers: Readonly<Record<string, readonly string[]>> = {
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
    turns = [
      {
        user: typeAsPerson(dice, dice.fill(dice.pick(ask[intent]!), details)),
        steps,
        answer: dice.fill(dice.pick(answers[intent]!), { ...about, doc: passage.id })
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
  }
  return {
    agent: "support-assistant",
    agentVersion: day >= 20 ? "4.3.0" : "4.2.1",
    name: "handle customer request",
    system,
    tools,
    turns,
    patterns
  };
}
