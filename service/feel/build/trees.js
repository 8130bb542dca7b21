// Keeps parse trees, since parsing is most of an evaluation's cost.
//
// How FEEL splits a text into names depends on the names there are: `a-b` is one name where there is
// a variable of that name. A tree is therefore kept only when all names are plain words, and only
// for variables of the same shape.

const LONGEST = 4_000; // characters of a text and its shape
const MOST = 100_000; // of all that are kept
const trees = new Map();
let size = 0;
let current = null;

/** Says for which variables the next parses are; null when their trees must not be kept. */
export function expect(shape) {
  current = shape;
}

/** The tree of a text, parsed now or before. Called from the patched feelin. */
export function keptTree(top, text, parse) {
  if (current === null || text.length + current.length > LONGEST) return parse();
  const key = JSON.stringify([top, text, current]);
  const known = trees.get(key);
  const tree = known ?? parse();
  trees.delete(key); // and back, as the latest
  trees.set(key, tree);
  if (!known) forget(key.length);
  return tree;
}

function forget(added) {
  size += added;
  while (size > MOST) {
    const oldest = trees.keys().next().value;
    trees.delete(oldest);
    size -= oldest.length;
  }
}

const RESERVED = new Set([
  "and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance",
  "not", "null", "or", "return", "satisfies", "some", "then", "true",
]);

/** The names in a context that are names: one called `true` must not become what `true` means. */
export function nameable(context) {
  if (Array.isArray(context)) return context.map(nameable);
  if (Object.getPrototypeOf(context ?? 0) !== Object.prototype) return context;
  return Object.fromEntries(
    Object.entries(context).filter(([name]) => !RESERVED.has(name)).map(([name, item]) => [name, nameable(item)]),
  );
}
