import { testFiles } from "../../../scripts/test/run.ts";

// Runs the test files that its arguments name, two at once. A test may take a second.

const { passed, failed } = await testFiles(process.stdout, process.argv.slice(2), { timeout: 1000, concurrency: 2 });
console.log(`${passed} passed, ${failed} failed`);
