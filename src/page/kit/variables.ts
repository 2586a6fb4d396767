import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

/** Sets CSS variables of an element. Set as a `style` attribute, they would violate the page's content policy. */
class Variables extends Directive {
  render(_values: Readonly<Record<`--${string}`, string | number>>): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [values]: Parameters<this["render"]>): typeof noChange {
    if (part.element instanceof HTMLElement) {
      for (const [name, value] of Object.entries(values)) {
        part.element.style.setProperty(name, String(value));
      }
    }
    return noChange;
  }
}

export const variables = directive(Variables);

/**
 * Variables that determine a picture's size on screen: its aspect ratio, and the width in CSS pixels at which one of
 * its pixels is one screen pixel.
 */
export function pictureVariables({ width, height }: { readonly width: number; readonly height: number }) {
  return variables({ "--ratio": width / height, "--width": `${width / window.devicePixelRatio}px` });
}
