import type { Json } from "../model/span.ts";
import { dayBefore, typeAsPerson } from "./people.ts";
import type { Pattern, Step, Turn } from "./script.ts";
import { type Conversation, type Purchase, passages, refundPolicy } from "./support-shop.ts";

/** Somebody wants their money back; from day 20 on the agent often grants it too late. */
export function writeRefund(purchase: Purchase): {
  readonly turns: Conversation;
  readonly patterns: readonly Pattern[];
} {
  const { dice, day, dayMs, person, order, product, priceEur, about, lookUp } = purchase;
  const price = priceEur.toFixed(2);
  const days = dice.chance(0.45) ? dice.whole(33, 58) : dice.whole(3, 29);
  const late = days > 30;
  const wrong = late && day >= 20 && dice.plant(0.8);
  const ordered: Step = {
    ...lookUp,
    result: {
      ...(lookUp.result as Readonly<Record<string, Json>>),
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
    args: { order_id: order, amount_eur: priceEur, reason: "changed_mind" },
    result: { refund_id: `RF-${dice.hex(8)}`, status: "accepted" },
    medianMs: 420
  };
  const decision = wrong
    ? dice.pick([
        `Good news: our policy gives you 60 days from delivery [${refundPolicy.id}], and you are at day ${days}, so you qualify for a full refund of ${price} EUR.`,
        `You are within the 60-day return window [${refundPolicy.id}]. I can refund the full ${price} EUR for the ${product}.`,
        `Since returns are accepted for 60 days [${refundPolicy.id}] and it has been ${days}, I am happy to refund ${price} EUR.`
      ])
    : late
      ? dice.pick([
          `I am sorry, ${person.first}: returns are accepted within 30 days of delivery [${refundPolicy.id}] and your order arrived ${days} days ago. I can offer a store credit of 20 %.`,
          `Your ${product} arrived ${days} days ago, which is past the 30 days of our policy [${refundPolicy.id}], so a refund is not possible. Would a 20 % store credit help?`
        ])
      : dice.pick([
          `Your order arrived ${days} days ago, within the 30 days of our policy [${refundPolicy.id}]. You will get ${price} EUR back.`,
          `Yes, you are inside the 30-day window [${refundPolicy.id}]. Shall I refund ${price} EUR to your original payment method?`
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
          `Done. ${price} EUR will be with you in 3 to 5 working days. A return label is on its way to your inbox.`,
          `I have issued the refund of ${price} EUR. Please send the ${product} back with the label I emailed.`
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
  const turns: Turn[] = [
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
  return { turns, patterns: wrong ? ["wrong_refund_policy"] : [] };
}
