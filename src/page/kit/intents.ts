import type { AnswerOf, FieldsOf, Kind } from "../../shared/messages/registry.ts";

/** An intent that needs nothing but its kind. */
export type Bare = Readonly<Record<never, never>>;

/**
 * What the page does for its parts, by kind, and what each needs for it. Here is what any part may ask for; each subject
 * adds its own intents beside their handlers.
 */
export interface Intents {
  /** Puts the form ("compose") or a job, by its id, on the stage. */
  readonly show: { readonly what: string };
  /** The job on the stage is in view; without an id, none is. */
  readonly inView: { readonly jobId: string | undefined };
  /** Announces a text to screen readers. */
  readonly tell: { readonly text: string };
  readonly dismiss: Bare;
  readonly command: FieldsOf<"command">;
}

/** The page's handlers of some intents. */
export type IntentHandlers<Some = Intents> = { readonly [K in keyof Some]: (intent: Some[K]) => unknown };
export type IntentOf<K extends keyof Intents> = { readonly kind: K } & Intents[K];

/** A request that is only granted or refused. It is an intent as it is: the page passes it on. */
type PlainKind = Exclude<
  { [K in Kind]: AnswerOf<K> extends Readonly<Record<string, never>> ? K : never }[Kind],
  keyof Intents
>;
export type PlainIntent = { [K in PlainKind]: { readonly kind: K } & FieldsOf<K> }[PlainKind];

/** What a part asks of the page. */
export type Intent = { [K in keyof Intents]: IntentOf<K> }[keyof Intents] | PlainIntent;
