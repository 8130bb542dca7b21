// Bundles feelin, feelers and our entry into ../core.js, for QuickJS: npm ci --ignore-scripts && npm run build

import { createHash } from "node:crypto";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "..");

/** Each patch must find its text exactly once; a feelin where it does not is read again by a person. */
const PATCHES = [
  {
    why: "Ordering values of different types, or with and without a zone, gives null: neither what "
      + "JavaScript makes of them nor a guess at the zone.",
    from: `if (range.valueType !== null &&
        TEMPORAL_INSTANT_TYPES.has(valueType) &&
        TEMPORAL_INSTANT_TYPES.has(range.valueType) &&
        valueType !== range.valueType) {`,
    to: `if (range.valueType !== null &&
        (valueType !== range.valueType || isZoned(value) !== isZoned(start ?? end))) {`,
  },
  {
    why: "An ordering against what has no order (a boolean, a list) gives null instead of stopping.",
    from: "throw new Error(`unsupported range: ${start}..${end}`);",
    to: "start = end = null;",
  },
  {
    why: "A comparison that gives null says so in the warnings.",
    from: "return compareValue(test, left);",
    to: `const compared = compareValue(test, left);
            if (compared === null) {
                interpreterContext.addWarning(node, 'NOT_COMPARABLE', {
                    template: "Can't compare {left} with {right}",
                    values: { left, right }
                });
            }
            return compared;`,
  },
  {
    why: "The time between two moments counts their zones; between one with and one without, it is null.",
    from: `    if (isTime(a) && isTime(b)) {
        return new FeelDuration(a.value.since(b.value));
    }`,
    to: `    if (isZoned(a) !== isZoned(b)) {
        return null;
    }
    if (isZoned(a)) {
        const onTheWall = isTime(a) && isTime(b)
            ? a.value.since(b.value)
            : toPlainDateTime(a).since(toPlainDateTime(b), { largestUnit: 'day' });
        return new FeelDuration(onTheWall.subtract(zoneOffset(a).value).add(zoneOffset(b).value), false);
    }
    if (isTime(a) && isTime(b)) {
        return new FeelDuration(a.value.since(b.value));
    }`,
  },
  {
    why: "Long durations of days are compared by their days, not by whole months.",
    from: "if (Math.abs(total(a, 'day')) > 180) {",
    to: "if (a.yearsMonths && b.yearsMonths) {",
  },
  {
    why: "A variable named like a function, date or count, does not hide the function.",
    from: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);
            const wrappedFn = wrapFunction(target);`,
    to: `case 'FunctionInvocation': return tag((context) => {
            const target = args[0](context);
            const wrappedFn = wrapFunction(target) || wrapFunction(getBuiltin(node.input.split('(')[0].trim()));`,
  },
  {
    why: "Where a test cannot be told, an ordering against null, its not(…) is no match either; "
      + "and a list is searched for equal values, dates among them.",
    from: `const matches = tests.map(test => test(context)).flat(1).map(test => {
                        if (isArray(test)) {
                            return test.includes(value);
                        }
                        if (typeof test === 'boolean') {
                            return test;
                        }
                        return compareValue(test, value);
                    }).some(v => v === true);
                    return matches === null`,
    to: `const results = tests.map(test => test(context)).flat(1).map(test => {
                        if (isArray(test)) {
                            return test.some(item => equals(item, value) === true);
                        }
                        if (typeof test === 'boolean') {
                            return test;
                        }
                        const result = compareValue(test, value);
                        return isRange(test) || typeof test === 'function' ? result : result === true;
                    });
                    const matches = results.includes(true) || (results.includes(null) ? null : false);
                    return matches === null`,
  },
  {
    why: "No variable in an expression is named like a word of FEEL.",
    from: `        top: 'Expression',
        contextTracker: trackVariables(context),`,
    to: `        top: 'Expression',
        contextTracker: trackVariables(nameable(context)),`,
  },
  {
    why: "No variable in a unary test is named like a word of FEEL.",
    from: `        top: 'UnaryTests',
        contextTracker: trackVariables(context),`,
    to: `        top: 'UnaryTests',
        contextTracker: trackVariables(nameable(context)),`,
  },
  {
    why: "What an expression became is kept, with the place where its warnings go.",
    ...keeping("evaluate"),
  },
  {
    why: "What a unary test became is kept, with the place where its warnings go.",
    ...keeping("unaryTest", "    const value = evalContext['?'] !== undefined ? evalContext['?'] : null;\n"),
  },
];

const OF_TEMPLATES = [
  {
    why: "The parts of a template are kept.",
    from: `  const parseTree = feelersParser.parse(templateString);

  return buildSimpleTree(parseTree, templateString);`,
    to: `  return keptParts(templateString, () => {
    const parseTree = feelersParser.parse(templateString);

    return buildSimpleTree(parseTree, templateString);
  });`,
  },
];

function keeping(operation, between = "") {
  const context = "    const interpreterContext = new InterpreterContext();\n";
  const made = `interpreter.${operation}(expression, evalContext, dialect, interpreterContext)`;
  const head = `    evalContext = coerceContext(evalContext);\n${between}`;
  return {
    from: `${context}${head}    const { root } = ${made};\n`,
    to: `${head}    const { root, interpreterContext } = kept("${operation}", expression, () => {
    ${context}        return { root: ${made}.root, interpreterContext };
    });
    interpreterContext.warnings = [];\n`,
  };
}

function patched(name, source, patches) {
  for (const { why, from, to } of patches) {
    if (source.split(from).length !== 2) throw new Error(`${name} has changed, look again: ${why}`);
    source = source.replace(from, () => to);
  }
  return source;
}

const keeper = JSON.stringify(join(here, "kept.js"));

const patchFeel = {
  name: "patch-feel",
  setup({ onLoad }) {
    onLoad({ filter: /node_modules[/\\]feelin[/\\]dist[/\\]index\.js$/ }, async ({ path }) => {
      const source = patched("feelin", await readFile(path, "utf8"), PATCHES);
      const head = `import { kept, nameable } from ${keeper};`;
      return { contents: `${head}\n${source}\nexport { lintError };\n`, loader: "js" };
    });
    onLoad({ filter: /node_modules[/\\]feelers[/\\]lib[/\\]parser\.js$/ }, async ({ path }) => {
      const source = patched("feelers", await readFile(path, "utf8"), OF_TEMPLATES);
      return { contents: `import { keptParts } from ${keeper};\n${source}`, loader: "js" };
    });
  },
};

async function packagesIn(inputs) {
  const folders = new Set(Object.keys(inputs).map(
    (path) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0],
  ));
  folders.delete(undefined);
  return Promise.all([...folders].sort().map(describe));
}

async function describe(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
  const file = (await readdir(join(here, folder))).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} brings no licence text`);
  return { name, version, license, text: await readFile(join(here, folder, file), "utf8") };
}

const sha256 = (text) => createHash("sha256").update(text).digest("hex");

const { outputFiles, metafile } = await build({
  absWorkingDir: here,
  entryPoints: ["entry.js"],
  bundle: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: "none",
  // one FEEL for expressions and for templates
  alias: { "@bpmn-io/feelin": "feelin" },
  metafile: true,
  write: false,
  plugins: [patchFeel],
});

const packages = await packagesIn(metafile.inputs);
const head = `// Built by build/build.mjs; do not edit. Licences: core.licences.txt. Contents: ${
  packages.map(({ name, version }) => `${name} ${version}`).join(", ")}.\n`;
const code = head + outputFiles[0].text;
const licences = packages.map(({ name, version, license, text }) => (
  `${"=".repeat(80)}\n${name} ${version} (${license})\n${"=".repeat(80)}\n\n${text.replace(/\r\n/g, "\n").trim()}\n`
)).join("\n");
const manifest = {
  packages: Object.fromEntries(packages.map(({ name, version, license }) => [name, { version, license }])),
  patches: [...PATCHES, ...OF_TEMPLATES].map(({ why }) => why),
  sha256: { "core.js": sha256(code), "core.licences.txt": sha256(licences) },
};
await writeFile(join(target, "core.js"), code);
await writeFile(join(target, "core.licences.txt"), licences);
await writeFile(join(target, "core.json"), `${JSON.stringify(manifest, null, 2)}\n`);
