import { typeAsPerson } from "./people.ts";
import { type Conversation, type Purchase, passages } from "./support-shop.ts";

/** A parcel locker that does not open: the complaint that nobody has named yet. */
export function writeLockerComplaint({ dice, person, product, about, lookUp }: Purchase): Conversation {
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
  return [
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
}
