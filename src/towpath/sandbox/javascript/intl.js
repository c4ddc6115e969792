// A small Intl in English: luxon and toLocaleString() need one, and QuickJS has none.
// Zone offsets come as tables; an evaluation that needs a table which is not here is run again with it.
(function () {
  "use strict";
  const zones = Object.create(null);
  const state = { missing: null };
  globalThis.__zones = {
    state,
    add: (name, table) => { zones[name] = table; },
  };
  // Seconds east of UTC at a time in milliseconds.
  const offsetSeconds = (zone, time) => {
    if (zone === "UTC" || zone === "Etc/UTC" || zone === "GMT") return 0;
    const table = zones[zone];
    if (table === undefined) {
      state.missing = String(zone);
      throw new RangeError("zone " + zone + " is being loaded");
    }
    if (table === null) throw new RangeError("Invalid time zone specified: " + zone);
    const second = time / 1000, [starts, offsets] = table;
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= second) low = middle; else high = middle - 1;
    }
    return offsets[low];
  };
  globalThis.__zones.offset = (zone, time) => offsetSeconds(zone, time) / 60;
  globalThis.__zones.exists = (zone) => {
    try { offsetSeconds(zone, 0); return true; } catch (error) {
      if (state.missing !== null) throw error;
      return false;
    }
  };

  const MONTHS = "January February March April May June July August September October November December".split(" ");
  const DAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");
  const two = (value) => String(value).padStart(2, "0");
  const shown = (value, style) => (style === "2-digit" ? two(value % 100) : String(value));
  const STYLES = {
    date: { full: { weekday: "long", month: "long", day: "numeric", year: "numeric" }, long: { month: "long", day: "numeric", year: "numeric" }, medium: { month: "short", day: "numeric", year: "numeric" }, short: { month: "numeric", day: "numeric", year: "2-digit" } },
    time: { full: { hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short" }, long: { hour: "numeric", minute: "2-digit", second: "2-digit", timeZoneName: "short" }, medium: { hour: "numeric", minute: "2-digit", second: "2-digit" }, short: { hour: "numeric", minute: "2-digit" } },
  };
  const FIELDS = ["weekday", "era", "year", "month", "day", "hour", "minute", "second", "dayPeriod", "fractionalSecondDigits", "timeZoneName"];

  class DateTimeFormat {
    constructor(locale, options = {}) {
      const chosen = { ...options, ...STYLES.date[options.dateStyle], ...STYLES.time[options.timeStyle] };
      if (!FIELDS.some((name) => chosen[name] !== undefined)) Object.assign(chosen, { year: "numeric", month: "numeric", day: "numeric" });
      if (chosen.hour !== undefined) { chosen.minute ??= undefined; }
      this.locale = Array.isArray(locale) ? locale[0] : locale;
      this.options = chosen;
      this.zone = options.timeZone ?? "UTC";
      this.hour12 = options.hour12 ?? (options.hourCycle ? options.hourCycle.startsWith("h1") : !/^(de|fr|es|it|nl|pt|pl|ru|zh|ja|en-GB|sv|da|nb|fi|cs)/.test(this.locale ?? "en-US"));
    }
    static supportedLocalesOf(locales) { return [].concat(locales ?? []); }
    resolvedOptions() {
      return { locale: this.locale ?? "en-US", numberingSystem: "latn", calendar: "gregory", timeZone: this.zone, hourCycle: this.hour12 ? "h12" : "h23" };
    }
    formatToParts(when = Date.now()) {
      const time = Number(when);
      if (Number.isNaN(time)) throw new RangeError("Invalid time value");
      const seconds = /^[+-]\d\d:?\d\d$/.test(this.zone) ? (this.zone[0] === "-" ? -1 : 1) * (Number(this.zone.slice(1, 3)) * 60 + Number(this.zone.slice(-2))) * 60 : offsetSeconds(this.zone.replace(/^UTC$/i, "UTC"), time);
      const local = new Date(time + seconds * 1000);
      return this.dated(local, seconds);
    }
    dated(local, seconds) {
      const o = this.options, parts = [], add = (type, value) => parts.push({ type, value: String(value) });
      const glue = (text) => { if (parts.length) add("literal", text); };
      const named = o.month === "long" || o.month === "short" || o.month === "narrow";
      const month = () => add("month", named ? MONTHS[local.getUTCMonth()].slice(0, o.month === "long" ? 99 : o.month === "short" ? 3 : 1) : shown(local.getUTCMonth() + 1, o.month));
      const day = () => add("day", shown(local.getUTCDate(), o.day));
      const year = () => add("year", shown(local.getUTCFullYear(), o.year));
      if (o.weekday) add("weekday", DAYS[local.getUTCDay()].slice(0, o.weekday === "long" ? 99 : o.weekday === "short" ? 3 : 1));
      const dayFirst = /^(?!en-US|en$)(en-GB|de|fr|es|it|nl|pt|pl|ru|sv|da|nb|fi|cs)/.test(this.locale ?? "");
      const mark = /^(de|pl|ru|nb|fi|cs)/.test(this.locale ?? "") ? "." : "/";
      if (dayFirst && !named) {
        if (o.day) { glue(", "); day(); }
        if (o.month) { if (o.day) add("literal", mark); month(); }
        if (o.year) { if (o.month) add("literal", mark); year(); }
      } else {
        if (o.month) { glue(", "); month(); }
        if (o.day) { if (o.month) add("literal", named ? " " : "/"); else glue(" "); day(); }
        if (o.year) { if (o.month || o.day) add("literal", named ? (o.day ? ", " : " ") : "/"); else glue(", "); year(); }
      }
      if (o.era) { glue(" "); add("era", local.getUTCFullYear() > 0 ? "AD" : "BC"); }
      this.timed(local, seconds, parts, add, glue);
      return parts;
    }
    timed(local, seconds, parts, add, glue) {
      const o = this.options, hours = local.getUTCHours();
      if (o.hour) {
        glue(o.dateStyle === "full" || o.dateStyle === "long" ? " at " : ", ");
        const value = this.hour12 ? hours % 12 || 12 : hours;
        add("hour", o.hour === "2-digit" || !this.hour12 ? two(value) : value);
      }
      if (o.minute) { if (o.hour) add("literal", ":"); else glue(", "); add("minute", o.hour ? two(local.getUTCMinutes()) : shown(local.getUTCMinutes(), o.minute)); }
      if (o.second) { if (o.hour || o.minute) add("literal", ":"); else glue(", "); add("second", o.minute ? two(local.getUTCSeconds()) : shown(local.getUTCSeconds(), o.second)); }
      if (o.fractionalSecondDigits) { add("literal", "."); add("fractionalSecond", String(local.getUTCMilliseconds()).padStart(3, "0").slice(0, o.fractionalSecondDigits)); }
      if (o.hour && this.hour12) { add("literal", " "); add("dayPeriod", hours < 12 ? "AM" : "PM"); }
      if (o.timeZoneName) {
        glue(" ");
        const minutes = Math.abs(seconds) / 60, sign = seconds < 0 ? "-" : "+";
        add("timeZoneName", seconds === 0 ? "UTC" : "GMT" + sign + Math.floor(minutes / 60) + (minutes % 60 ? ":" + two(minutes % 60) : ""));
      }
    }
    format(when) { return this.formatToParts(when).map((part) => part.value).join(""); }
    formatRange(from, to) { return this.format(from) + " \u2013 " + this.format(to); }
  }

  const SIGNS = { USD: "$", EUR: "\u20ac", GBP: "\u00a3", JPY: "\u00a5", INR: "\u20b9", CNY: "CN\u00a5", KRW: "\u20a9", CAD: "CA$", AUD: "A$" };
  class NumberFormat {
    constructor(locale, options = {}) {
      this.locale = (Array.isArray(locale) ? locale[0] : locale) ?? "en-US";
      this.options = options;
    }
    static supportedLocalesOf(locales) { return [].concat(locales ?? []); }
    resolvedOptions() { return { locale: this.locale, numberingSystem: "latn", ...this.options }; }
    format(given) {
      const o = this.options, value = Number(given);
      if (Number.isNaN(value)) return "NaN";
      const percent = o.style === "percent", money = o.style === "currency";
      const least = o.minimumFractionDigits ?? (money ? (o.currency === "JPY" || o.currency === "KRW" ? 0 : 2) : 0);
      const most = Math.max(least, o.maximumFractionDigits ?? (money ? least : percent ? 0 : Math.max(3, least)));
      const size = Math.abs(value) * (percent ? 100 : 1);
      if (size === Infinity) return (value < 0 ? "-" : "") + "\u221e";
      const rounded = o.maximumSignificantDigits ? Number(size.toPrecision(o.maximumSignificantDigits)).toString() : numberFixed(size, most);
      let [whole, part = ""] = rounded.split(".");
      while (part.length > least && part.endsWith("0")) part = part.slice(0, -1);
      whole = whole.padStart(o.minimumIntegerDigits ?? 1, "0");
      const [group, point] = /^(de|es|it|nl|pt|da|id|tr)/.test(this.locale) ? [".", ","] : /^(fr|pl|ru|sv|nb|fi|cs)/.test(this.locale) ? ["\u00a0", ","] : [",", "."];
      if (o.useGrouping !== false) whole = whole.replace(/\B(?=(\d{3})+$)/g, group);
      const digits = whole + (part ? point + part : "");
      const sign = value < 0 && Number(rounded) !== 0 ? "-" : "";
      if (!money) return sign + digits + (percent ? "%" : o.style === "unit" ? " " + o.unit : "");
      const mark = SIGNS[o.currency] ?? o.currency + "\u00a0";
      return point === "," ? sign + digits + "\u00a0" + mark.trim() : sign + mark + digits;
    }
  }
  // The shortest text of the number decides halves, as people expect of 1.005.
  const numberFixed = (value, places) => (value >= 1e21 ? BigInt(value).toString() : value.toFixed(places));
  class PluralRules {
    select(value) { return Number(value) === 1 ? "one" : "other"; }
    resolvedOptions() { return { locale: "en-US" }; }
  }
  class ListFormat {
    constructor(locale, options = {}) { this.word = options.type === "disjunction" ? "or" : "and"; this.style = options.style; }
    format(list) {
      const parts = [...list];
      if (this.style === "narrow") return parts.join(", ");
      if (parts.length < 3) return parts.join(" " + this.word + " ");
      return parts.slice(0, -1).join(", ") + ", " + this.word + " " + parts.at(-1);
    }
  }
  class RelativeTimeFormat {
    constructor(locale, options = {}) { this.auto = options.numeric === "auto"; }
    format(value, unit) {
      const name = String(unit).replace(/s$/, ""), size = Math.abs(value);
      if (this.auto && name === "day" && size < 2) return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[Math.trunc(value)];
      if (this.auto && size < 2 && size === Math.trunc(size) && /week|month|quarter|year/.test(name)) return (size === 0 ? "this " : value < 0 ? "last " : "next ") + name;
      const text = new NumberFormat("en-US").format(size) + " " + name + (size === 1 ? "" : "s");
      return value < 0 || Object.is(value, -0) ? text + " ago" : "in " + text;
    }
  }
  class Locale { constructor(tag) { this.baseName = String(tag); this.language = this.baseName.split("-")[0]; } toString() { return this.baseName; } getWeekInfo() { return { firstDay: 7, minimalDays: 1, weekend: [6, 7] }; } }
  class Collator { compare(a, b) { return a < b ? -1 : a > b ? 1 : 0; } }

  const method = (target, name, value) => Object.defineProperty(target, name, { value, writable: true, configurable: true });
  method(globalThis, "Intl", { DateTimeFormat, NumberFormat, PluralRules, ListFormat, RelativeTimeFormat, Locale, Collator, getCanonicalLocales: (tags) => [].concat(tags ?? []) });
  const DATE = { year: "numeric", month: "numeric", day: "numeric" }, TIME = { hour: "numeric", minute: "2-digit", second: "2-digit" };
  const lacks = (options, names) => !options || !Object.keys(options).some((name) => names.includes(name));
  const date = (defaults, checked) => function (locale, options) {
    if (Number.isNaN(this.getTime())) return "Invalid Date";
    return new DateTimeFormat(locale, lacks(options, checked) ? { ...defaults, ...options } : options).format(this);
  };
  const ALL = [...FIELDS, "dateStyle", "timeStyle"];
  method(Date.prototype, "toLocaleString", date({ ...DATE, ...TIME }, ALL));
  method(Date.prototype, "toLocaleDateString", date(DATE, ["weekday", "year", "month", "day", "dateStyle"]));
  method(Date.prototype, "toLocaleTimeString", date(TIME, ["hour", "minute", "second", "timeStyle", "dayPeriod"]));
  method(Number.prototype, "toLocaleString", function (locale, options) { return new NumberFormat(locale, options).format(this); });
})();
