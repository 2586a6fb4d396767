/** All messages, collected from the file of each subject. A new message is listed only in its own file. */
import * as z from "zod";
import { formEvents, formRequests } from "./form.ts";
import { jobEvents, jobRequests } from "./jobs.ts";
import { pairRequests } from "./pair.ts";
import { panelEvents, panelRequests } from "./panel.ts";
import { answerSchema, failureSchema, type RequestType } from "./rpc.ts";
import { videoRequests } from "./videos.ts";

const all = { ...formRequests, ...jobRequests, ...pairRequests, ...panelRequests, ...videoRequests };

/** The kinds of the page's requests. */
export type Kind = keyof typeof all;
type AllFields = { [K in Kind]: z.infer<(typeof all)[K]["fields"]> };
type AllAnswers = { [K in Kind]: z.infer<(typeof all)[K]["answer"]> };
/** The fields of a request besides its kind. */
export type FieldsOf<K extends Kind> = AllFields[K];
/** The answer to a granted request. */
export type AnswerOf<K extends Kind> = AllAnswers[K];
/** One of the page's requests. Its kind determines the type of its answer. */
export type RequestOf<K extends Kind> = RequestType<K, FieldsOf<K>, AnswerOf<K>>;

/** Every request by its kind. */
export const requests: { readonly [K in Kind]: RequestOf<K> } = all;

/** What the host does with each request. A handler throws to refuse it. */
export type Handlers = { readonly [K in Kind]: (fields: FieldsOf<K>) => AnswerOf<K> | Promise<AnswerOf<K>> };

const kindSchema = z.custom<Kind>((value) => typeof value === "string" && Object.hasOwn(requests, value));
/** A message from the page. The kind of its request determines how its fields are parsed. */
export const pageMessageSchema = z.object({ id: z.int(), request: z.looseObject({ kind: kindSchema }) });
export type PageMessage = z.infer<typeof pageMessageSchema>;

/** A message from the host: the outcome of a request, or an event. */
export const hostMessageSchema = z.discriminatedUnion("kind", [
  answerSchema,
  failureSchema,
  ...formEvents,
  ...jobEvents,
  ...panelEvents,
]);
export type HostMessage = z.infer<typeof hostMessageSchema>;
/** The outcome of a request. */
export type Reply = HostMessage & { kind: "answer" | "failure" };
/** What the host reports unasked. */
export type HostEvent = Exclude<HostMessage, { kind: "answer" | "failure" }>;
type EventKind = HostEvent["kind"];
type AllEvents = { [K in EventKind]: Omit<Extract<HostEvent, { kind: K }>, "kind"> };
/** One of the host's events, what it says tied to its kind. */
export type EventOf<K extends EventKind = EventKind> = { [E in K]: { readonly kind: E } & AllEvents[E] }[K];

/** What the page does with each event of the host. */
export type EventHandlers = { readonly [K in EventKind]: (event: AllEvents[K]) => void };
