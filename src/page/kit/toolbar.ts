import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";
import { Roving } from "./roving.ts";

/** Makes an element the toolbar of the tools in it, as {@link Roving} does. */
class Toolbar extends Directive {
  #roving: Roving | undefined;

  render(): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart): typeof noChange {
    if (element instanceof HTMLElement) {
      this.#roving ??= new Roving(element);
      // The tools are drawn after their toolbar.
      queueMicrotask(() => this.#roving?.settle());
    }
    return noChange;
  }
}

export const toolbar = directive(Toolbar);
