/** How well what the page says can be read, by the colors that the browser computes. */
import type { Page } from "playwright-core";

/** A text or sign with its colors. */
export interface Reading {
  /** Where it is, for people. */
  readonly place: string;
  readonly state: string;
  /** By WCAG: 1 to 21. */
  readonly contrast: number;
  /** What the theme's own text would have on the same ground. */
  readonly own: number;
  /** Signs need less than texts; placeholders are as faint as VS Code's own. */
  readonly kind: "text" | "sign" | "placeholder";
}

const states = { rest: [], hover: ["hover"], focus: ["focus", "focus-visible"], pressed: ["hover", "active"] } as const;

/** What is to be read in the parts of the page, in every state that mouse and keyboard bring about. */
export async function readings(page: Page, parts: string): Promise<Reading[]> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("DOM.enable");
  await cdp.send("CSS.enable");
  const { root } = await cdp.send("DOM.getDocument", { depth: 0 });
  const selector = `:is(${parts}) :is(button, input, select, textarea, option, label, .preset)`;
  const { nodeIds } = await cdp.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector });
  const all: Reading[] = [];
  for (const [state, forced] of Object.entries(states)) {
    for (const nodeId of nodeIds) {
      await cdp.send("CSS.forcePseudoState", { nodeId, forcedPseudoClasses: [...forced] });
    }
    all.push(...(await page.evaluate(measure, [parts, state] as const)));
  }
  await cdp.detach();
  return all;
}

/** Runs in the page. */
function measure([parts, state]: readonly [string, string]): Reading[] {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("no canvas");
  const drawn = (colors: readonly string[]) => {
    context.clearRect(0, 0, 1, 1);
    for (const color of colors) {
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (rgb: readonly number[]) => {
    const [r = 0, g = 0, b = 0] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: readonly number[], other: readonly number[]) => {
    const [a, b] = [light(one), light(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const root = getComputedStyle(document.documentElement);
  const grounds = (element: Element | null): string[] => {
    if (element === null) return [root.getPropertyValue("--vscode-editor-background")];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    const [over] = backgroundImage.match(/rgba?\([^)]*\)|color\([^)]*\)/) ?? [];
    // What fades out at the edge of a menu is no ground of a text.
    const isFade = element.matches(".more-below");
    return [...grounds(element.parentElement), backgroundColor, ...(over === undefined || isFade ? [] : [over])];
  };
  const found: Reading[] = [];
  const add = (element: Element, color: string, place: string, kind: Reading["kind"]) => {
    const ground = grounds(element.matches("input[type=radio]") ? (element.nextElementSibling ?? element) : element);
    const base = drawn(ground);
    found.push({
      place,
      state,
      kind,
      contrast: contrast(drawn([...ground, color]), base),
      own: contrast(drawn([...ground, root.getPropertyValue("--vscode-foreground")]), base),
    });
  };
  for (const part of document.querySelectorAll(parts)) {
    for (const element of part.querySelectorAll("*")) {
      const says = [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== "");
      const isSign = element.matches(".codicon, svg.mode, svg.glyph");
      const place = `${element.closest("[id]")?.id} ${element.localName}.${element.getAttribute("class") ?? ""}`;
      // VS Code's own buttons have VS Code's own colors.
      if (element.closest("vscode-button, vscode-toolbar-button, .unseen, .frame") !== null) continue;
      if (says || isSign) add(element, getComputedStyle(element).color, place, isSign ? "sign" : "text");
      if (element.matches("input:not([type]), textarea")) {
        add(element, getComputedStyle(element).color, `${place} value`, "text");
        add(element, getComputedStyle(element, "::placeholder").color, `${place} placeholder`, "placeholder");
      }
      if (element.matches(".both-ends > [data-text]")) add(element, getComputedStyle(element).color, place, "text");
    }
  }
  return found;
}
