// Which variables a text reads: its names that it does not bind itself.

import { evaluate, lintError, parseExpression, parseUnaryTests } from "feelin";
import { parse as parseTemplate } from "feelers";

// feelin reads the names inside such a filter in the list's elements first
const TESTS = new Set([
  "Comparison", "Conjunction", "Disjunction", "InstanceOfExpression", "QuantifiedExpression",
  "SimplePositiveUnaryTest", "Interval",
]);
const TEMPLATE_NAMES = ["this", "parent", "_this_", "_parent_"];

/** The free variables of an expression, in their order; throws feelin's SyntaxError. */
export function freeNames(text, bound = [], parse = parseExpression) {
  const tree = parse(text, {}, undefined);
  tree.iterate({
    enter(node) {
      if (node.type.isError) throw lintError(text, node);
    },
  });
  const found = new Set();
  visit(tree.topNode, new Set(bound), found, text);
  return [...found];
}

/** The free variables of unary tests; `?` is what is tested. */
export function testNames(text) {
  return freeNames(text, ["?"], parseUnaryTests);
}

/** The free variables of a form-js template; those that only a loop reads may be its elements'. */
export function templateNames(text) {
  const found = new Set();
  const tree = parseTemplate(text);
  let loops = 0;
  tree.iterate({
    enter(node) {
      if (node.type.isError) throw lintError(text, node);
      if (node.name === "LoopSpanner") loops += 1;
      if (node.name !== "Feel" && node.name !== "FeelBlock") return;
      const names = namesAt(text, node);
      const ofLoop = node.node.parent.name === "LoopSpanner" || node.node.parent.name === "Loop";
      if (loops - (ofLoop ? 1 : 0) === 0) names.forEach((name) => found.add(name));
    },
    leave(node) {
      if (node.name === "LoopSpanner") loops -= 1;
    },
  });
  return [...found];
}

function namesAt(text, { from, to }) {
  try {
    return freeNames(text.slice(from, to), TEMPLATE_NAMES);
  } catch (error) {
    if (error.position) error.position.from += from;
    throw error;
  }
}

function children(node) {
  const all = [];
  for (let child = node.firstChild; child; child = child.nextSibling) all.push(child);
  return all;
}

const written = (node, text) => text.slice(node.from, node.to).replace(/\s+/g, " ");

function visit(node, bound, found, text) {
  const special = visitors[node.name];
  if (special) special(node, bound, found, text);
  else children(node).forEach((child) => visit(child, bound, found, text));
}

const visitors = {
  VariableName(node, bound, found, text) {
    const name = written(node, text);
    if (!bound.has(name)) found.add(name);
  },
  QualifiedName() {},
  FunctionInvocation(node, bound, found, text) {
    const [target, ...rest] = children(node);
    const known = target.name === "VariableName" && isBuiltin(written(target, text));
    (known ? rest : [target, ...rest]).forEach((child) => visit(child, bound, found, text));
  },
  FilterExpression(node, bound, found, text) {
    const [target, , filter] = children(node);
    visit(target, bound, found, text);
    if (!TESTS.has(filter.name)) visit(filter, bound, found, text);
  },
  ForExpression: visitLoop,
  QuantifiedExpression: visitLoop,
  Context(node, bound, found, text) {
    const inner = new Set(bound);
    for (const entry of children(node).filter((child) => child.name === "ContextEntry")) {
      const [key, value] = children(entry);
      visit(value, inner, found, text);
      inner.add(written(key, text).replace(/^"|"$/g, ""));
    }
  },
  FunctionDefinition(node, bound, found, text) {
    const inner = new Set(bound);
    node.cursor().iterate((child) => {
      if (child.name === "ParameterName") inner.add(written(child, text));
    });
    children(node).filter((child) => child.name === "FunctionBody")
      .forEach((body) => visit(body, inner, found, text));
  },
};

function visitLoop(node, bound, found, text) {
  const inner = new Set(bound).add("partial");
  for (const child of children(node)) {
    if (child.name !== "InExpressions") visit(child, inner, found, text);
    else children(child).forEach((part) => visitIn(part, inner, found, text));
  }
}

function visitIn(node, inner, found, text) {
  const [name, ...rest] = children(node);
  rest.forEach((child) => visit(child, inner, found, text));
  inner.add(written(name, text));
}

const known = new Map();

function isBuiltin(name) {
  if (!known.has(name)) known.set(name, typeof evaluate(name, {}).value === "function");
  return known.get(name);
}
