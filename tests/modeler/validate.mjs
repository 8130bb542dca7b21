// Says what the official schema finds wrong in files of element templates: one JSON list for all.
import { readFileSync } from "node:fs";
import { validateAll } from "@bpmn-io/element-templates-validator";

const templates = process.argv.slice(2).flatMap((file) => JSON.parse(readFileSync(file, "utf8")));
const { results } = validateAll(templates);
const wrong = results.flatMap(({ errors }) => (errors ?? []).map((error) => error.message));
console.log(JSON.stringify({ templates: results.length, wrong }));
