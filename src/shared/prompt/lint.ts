/**
 * Hints on a prompt. Only an empty prompt cannot be sent, because the service would refuse it; the other hints are advice.
 * Rules about words know only English and ignore other languages. Source: `docs/service.md`, "Prompts".
 */
import { isEnglish, sentences, speaksOfMotion } from "./language.ts";
import { countWords, placeholders, samplePrompt } from "./prompting.ts";

/** How the two images compare: nearly the same picture, two moments of one shot, or different scenes. */
export type Likeness = "same" | "related" | "unlike";

/** What the hints need to know besides the prompt. */
interface PromptFacts {
  /** BCP 47 tag of the language for counting words. */
  readonly language: string;
  /** Undefined while it is unknown. */
  readonly likeness: Likeness | undefined;
}

/** One hint, with the part of the prompt that it is about. */
export type Finding =
  | { readonly kind: "empty" }
  | { readonly kind: "sample" }
  | { readonly kind: "placeholder"; readonly found: string }
  | { readonly kind: "tooLong"; readonly words: number }
  | { readonly kind: "negation"; readonly found: string }
  | { readonly kind: "cameraMoves"; readonly found: readonly string[] }
  | { readonly kind: "still" }
  | { readonly kind: "unlike" }
  | { readonly kind: "description" }
  | { readonly kind: "noMotion" };

/** The most words that a prompt should have. The official prompt rewriters stay within it (`docs/service.md`, "Prompts"). */
const mostWords = 100;

const negation = /\b(no|not|without|never|avoid|none|nor|cannot|(?:do|does|did|is|are|was|were|should|ca|wo)n['’]t)\b/i;

/** Words that suggest a caption: they describe what is visible, not what happens. */
const caption =
  /\b(photo|photograph|picture|image|portrait|painting|illustration|render|close-up|scene|view) of\b|\b(photorealistic|masterpiece|highly detailed|8k|4k|standing|sitting|wearing|in the background|there (is|are))\b/i;

/** Words that say how one scene turns into another. */
const mechanism =
  /\b(transform|morph|turn(s|ing)? into|become|becomes|dissolve|melt|unfold|assemble|emerge|whip|reveal|wipe|pass(es|ing)? (behind|through|in front)|behind|portal|as it clears|cover(s|ed)?|blur|fade|swallow|burst)/i;

/** The words for each camera move. Those under `loose` count only if the camera is what moves. */
const moves: Readonly<Record<string, { readonly strict: RegExp; readonly loose?: RegExp }>> = {
  static: { strict: /\b(static|locked(-off)?|fixed|still|stationary) (camera|shot)\b|\btripod\b/i },
  in: {
    strict: /\b(dolly|push|zoom)(ing)?[- ]in\b|\bdolly (forward|closer)\b/i,
    loose: /\b(dollies|pushes|zooms|moves|glides) (\w+ly )?(in|closer|forward)\b/i,
  },
  out: {
    strict: /\b(dolly|zoom|pull)(ing)?[- ](out|back)\b/i,
    loose: /\b(dollies|pulls|zooms|moves) (\w+ly )?(out|back|away)\b/i,
  },
  pan: { strict: /\bpan (left|right|across|shot)\b|\b(slow|quick) pan\b/i, loose: /\b(pans|panning)\b/i },
  tilt: { strict: /\btilt (up|down|shot)\b/i, loose: /\b(tilts|tilting)\b/i },
  orbit: {
    strict: /\b(orbit|orbital|arc) shot\b|\bslow orbit\b/i,
    loose: /\b(orbits|orbiting|circles|circling|arcs)\b/i,
  },
  crane: { strict: /\bcrane (shot|up|down)\b/i, loose: /\b(cranes|rises|lifts|ascends|descends)\b/i },
  track: { strict: /\btracking shot\b/i, loose: /\b(tracks|follows|trucks)\b/i },
  whip: { strict: /\bwhip[- ]pan\b/i, loose: /\bwhips\b/i },
};

/**
 * What could be better about a prompt, most important first. For an empty prompt or the sample, that is the only finding.
 */
export function lintPrompt(prompt: string, facts: PromptFacts): Finding[] {
  const text = prompt.trim();
  if (text === "") {
    return [{ kind: "empty" }];
  }
  if (plain(text) === plain(samplePrompt)) {
    return [{ kind: "sample" }];
  }
  const findings: Finding[] = [];
  const [hole] = placeholders(text);
  if (hole !== undefined) {
    findings.push({ kind: "placeholder", found: text.slice(hole.start, hole.end) });
  }
  const words = countWords(text, facts.language);
  if (words > mostWords) {
    findings.push({ kind: "tooLong", words });
  }
  return isEnglish(text) ? [...findings, ...lintEnglish(text, facts)] : findings;
}

function lintEnglish(text: string, { likeness }: PromptFacts): Finding[] {
  const findings: Finding[] = [];
  const denied = negation.exec(text)?.[0];
  if (denied !== undefined) {
    findings.push({ kind: "negation", found: denied });
  }
  const found = cameraMoves(text);
  if (found.length > 1) {
    findings.push({ kind: "cameraMoves", found });
  }
  if (!speaksOfMotion(text)) {
    findings.push({ kind: likeness === "same" ? "still" : caption.test(text) ? "description" : "noMotion" });
  } else if (likeness === "unlike" && !mechanism.test(text)) {
    findings.push({ kind: "unlike" });
  }
  return findings;
}

/** The camera moves in a prompt, in its own words, one per kind of move. */
function cameraMoves(text: string): string[] {
  // A dolly zoom is one effect, although its name contains two moves.
  const rest = text.replace(/\bdolly[- ]zoom\b/gi, "");
  const ofCamera = sentences(rest)
    .map(
      (sentence) =>
        /(?<!static |handheld |locked-off |fixed )\bcamera\b(.*?)(\b(?:as|while)\b|$)/is.exec(sentence)?.[1] ?? "",
    )
    .join(". ");
  return Object.values(moves).flatMap(({ strict, loose }) => {
    const found = strict.exec(rest)?.[0] ?? loose?.exec(ofCamera)?.[0];
    return found === undefined ? [] : [found];
  });
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();
}
