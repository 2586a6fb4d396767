/** The bit of English grammar that the prompt hints need. */

/** Words that are common in English but not in languages with similar words, and common words of those languages. */
const english = /\b(the|of|and|with|into|from|to|toward|slowly|camera|light|turns|moves)\b/i;
const foreign =
  /\b(der|die|das|und|ein|eine|einen|mit|nicht|von|auf|im|les|des|une|est|dans|avec|qui|el|los|las|una|con|del|il|lo|gli|nella|che|uma|com|não|para|het|een|och|och|jest|się)\b/i;

/** True if a text looks English. Rules about words make sense only then. */
export function isEnglish(text: string): boolean {
  if (/[^\p{Script=Latin}\P{L}]/u.test(text)) {
    return false;
  }
  return english.test(text) || (!foreign.test(text) && !/[äöüßàâçèêëîïôûùñáíóúãõåæøłśżźćńęą]/i.test(text));
}

/** Splits a text into sentences and independent clauses. */
export function sentences(text: string): string[] {
  return text.split(/[.!?;\n]+/).filter((part) => part.trim() !== "");
}

/** Verbs of change and motion in their base form. {@link forms} derives the other forms. */
const verbs = `
  accelerate advance animate appear approach arc arrive ascend assemble awaken back bank beat become bend billow blink bloom
  blossom blow bob boil bounce bow breathe brighten build bubble burn burst cascade carry catch change charge chase circle
  clap clear climb close collapse collide come continue cover crack crane crash crawl cross crouch crumble curl dance darken
  dart dash descend develop dim disappear dissolve dive dolly drag drift drip drive drop ease emerge enter erupt evaporate
  evolve exhale exit expand explode extend fade fall fill flap flare flash flicker flip float flow flutter fly follow form
  freeze gallop gather gesture glance glide glow grab grow halt hop hover hurry ignite increase inhale jerk jump kick kneel
  land laugh launch lean leap leave lengthen lift light lower march materialize melt merge morph move nod open orbit pan part
  pass peel pivot play pour press pull pulsate pulse push race raise ramp reach recede reshape return reveal revolve ride
  ripple rise roar rock roll rotate run rush sail scatter scroll settle shake shatter shift shimmer shine shrink shudder shut
  sink sip skate skid slam slide slow smile snap soar spark sparkle speed spill spin splash split spray spread sprint sprout
  loosen tighten soften harden widen narrow thicken sharpen straighten weaken strengthen deepen quicken unravel untie slip slosh
  pile blur zigzag scurry nudge
  squeeze stack stagger step stop stretch stride stroll strut surge sway sweep swell swim swing swirl swivel take talk tap
  throw tilt topple toss track transform transition travel tremble trickle trot tumble turn twirl twist unfold unfurl uncover
  unroll vanish vibrate walk wander warp wave weave wheel whip whirl wiggle wilt wink wipe wrap zoom
`
  .trim()
  .split(/\s+/);

const irregular = `
  became began beginning begins bent blew blown breath broke came caught crept drew drove fell fallen flew flown froze frozen
  grew grown leapt left lit loses lost motion movement ran rose risen rode sank sunk shook shaken shone shrank shrunk slid
  spun sped split sprang stood swam swept swung threw thrown took taken tore woke woken wove
`
  .trim()
  .split(/\s+/);

const vowel = /[aeiou]/;

/** All forms of a verb: "slide" gives "slides", "sliding" and so on. {@link irregular} lists the others, such as "slid". */
function forms(verb: string): string[] {
  const last = verb.at(-1) ?? "";
  if (last === "e") {
    return [verb, `${verb}s`, `${verb}d`, `${verb.slice(0, -1)}ing`];
  }
  if (last === "y" && !vowel.test(verb.at(-2) ?? "")) {
    return [verb, `${verb.slice(0, -1)}ies`, `${verb.slice(0, -1)}ied`, `${verb}ing`];
  }
  const plural = /(s|sh|ch|x|z)$/.test(verb) ? `${verb}es` : `${verb}s`;
  return [verb, plural, `${verb}ed`, `${verb}ing`, `${verb}${last}ed`, `${verb}${last}ing`];
}

const motion = new Set([...verbs.flatMap(forms), ...irregular]);

/**
 * Words that can be verbs of motion, but usually name something visible. Only their other forms count: "lights" and "waves"
 * are things in a picture, "lighting up" and "waving" are events.
 */
const seen = new Set(
  "back bank beat bow build close clear cover crane crack drop fall flash flare form glow land light lights lower open part play press reach roll shine slow spark spring step stop track wave waves wheel wrap left lit light lighted split".split(
    " ",
  ),
);

/** Words in -ing that describe no motion, or a pose. */
const still = new Set(
  "amazing being building ceiling charming clothing during evening everything facing holding interesting king looking lighting lying morning nothing painting ring sitting sling smiling something spring standing sterling string striking stunning surrounding thing underlying wearing wedding wing".split(
    " ",
  ),
);

/** A verb in the present tense, recognized by the direction after it: "slips free", "piles up". */
const leads = /\b[a-z]{3,}s (up|down|away|apart|free|together|into|towards?|past|through)\b/;

/** True if an English text says that something moves or changes. If in doubt, true. */
export function speaksOfMotion(text: string): boolean {
  const lower = text.toLowerCase();
  const found = lower.match(/[a-z]+/g) ?? [];
  return (
    found.some((word) => (motion.has(word) && !seen.has(word)) || (/.{3}ing$/.test(word) && !still.has(word))) ||
    leads.test(lower)
  );
}
