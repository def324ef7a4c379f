import type { Dice } from "./dice.ts";

const given =
  "Amara,Lukas,Priya,Tom,Ingrid,Mateo,Chloe,Yusuf,Hannah,Oscar,Mei,Daniel,Sofia,Kwame,Elif,Peter,Noor,Ravi,Marta,Jonas,Leila,Hugo,Anna,Samuel,Zofia,Ben,Ines,Karl,Rosa,Viktor,Aisha,Greta,Paolo,Nadia,Finn,Clara,Emeka,Julia,Tariq,Helen".split(
    ","
  );
const family =
  "Okafor,Brandt,Raman,Whitfield,Solberg,Herrera,Dubois,Demir,Keller,Lindqvist,Tanaka,Novak,Rossi,Mensah,Yilmaz,Hughes,Haddad,Iyer,Kowalska,Fischer,Aziz,Moreau,Petrova,Adeyemi,Wojcik,Carter,Santos,Maier,Delgado,Horvat,Rahman,Larsen,Conti,Farouk,Byrne,Vogel,Eze,Schmidt,Malik,Osborne".split(
    ","
  );
const towns =
  "Leeds,Bremen,Lyon,Porto,Graz,Turin,Cork,Ghent,Malmö,Basel,Kraków,Utrecht,Bilbao,Tartu,Bristol,Kassel,Nantes,Aarhus".split(
    ","
  );

/** A customer, client or colleague. */
export interface Person {
  readonly name: string;
  readonly first: string;
  readonly email: string;
  readonly town: string;
}

/** A made-up person. */
export function choosePerson(dice: Dice): Person {
  const [first, last] = [dice.pick(given), dice.pick(family)];
  const email = `${first}.${last}${dice.whole(2, 98)}@example.com`.toLowerCase();
  return { name: `${first} ${last}`, first, email, town: dice.pick(towns) };
}

const openings = [
  "",
  "",
  "",
  "Hi, ",
  "Hello, ",
  "Good morning, ",
  "hey ",
  "Hi there. ",
  "Quick one: ",
  "Evening. ",
  "Sorry to bother you again, ",
  "Hello team, ",
  "First time writing here. "
];
const closings = [
  "",
  "",
  "",
  "",
  " Thanks!",
  " Thank you.",
  " Please advise.",
  " Cheers",
  " I need this sorted today.",
  " No rush.",
  " I'm on my phone so excuse typos.",
  " Can you check?",
  " I've been waiting a while.",
  " Much appreciated."
];

/** A text as a person would type it: an opening, a closing, now and then a slip of the keys. */
export function typeAsPerson(dice: Dice, text: string): string {
  let typed = `${dice.pick(openings)}${text}${dice.pick(closings)}`;
  if (dice.chance(0.12)) typed = typed.toLowerCase();
  if (dice.chance(0.14)) {
    const at = dice.whole(3, Math.max(3, typed.length - 3));
    typed = typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2);
  }
  return typed;
}

/** A calendar day some days before another, `YYYY-MM-DD`. */
export function dayBefore(dayMs: number, days: number): string {
  return new Date(dayMs - days * 86_400_000).toISOString().slice(0, 10);
}
