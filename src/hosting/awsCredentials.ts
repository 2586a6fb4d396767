import { loadSharedConfigFiles } from "@smithy/shared-ini-file-loader";
import * as z from "zod";

/** What the usual AWS variables and files call their values. */
const profileSchema = z
  .object({
    aws_access_key_id: z.string(),
    aws_secret_access_key: z.string(),
    aws_session_token: z.string().optional(),
  })
  .transform(({ aws_access_key_id, aws_secret_access_key, aws_session_token }) => ({
    accessKeyId: aws_access_key_id,
    secretAccessKey: aws_secret_access_key,
    ...(aws_session_token !== undefined && { sessionToken: aws_session_token }),
  }));

/** Keys that AWS's own tools would use, the preferred one first: from their variables, then from their profile files. */
export async function* awsKeys(environment: NodeJS.ProcessEnv): AsyncGenerator<unknown> {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  yield keyOf({
    aws_access_key_id: AWS_ACCESS_KEY_ID,
    aws_secret_access_key: AWS_SECRET_ACCESS_KEY,
    aws_session_token: AWS_SESSION_TOKEN || undefined,
  });
  const { AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE, AWS_CONFIG_FILE } = environment;
  const { credentialsFile, configFile } = await loadSharedConfigFiles({
    ...(AWS_SHARED_CREDENTIALS_FILE && { filepath: AWS_SHARED_CREDENTIALS_FILE }),
    ...(AWS_CONFIG_FILE && { configFilepath: AWS_CONFIG_FILE }),
    // Tools renew these files while the editor runs.
    ignoreCache: true,
  });
  const profile = AWS_PROFILE || "default";
  yield keyOf(credentialsFile[profile]);
  yield keyOf(configFile[profile]);
}

function keyOf(profile: unknown): unknown {
  return profileSchema.safeParse(profile).data;
}
