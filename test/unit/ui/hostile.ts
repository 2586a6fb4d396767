import assert from "node:assert/strict";
import * as z from "zod";
import { type Problem, problemSchema } from "../../../src/shared/model/problem.ts";

/** What files, services, settings and other extensions may be called by somebody who means harm. */
export const hostileTexts = [
  "[Show what to do](command:workbench.action.terminal.sendSequence?%7B%22text%22%3A%22x%22%7D)",
  "[Fix it](COMMAND:workbench.action.terminal.new).png",
  '[Update](https://evil.example/x "RunComfy")',
  "[Open](file:///etc/passwd)",
  "[a[b](command:x)",
  "x]",
  "(command:x) [y",
  "$(flame) $(sync~spin)$(x",
  "invoice\u202egnp.exe\u2066\u200f",
  "one\r\ntwo\u0000\u001b[31m\u2028three",
  "lone \ud83d half",
  `${"long ".repeat(4000)}[x](command:y)`,
  "",
] as const;

/** What VS Code makes a link of in its messages (`linkedText.ts`) and an icon of in its labels (`iconLabels.ts`). */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const icon = /\$\(([A-Za-z0-9-]+(?:~[A-Za-z]+)?)\)/;

/** Fails where a text would be more than words where VS Code draws it. */
export function assertHarmless(text: string, where: string): void {
  assert.doesNotMatch(text, link, where);
  assert.doesNotMatch(text, icon, where);
  assert.doesNotMatch(text, /command:/i, where);
  assert.doesNotMatch(text, /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u, where);
  assert.ok(text.isWellFormed(), where);
  assert.ok(text.length < 6000, `${where}: ${text.length} characters`);
}

function values(schema: z.core.$ZodType, text: string): unknown[] {
  if (schema instanceof z.ZodString) return [text];
  if (schema instanceof z.ZodNumber) return [12];
  if (schema instanceof z.ZodBoolean) return [true];
  if (schema instanceof z.ZodEnum) return schema.options;
  if (schema instanceof z.ZodLiteral) return [...schema.values];
  if (schema instanceof z.ZodOptional) return [undefined, ...values(schema.unwrap(), text)];
  if (schema instanceof z.ZodCatch) return values(schema.unwrap(), text);
  if (schema instanceof z.ZodDiscriminatedUnion) {
    return schema.options.flatMap((option) => (option instanceof z.ZodObject ? facts(option.shape, text) : []));
  }
  return assert.fail(`a problem holds a ${schema._zod.def.type}, which is not tried`);
}

/** Every combination of the values that these fields can have. */
function facts(shape: Readonly<Record<string, z.core.$ZodType>>, text: string): Record<string, unknown>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [key, schema] of Object.entries(shape)) {
    all = all.flatMap((known) => values(schema, text).map((value) => ({ ...known, [key]: value })));
  }
  return all;
}

/** Every problem that there is, in all its kinds, with this text wherever a text can stand. */
export function* problemsWith(text: string): Generator<Problem> {
  for (const { shape } of problemSchema.options) {
    for (const each of facts(shape, text)) {
      yield problemSchema.parse(each);
    }
  }
}
