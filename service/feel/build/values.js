// Values in and out, in the tagged JSON of service/values.py.

import {
  FeelDate, FeelDateTime, FeelDuration, FeelRange, FeelTime,
  duration, isFunction, parseDate, parseDateTime, parseTime,
} from "feelin";

const DEPTH = 100;
const MICROSECOND_FRACTION = /(\.\d{6})\d+/;
const PLAIN_YEAR = /^\d{4}-/;
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OFFSET_OR_NONE = /^[+-]\d\d:\d\d(:\d\d)?$/;

/** What the caller is told about a value that cannot cross. */
export class ValueError extends Error {
  constructor(kind) {
    super(kind);
    this.kind = kind;
  }
}

const READERS = {
  date: parseDate,
  datetime: parseDateTime,
  time: parseTime,
  duration: (microseconds) => duration(secondsText(microseconds)),
  months: (months) => duration(`${months < 0 ? "-" : ""}P${Math.abs(months)}M`),
};

function secondsText(microseconds) {
  if (!Number.isSafeInteger(microseconds)) throw new ValueError("duration");
  const size = Math.abs(microseconds);
  const fraction = String(size % 1e6).padStart(6, "0");
  return `${microseconds < 0 ? "-" : ""}PT${Math.floor(size / 1e6)}.${fraction}S`;
}

/**
 * A tagged value as FEEL's. `shape.text` grows by the names in it and `shape.plain` turns false at
 * the first name that FEEL could read otherwise than as one word: together they say whether a parse
 * may be kept.
 */
export function decode(value, shape, depth = 0) {
  if (depth > DEPTH) throw new ValueError("deep");
  if (Array.isArray(value)) return decodeList(value, shape, depth);
  if (value === null || typeof value !== "object") return value;
  if (!Object.hasOwn(value, "$")) return decodeContext(value, shape, depth);
  if (value.$ === "map") return decodeContext(value.v, shape, depth);
  const decoded = READERS[value.$](value.v);
  if (decoded === null) throw new ValueError(value.$);
  return decoded;
}

function decodeList(list, shape, depth) {
  const outer = shape.text;
  const shapes = new Set();
  const decoded = list.map((item) => {
    shape.text = "";
    const value = decode(item, shape, depth + 1);
    shapes.add(shape.text);
    return value;
  });
  shape.text = `${outer}[${[...shapes].join("")}]`;
  return decoded;
}

function decodeContext(context, shape, depth) {
  shape.text += "{";
  const decoded = Object.fromEntries(Object.entries(context).map(([name, item]) => {
    shape.plain &&= PLAIN_NAME.test(name);
    shape.text += `${name},`;
    return [name, decode(item, shape, depth + 1)];
  }));
  shape.text += "}";
  return decoded;
}

/** A FEEL value as tagged JSON types; ValueError for what only lives inside an expression. */
export function encode(value, depth = 0) {
  if (depth > DEPTH) throw new ValueError("deep");
  if (value === null || value === undefined) return null;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map((item) => encode(item, depth + 1));
  if (value instanceof FeelRange) throw new ValueError("range");
  if (typeof value === "function" || isFunction(value)) throw new ValueError("function");
  return encodeTemporal(value) ?? encodeContext(value, depth);
}

function encodeTemporal(value) {
  if (value instanceof FeelDate) return { $: "date", v: inPython("date", value.iso) };
  if (value instanceof FeelDateTime) return { $: "datetime", v: inPython("datetime", dateTimeText(value)) };
  if (value instanceof FeelTime) return { $: "time", v: micro(value.unwrap().toString()) + offset(value) };
  if (!(value instanceof FeelDuration)) return undefined;
  return value.yearsMonths ? { $: "months", v: months(value) } : { $: "duration", v: microseconds(value) };
}

function dateTimeText(value) {
  return micro(value.unwrap().toString()) + offset(value);
}

const micro = (text) => text.replace(MICROSECOND_FRACTION, "$1");

/** Python's own types hold the years 1 to 9999. */
function inPython(kind, text) {
  if (!PLAIN_YEAR.test(text) || text.startsWith("0000")) throw new ValueError(kind);
  return text;
}

/** The offset that the zone has at that moment: Python's tags keep no zone names. */
function offset(value) {
  if (value.zone === null || OFFSET_OR_NONE.test(value.zone)) return value.zone ?? "";
  const seconds = microseconds(value["time offset"]) / 1e6;
  const size = Math.abs(seconds);
  const digits = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  const text = digits.map((part) => String(part).padStart(2, "0"));
  return (seconds < 0 ? "-" : "+") + text.slice(0, digits[2] ? 3 : 2).join(":");
}

function months(value) {
  const { years, months: rest } = value.unwrap();
  return years * 12 + rest;
}

function microseconds(value) {
  const part = value.unwrap();
  const seconds = ((part.days * 24 + part.hours) * 60 + part.minutes) * 60 + part.seconds;
  const total = seconds * 1e6 + part.milliseconds * 1e3 + part.microseconds;
  if (!Number.isSafeInteger(total)) throw new ValueError("duration");
  return total;
}

function encodeContext(value, depth) {
  const entries = Object.entries(value).map(([name, item]) => [name, encode(item, depth + 1)]);
  const context = Object.fromEntries(entries);
  return Object.hasOwn(context, "$") ? { $: "map", v: context } : context;
}
