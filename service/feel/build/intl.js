// The little of Intl that temporal-polyfill asks for: what a clock in a zone shows at a moment.
// The offsets come from Python's zoneinfo, because QuickJS has no time zone data.

const zones = new Map();
let office = "UTC";

/** Tells a zone's rules: `since` in epoch seconds, ascending, and the offset in seconds from each on. */
export function addZone(id, since, offsets) {
  zones.set(id.toUpperCase(), { id, since, offsets });
}

/** The zone of now() and today(). */
export function setOffice(id) {
  office = id;
}

function offsetAt({ since, offsets }, seconds) {
  let low = 0;
  let high = since.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (since[middle] <= seconds) low = middle;
    else high = middle;
  }
  return offsets[low];
}

class DateTimeFormat {
  constructor(_locales, options) {
    this.zone = options?.timeZone ?? office;
    this.rules = zones.get(this.zone.toUpperCase());
    if (options?.timeZone && !this.rules) throw new RangeError(`unknown zone: ${this.zone}`);
  }

  resolvedOptions() {
    return { timeZone: this.rules?.id ?? this.zone, calendar: "iso8601", locale: "en" };
  }

  formatToParts(milliseconds) {
    const seconds = Math.floor(milliseconds / 1000);
    const wall = new Date((seconds + offsetAt(this.rules, seconds)) * 1000);
    const parts = {
      relatedYear: wall.getUTCFullYear(),
      month: wall.getUTCMonth() + 1,
      day: wall.getUTCDate(),
      hour: wall.getUTCHours(),
      minute: wall.getUTCMinutes(),
      second: wall.getUTCSeconds(),
    };
    return Object.entries(parts).map(([type, value]) => ({ type, value: String(value) }));
  }
}

globalThis.Intl = { DateTimeFormat };
