import * as z from "zod";
import { isLoopback } from "../net/trust.ts";

/** Ports that `fetch` refuses, because they belong to other protocols (Fetch standard, "port blocking"). */
const blockedPorts = new Set(
  `0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 137
  139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723
  2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`.split(/\s+/),
);

/** False for an address whose port `fetch` refuses. */
export function isFetchable(url: URL): boolean {
  return !blockedPorts.has(url.port);
}

/** An address that images may be sent to: https, or http on this machine. */
function isSafe(url: URL): boolean {
  return (
    url.username === "" &&
    url.password === "" &&
    isFetchable(url) &&
    (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
  );
}

/** An address of a server or a folder, without a slash at its end; empty for none. */
export const baseSchema = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.parse(text);
    return text === "" || (url !== null && isSafe(url) && url.search === "" && url.hash === "");
  })
  .transform((text) => text.replace(/\/+$/, ""));

const placeholder = `\${name}`;

/** An address with `${name}` where an object's name goes; empty for none. Its query may hold a signature. */
export const templateSchema = z
  .string()
  .trim()
  .refine((text) => {
    const url = URL.parse(text.replaceAll(placeholder, "name"));
    const path = text.replace(/[?#].*$/s, "");
    return text === "" || (url !== null && isSafe(url) && path.includes(placeholder) && url.hash === "");
  });

/** The address that a template gives for an object's name. */
export function expand(template: string, name: string): string {
  return template.replaceAll(placeholder, name);
}
