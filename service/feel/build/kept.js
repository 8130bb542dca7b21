// Keeps what texts were parsed and made into, since that is most of an evaluation's cost.
//
// How FEEL splits a text into names depends on the names there are: `a-b` is one name where there is
// a variable of that name. What an expression became is therefore kept only when all names are plain
// words, and only for variables of the same shape. A template's own parts are the same for all.

const LONGEST = 4_000; // characters of a text and its shape
const MOST = 30_000; // of all that are kept: a character of an expression takes up to a kilobyte
const made = new Map();
let size = 0;
let current = null;

/** Says for which variables the next expressions are; null when what they become must not be kept. */
export function expect(shape) {
  current = shape;
}

/** What an expression or unary test became, now or before. Called from the patched feelin. */
export function kept(kind, text, make) {
  return current === null ? make() : keep([kind, text, current], make);
}

/** The parts of a template, found now or before. Called from the patched feelers. */
export function keptParts(text, make) {
  return keep(["template", text], make);
}

function keep(words, make) {
  const key = JSON.stringify(words);
  if (key.length > LONGEST) return make();
  const known = made.get(key);
  const result = known ?? make();
  made.delete(key); // and back, as the latest
  made.set(key, result);
  if (!known) forget(key.length);
  return result;
}

function forget(added) {
  size += added;
  while (size > MOST) {
    const oldest = made.keys().next().value;
    made.delete(oldest);
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
