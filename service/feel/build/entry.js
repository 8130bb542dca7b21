// The one door between Python and FEEL: call(request as JSON) -> answer as JSON.

import { addZone, setOffice } from "./intl.js";
import { evaluate, isFunction, parseExpression, unaryTest } from "feelin";
import { evaluate as evaluateTemplate } from "feelers";
import { freeNames, templateNames, testNames } from "./names.js";
import { expect } from "./kept.js";
import { ValueError, decode, encode } from "./values.js";

const WARNINGS = 20;

// as form-js does in its html component: no value closes a tag, a style or a template
const escaped = (value) => String(value ?? "").replace(/[&<>"'{};:]/g, (sign) => `&#${sign.charCodeAt(0)};`);

// a moment among the inserted values is marked, so that the caller may say it in the reader's words
const MOMENT = /^(\d{4}-\d\d-\d\d)?(T?\d\d:\d\d(:\d\d(\.\d+)?)?([+-]\d\d:\d\d|Z)?)?$/;
const marked = (otherwise) => (value) => (value && MOMENT.test(value) ? `\u{E000}${value}\u{E001}` : otherwise(value));
const unmarked = (value) => value?.replace(/[\u{E000}\u{E001}]/gu, "");

class PatternError extends Error {}

const operations = {
  zone: ({ id, since, offsets }) => addZone(id, since, offsets),
  office: ({ id }) => setOffice(id),
  evaluate: ({ text, context }) => answer(evaluate(text, read(context))),
  unary: ({ text, context, value }) => answer(unaryTest(text, read(context, { "?": value }))),
  values: ({ texts, context, functions }) => several(texts, scope(context, functions)),
  rules: fittingRules,
  names: ({ text }) => ({ value: freeNames(text) }),
  testNames: ({ text }) => ({ value: testNames(text) }),
  templateNames: ({ text }) => ({ value: templateNames(text) }),
  template: ({ text, context, html }) => {
    const values = read(context);
    if (text.includes("#loop")) expect(null); // a loop's names are not the context's
    const rendered = evaluateTemplate(text, values, {
      sanitizer: marked(html ? (value) => escaped(unmarked(value)) : unmarked),
    });
    return { value: (rendered ?? "").toWellFormed() };
  },
  matches: ({ pattern, text }) => ({ value: regularExpression(pattern).test(text) }),
};

function read(context, more = {}) {
  const shape = { text: "", plain: true };
  const values = { ...decode(context, shape), ...decode(more, { text: "", plain: true }) };
  expect(shape.plain ? shape.text : null);
  return values;
}

/** The variables, and the functions beside them: [name, text] each, the later may call the earlier. */
function scope(context, functions, more) {
  const values = read(context, more);
  if (functions.length) expect(null);
  for (const [name, text] of functions) values[name] = evaluate(text, values).value;
  return values;
}

function several(texts, values, found = []) {
  const value = texts.map((text) => {
    const result = evaluate(text, values);
    found.push(...result.warnings);
    return encode(result.value);
  });
  return { value, warnings: said(found) };
}

/**
 * The rules of a decision table whose tests all fit, as [place, values of the outputs].
 *
 * Each column has its value, a name for it, and a test for each rule, "" where anything fits; the
 * same test is done once. With `first`, only the first rule that fits.
 */
function fittingRules({ columns, outputs, context, functions, first }) {
  const found = [];
  let places = outputs.map((_, place) => place);
  for (const { name, value, tests } of columns) {
    const values = scope({ ...context, [name]: value }, functions, { "?": value });
    const fits = new Map([["", true]]);
    places = places.filter((place) => {
      const text = tests[place];
      if (!fits.has(text)) {
        const result = unaryTest(text, values);
        fits.set(text, result.value === true);
        found.push(...result.warnings);
      }
      return fits.get(text);
    });
  }
  const values = scope(context, functions);
  const hits = first ? places.slice(0, 1) : places;
  return {
    value: hits.map((place) => [place, several(outputs[place], values, found).value]),
    warnings: said(found),
  };
}

function answer({ value, warnings }) {
  return { value: encode(value), warnings: said(warnings) };
}

function said(warnings) {
  return [...new Set(warnings.slice(0, WARNINGS).map(({ type, message }) => `${type}: ${message}`))];
}

function regularExpression(pattern) {
  try {
    return new RegExp(pattern);
  } catch {
    throw new PatternError();
  }
}

function mistake(error) {
  if (error instanceof ValueError) return { kind: "value", what: error.kind };
  if (error instanceof PatternError) return { kind: "pattern" };
  const { position, input, message, name } = error;
  if (position) return { kind: "syntax", position: position.from, near: input };
  const limit = name === "InternalError" || message === "Maximum call stack size exceeded";
  return { kind: limit ? "limit" : "failed", what: message };
}

const clock = Date.now;

/** Runs one operation; its own errors come back as data, the engine's limits as exceptions. */
globalThis.call = (request) => {
  const { operation, ...parameters } = JSON.parse(request);
  const moment = clock();
  Date.now = () => moment; // within one expression it is always the same now()
  expect(null);
  try {
    return JSON.stringify(operations[operation](parameters) ?? {});
  } catch (error) {
    return JSON.stringify({ error: mistake(error) });
  }
};

harden();

/** No expression can change what the next one finds, or reach a way to make code from text. */
function harden() {
  delete Object.prototype.__proto__;
  for (const made of [function () {}, async function () {}, function* () {}, async function* () {}]) {
    delete Object.getPrototypeOf(made).constructor;
  }
  for (const name of ["eval", "Function"]) delete globalThis[name];
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const prototype = globalThis[name]?.prototype;
    if (prototype) Object.preventExtensions(prototype);
  }
}
