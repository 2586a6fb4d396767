// What Node and browsers both have, as far as it is used here. The page's and the host's own types say more.

declare const crypto: { getRandomValues<T extends ArrayBufferView>(array: T): T };

declare class URL {
  static parse(url: string, base?: string): URL | null;
  static canParse(url: string, base?: string): boolean;
  readonly hostname: string;
  readonly href: string;
}
