import { createClient, type Exchange } from "../../../src/runcomfy/client.ts";
import { answer, serve } from "./server.ts";

export const token = "test-token-4711";
export const id = "0b7c9f4e-1111-4222-8333-abcdefabcdef";
export const input = {
  "110_image": "data:image/png;base64,SECRETPIXELS",
  "99_text": "a door opens",
  "96_noise_seed": 7,
};

/** The client's answers to one canned response. */
export async function meeting(status: number, body?: unknown, headers: Record<string, string> = {}) {
  const server = await serve((response) => answer(response, status, body, headers));
  const exchanges: Exchange[] = [];
  const client = createClient({
    base: server.origin,
    fetch,
    token: async () => token,
    onExchange: (exchange) => exchanges.push(exchange),
  });
  return { client, server, exchanges, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
export async function submitted(status: number, body?: unknown, headers?: Record<string, string>) {
  await using met = await meeting(status, body, headers);
  return await met.client.submit(input);
}
export async function asked(
  call: "status" | "result" | "cancel",
  status: number,
  body?: unknown,
  headers?: Record<string, string>,
) {
  await using met = await meeting(status, body, headers);
  return await met.client[call](id);
}
