import { isUnnamed, leadsToPrivate } from "../net/trust.ts";
import type { ImageSource } from "../shared/model/draft.ts";
import { ProblemError } from "../shared/model/problem.ts";
import { sides } from "../shared/model/side.ts";

/**
 * Refuses a pair with an address that the service cannot read: sending it would be in vain, and may still cost. A name
 * that cannot be resolved here is left to the service.
 * @throws {ProblemError} `imageAddressPrivate` for this machine, a private network, or a name without a domain.
 */
export async function checkReadable(pair: { readonly start: ImageSource; readonly end: ImageSource }): Promise<void> {
  for (const side of sides) {
    const image = pair[side];
    if (image.kind === "url") {
      const { hostname } = new URL(image.url);
      if (isUnnamed(hostname) || (await leadsToPrivate(hostname))) {
        throw new ProblemError({ code: "imageAddressPrivate", side, host: hostname });
      }
    }
  }
}
