// The part of what Node and browsers have in common that is used here. The types of page and host declare more.

declare const crypto: { getRandomValues<T extends ArrayBufferView>(array: T): T };

declare class URL {
  static parse(url: string, base?: string): URL | null;
  static canParse(url: string, base?: string): boolean;
  readonly hostname: string;
  readonly href: string;
}
