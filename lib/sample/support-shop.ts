import type { Dice } from "./dice.ts";
import type { Person } from "./people.ts";
import type { Passage, Step, Turn } from "./script.ts";

/** A customer of the shop with the order that they write about. */
export interface Purchase {
  readonly dice: Dice;
  /** Day of the sample, from 1. */
  readonly day: number;
  /** First instant of that day, ms since 1970. */
  readonly dayMs: number;
  readonly person: Person;
  readonly order: string;
  readonly product: string;
  readonly priceEur: number;
  /** Words for the gaps of a sentence. */
  readonly about: Readonly<Record<string, string>>;
  /** The agent's look-up of the order. */
  readonly lookUp: Extract<Step, { kind: "tool" }>;
}

/** What was said about a purchase. */
export type Conversation = readonly Turn[];

/** What the agent is told before every conversation. */
export const shopSystem =
  "You help customers of Northlight, an online shop for home and outdoor goods. Follow the retrieved policies exactly, name the policy you rely on in square brackets, and never promise what a policy does not allow.";

/** What the shop sells. */
export const products = [
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

/** The policy that agent version 4.3.0 gets wrong. */
export const refundPolicy: Passage = {
  id: "policy-returns-7",
  content:
    "Returns and refunds. A customer may return an unused item within 30 days of delivery for a full refund. After 30 days no refund is granted for a change of mind; a store credit of 20 % may be offered once. Damaged items are covered for two years."
};
/** All other policies, by what they are about. */
export const passages: Readonly<Record<string, Passage>> = {
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
