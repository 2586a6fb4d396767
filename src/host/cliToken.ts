import { join } from "node:path";
import * as z from "zod";
import { NotPlain, readPlain } from "../files/plain.ts";
import { codeOf } from "../shared/errors.ts";
import { parseJson } from "../shared/json.ts";
import { isToken } from "./token.ts";

/** `docs/service.md`, "Tokens". The expiry is an ISO date, or seconds or milliseconds since 1970. */
const fileSchema = z.object({
  access_token: z.string().trim().refine(isToken),
  expires_at: z
    .union([
      z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
      z.number().transform((time) => (time < 1e11 ? time * 1000 : time)),
    ])
    .nullish(),
});

/** The token file of RunComfy's command-line client (`docs/service.md`, "Tokens"). */
export function cliTokenFile(environment: NodeJS.ProcessEnv, home: string): string {
  const { RUNCOMFY_CONFIG_DIR: own, XDG_CONFIG_HOME: config } = environment;
  return own ? join(own, "token.json") : join(config || join(home, ".config"), "runcomfy", "token.json");
}

/**
 * Reads the token of RunComfy's command-line client, and never writes it; undefined if there is none. If the file is
 * unusable, it logs the reason once, without the content.
 */
export function createCliToken(file: string, log: (message: string) => void): () => Promise<string | undefined> {
  let told = "";
  const unusable = (reason: string) => {
    if (told !== reason) {
      told = reason;
      log(`the token file of RunComfy's command-line client is not used: ${reason}`);
    }
    return undefined;
  };
  return async () => {
    let text: string;
    try {
      const read = await readSmall(file);
      if (read === undefined) {
        return unusable("it is no file of that kind");
      }
      text = read;
    } catch (error) {
      return codeOf(error) === "ENOENT" ? undefined : unusable(codeOf(error) || "it cannot be read");
    }
    const json = parseJson(text);
    if (json === undefined) {
      return unusable("it is no JSON");
    }
    const content = fileSchema.safeParse(json);
    if (!content.success) {
      return unusable(`its field ${content.error.issues[0]?.path.join(".") || "access_token"} is missing or not valid`);
    }
    const { access_token: token, expires_at: until } = content.data;
    return until !== null && until !== undefined && until <= Date.now() ? unusable("its token has expired") : token;
  };
}

/** The most bytes of a token file. */
const maximumFile = 65_536;

/** The text of a regular file; undefined for a longer one, and for anything endless or that never opens. */
async function readSmall(file: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await readPlain(file, maximumFile));
  } catch (error) {
    if (error instanceof NotPlain) {
      return undefined;
    }
    throw error;
  }
}
