import type { PropertyDeclaration } from "lit";
import { PanelElement } from "./element.ts";

/** A property of an element: how Lit treats it, and its initial value. */
interface Property<T> {
  readonly declaration: PropertyDeclaration;
  readonly initial: T | undefined;
}

type Values<P> = { -readonly [K in keyof P]: P[K] extends Property<infer T> ? T : never };

/** A property set from outside. */
export function given<T>(): Property<T> {
  return { declaration: { attribute: false }, initial: undefined };
}

/** A property that the element itself changes. */
export function own<T>(initial: T): Property<T> {
  return { declaration: { state: true }, initial };
}

/** The base class of an element with these properties. Changing one of them renders the element again. */
export function elementWith<P extends Record<string, Property<unknown>>>(
  properties: P,
): new () => PanelElement & Values<P>;
export function elementWith(properties: Record<string, Property<unknown>>): new () => PanelElement {
  const all = Object.entries(properties);
  return class extends PanelElement {
    static override properties = Object.fromEntries(all.map(([name, { declaration }]) => [name, declaration]));

    constructor() {
      super();
      const initials = all.filter(([, { initial }]) => initial !== undefined);
      Object.assign(this, Object.fromEntries(initials.map(([name, { initial }]) => [name, initial])));
    }
  };
}
