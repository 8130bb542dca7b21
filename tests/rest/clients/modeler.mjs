// Deploys files and starts a case with node's own fetch and FormData: a browser's, not ours.
import { readFileSync } from "node:fs";

const { base, authorization, texts, files } = JSON.parse(readFileSync(0, "utf8"));
const headers = { accept: "application/json", ...(authorization ? { authorization } : {}) };
const told = {};

async function ask(step, path, more = {}) {
  const answer = await fetch(base + path, { ...more, headers: { ...more.headers, ...headers } });
  const text = await answer.text();
  told[step] = { status: answer.status, json: text ? JSON.parse(text) : null };
  return told[step];
}

await ask("connect", "/deployment?maxResults=0");
await ask("version", "/version");
const form = new FormData();
for (const [name, value] of texts) form.append(name, value);
files.forEach(([name, content], number) => {
  const bytes = Buffer.from(content, "base64");
  form.append(name, new Blob([bytes], number ? {} : { type: "text/xml" }), name);
});
const deployed = await ask("deploy", "/deployment/create", { method: "POST", body: form });
const [definition] = Object.values(deployed.json.deployedProcessDefinitions ?? {});
if (definition) {
  await ask("start", `/process-definition/${definition.id}/start`, {
    method: "POST",
    body: JSON.stringify({ businessKey: "N-1", variables: { jumlah: { value: 2, type: "Integer" } } }),
    headers: { "content-type": "application/json" },
  });
}
console.log(JSON.stringify(told));
