// Answers, line by line, what form-js makes of {schema, data, typed}: {errors, values, unplaced}
// or {refused}.
// `typed` maps a field's place (`pegawai[0].nip`) to what a person puts there.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><div id="form"></div>', { pretendToBeVisual: true });
const soon = (call) => setTimeout(call, 0);
window.requestAnimationFrame = soon;
for (const name of ['window', 'document', 'navigator', 'Node', 'NodeList', 'Element', 'HTMLElement', 'HTMLCollection', 'Event', 'KeyboardEvent',
  'CustomEvent', 'DOMParser', 'MutationObserver', 'getComputedStyle', 'IntersectionObserver', 'File']) {
  if (!(name in globalThis)) globalThis[name] = name === 'window' ? window : window[name];
}
globalThis.requestAnimationFrame = soon;
globalThis.cancelAnimationFrame = clearTimeout;
globalThis.IntersectionObserver ??= class { observe() {} disconnect() {} unobserve() {} };
globalThis.DataTransfer = class { items = { add() {} }; files = []; };
Object.defineProperty(window.HTMLInputElement.prototype, 'files', { get: () => [], set() {} });

const require = createRequire(import.meta.url);
const { options } = require('preact');
options.requestAnimationFrame = soon;
options.debounceRendering = soon;
const { Form } = require('@bpmn-io/form-js-viewer');

const spell = (path) => path.reduce(
  (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part), '');

async function settle() {
  for (let turn = 0; turn < 12; turn++) await new Promise(soon);
}

function keyed(form) {
  return form.get('formFieldInstanceRegistry').getAllKeyed();
}

// A field may be filled in once it is visible; answers the places that never were.
async function fill(form, typed) {
  let waiting = Object.entries(typed);
  for (let before = -1; waiting.length !== before;) {
    before = waiting.length;
    const still = [];
    for (const [place, value] of waiting) {
      const instance = keyed(form).find((one) => spell(one.valuePath) === place);
      if (!instance) still.push([place, value]);
      else {
        form._update({ fieldInstance: instance, value });
        await settle();
      }
    }
    waiting = still;
  }
  return waiting.map(([place]) => place);
}

async function ask({ schema, data, typed }) {
  const container = document.createElement('div');
  document.body.append(container);
  const form = new Form({ container });
  try {
    await form.importSchema(schema, data);
    await settle();
    const unplaced = await fill(form, typed);
    const { data: values } = form.submit();
    await settle();
    const { errors } = form._getState();
    const found = keyed(form)
      .map((one) => [spell(one.valuePath), Object.values(one.indexes ?? {})
        .reduce((node, index) => node?.[index], errors[one.id])])
      .filter(([, said]) => Array.isArray(said) && said.length);
    return { errors: Object.fromEntries(found), values, unplaced };
  } catch (error) {
    return { refused: String(error.message ?? error) };
  } finally {
    form.destroy();
    container.remove();
  }
}

console.error = console.warn = () => {};
process.on('uncaughtException', (error) => process.stderr.write(`${error.stack.slice(-600)}\n`));
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await ask(JSON.parse(line)))}\n`);
}
