// The data-transformation methods of expressions: text, number, list, object, date, true and false.
// They hang on symbols, so that `$json.keys` stays a field: the Python side writes `.keys(` as `[__x.keys](`.
(function () {
  "use strict";
  const { utf8, fromUtf8, toBase64, fromBase64, hashes } = globalThis.__bytes;
  const stringify = JSON.stringify;
  const parse = JSON.parse;
  const isObject = (value) => value !== null && typeof value === "object";
  const isDateTime = (value) => isObject(value) && value.isLuxonDateTime === true;
  const isEmpty = (value) =>
    value === undefined || value === null || value === "" ||
    (Array.isArray(value) ? value.length === 0 : isObject(value) && !isDateTime(value) && !(value instanceof Date) && Object.keys(value).length === 0);
  // An error that is not swallowed as JavaScript's own are: the item fails with it.
  class ExpressionError extends Error {
    constructor(text, code = "expression.failed") { super(text); this.code = code; }
  }
  ExpressionError.prototype.name = "ExpressionError";
  const fail = (text, code) => { throw new ExpressionError(text, code); };

  const same = (a, b) => {
    if (a === b || (a !== a && b !== b)) return true;
    if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
  };
  const has = (list, value) => list.some((other) => same(other, value));
  const distinct = (list, on = (value) => value) => {
    const plain = new Set(), seen = [], kept = [];
    for (const value of list) {
      const key = on(value);
      if (isObject(key)) {
        if (has(seen, key)) continue;
        seen.push(key);
      } else {
        if (plain.has(key)) continue;
        plain.add(key);
      }
      kept.push(value);
    }
    return kept;
  };
  const isBlank = (value) => value === null || value === undefined || value === "" || value === "nil";
  const isHollow = (value) => isObject(value) && !isDateTime(value) && !(value instanceof Date) && Object.keys(value).length === 0;
  // What is empty goes, one level after another from the outside: what becomes empty by that stays.
  const compact = (value) => {
    if (Array.isArray(value)) return value.filter((part) => !isBlank(part) && !isHollow(part)).map(compact);
    if (!isObject(value) || isDateTime(value) || value instanceof Date) return value;
    return Object.fromEntries(Object.entries(value).filter(([, part]) => !isBlank(part) && !isHollow(part)).map(([key, part]) => [key, compact(part)]));
  };

  // --- text ---------------------------------------------------------------
  const HOST = String.raw`((?:[\w-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9]+)|localhost|\d{1,3}(?:\.\d{1,3}){3})`;
  const AFTER = String.raw`(?::\d+)?(?:\/[^\s?]*)?(?:\?[^\s#]*)?(?:#\S*)?$`;
  const DOMAIN = new RegExp("^" + HOST + AFTER, "i");
  const ADDRESSED = new RegExp(String.raw`^(?:(?:https?|ftp):\/\/)?(?:mailto:)?(?:\/\/)?` + HOST + AFTER, "i");
  const URL_WHOLE = new RegExp(String.raw`^(?:https?|ftp):\/\/` + HOST + String.raw`(?![\w.-])\S*$`, "i");
  const URL_INSIDE = new RegExp(String.raw`(?:https?|ftp):\/\/` + HOST + String.raw`(?![\w-])\S*`, "i");
  const EMAIL = /(?:[^<>()[\]\\.,;:\s@"]+(?:\.[^<>()[\]\\.,;:\s@"]+)*|"[^"]+")@(\[\d{1,3}(?:\.\d{1,3}){3}\]|(?:[a-z\d-]+\.)+[a-z]{2,})/i;
  const SMALL = /^(?:an?d?|a[st]|because|but|by|en|for|i[fn]|neither|nor|o[fnr]|only|over|per|so|some|tha[tn]|the|to|up|upon|vs?\.?|versus|via|when|with|without|yet)$/i;
  const LETTER_FORMS = { ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "TH", ł: "l", Ł: "L", ı: "i", "ẞ": "SS" };
  // The signs of currencies, longer ones before those that they begin with.
  const CURRENCY = /Lek|BZ\$|RD\$|NT\$|TT\$|J\$|C\$|R\$|Z\$|\$b|\$U|B\/\.|S\/\.|CHF|lei|Дин\.|ден|лв|Br|KM|kn|Kč|kr|Ft|Rp|RM|MT|Gs|zł|Bs|[$؋ƒ₼P៛¥₡₱£€¢QL₹﷼₪₩₭₨₮₦₽SR฿₺₴₫]/gu;
  const number = (text, value) => (Number.isNaN(value) ? fail("cannot convert " + stringify(text) + " to a number") : value);
  const bare = (text) => text.replace(CURRENCY, "");
  const whole = (text, radix) => number(text, parseInt(bare(text), radix));
  const fraction = (text) => number(text, text.includes(",") ? NaN : parseFloat(bare(text)));
  const dateOf = (text) => {
    const { DateTime } = globalThis;
    const value = String(text).trim();
    for (const read of [DateTime.fromISO, DateTime.fromHTTP, DateTime.fromRFC2822, DateTime.fromSQL]) {
      const found = read.call(DateTime, value, { setZone: true });
      if (found.isValid) return found;
    }
    const stamp = /^\d{13}$/.test(value) ? Number(value) : Date.parse(value);
    return Number.isNaN(stamp) ? fail("cannot convert " + stringify(text) + " to a date") : DateTime.fromMillis(stamp);
  };
  const asDateTime = (value) => {
    const { DateTime } = globalThis;
    if (isDateTime(value)) return value;
    if (value instanceof Date) return DateTime.fromJSDate(value);
    return typeof value === "number" ? DateTime.fromMillis(value) : dateOf(value);
  };
  const text = {
    base64Decode: (value) => fromUtf8(fromBase64(value)),
    base64Encode: (value) => toBase64(utf8(value)),
    extractDomain: (value) => (text.isEmail(value) ? EMAIL.exec(value)[1] : ADDRESSED.exec(value)?.[1]),
    extractEmail: (value) => EMAIL.exec(value)?.[0],
    extractUrl: (value) => URL_INSIDE.exec(value)?.[0],
    extractUrlPath(value) {
      try { return new globalThis.URL(value).pathname; } catch { return undefined; }
    },
    hash(value, algorithm = "md5") {
      const name = String(algorithm).toLowerCase().replace("-", "");
      return Object.hasOwn(hashes, name) ? hashes[name](utf8(value)) : fail("unknown hash " + algorithm + "; known are " + Object.keys(hashes).join(", "));
    },
    isDomain: (value) => DOMAIN.test(value),
    isBlank: (value) => value.trim() === "",
    isEmail: (value) => EMAIL.test(value) && !value.includes(" "),
    isEmpty: (value) => value === "",
    isNotBlank: (value) => value.trim() !== "",
    isNotEmpty: (value) => value !== "",
    isNumeric: (value) => !value.includes(" ") && !Number.isNaN(Number(value)) && !Number.isNaN(parseFloat(value)),
    isUrl: (value) => URL_WHOLE.test(value),
    length: (value) => value.length,
    parseJson(value) {
      try { return parse(value); } catch { return undefined; }
    },
    quote(value, mark = '"') {
      return mark + value.replaceAll("\\", "\\\\").replaceAll(mark, "\\" + mark) + mark;
    },
    removeMarkdown: (value) =>
      value
        .replace(/^([ \t]*)(?:[*+-]|\d\.)\s+/gm, "$1").replace(/\n={2,}/g, "\n").replace(/~~/g, "").replace(/`{3}.*\n/g, "")
        .replace(/<[\w\s='":(),;/.|\\-]{1,1000}>/g, "").replace(/^[=-]{2,}\s*$/gm, "")
        .replace(/\[\^[^\]\n]{1,200}\](?:: [^\n]*)?/g, "").replace(/\s{0,2}\[[^\]\n]{0,200}\]: [^\n]*$/g, "")
        .replace(/!\[[^\]\n]{0,1000}\][[(][^\])\n]{0,2000}[\])]/g, "").replace(/\[([^\]\n]{0,1000})\][[(][^\])\n]{0,2000}[\])]/g, "$1")
        .replace(/>/g, "").replace(/^#{1,6}[ \t]*([^#\n]*?)[ \t]*#*[ \t]*$/gm, "$1")
        .replace(/([*_]{1,3})(\S(?:[^\n]{0,1000}?\S)?)\1/g, "$2").replace(/(`{3,})([^`]{0,10000})\1/g, "$2").replace(/`([^`\n]{1,1000})`/g, "$1").replace(/\n{2,}/g, "\n\n"),
    removeTags: (value) => value.replace(/<[^>]*>?/gm, ""),
    replaceSpecialChars: (value) => value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\x00-\x7f]/g, (letter) => LETTER_FORMS[letter] ?? letter),
    toBoolean: (value) => !["", "false", "no", "0"].includes(value.toLowerCase()),
    // Without a time of day it is the start of that day.
    toDate: (value) => (value.includes(":") ? dateOf(value) : dateOf(value).setZone(globalThis.DateTime.now().zone).startOf("day")).toJSDate(),
    toDateTime(value, format) {
      if (format === undefined) return dateOf(value);
      if (["ms", "s", "us", "excel"].includes(format)) return numbers.toDateTime(number(value, Number(value)), format);
      return globalThis.DateTime.fromFormat(value, format);
    },
    toDecimalNumber: fraction,
    toFloat: fraction,
    toInt: whole,
    toJsonString: (value) => stringify(value),
    toNumber: (value) => number(value, Number(bare(value))),
    toSentenceCase: (value) => value.toLowerCase().replace(/(^|[.!?])([^\p{L}.!?]*)(\p{L})/gu, (_, mark, between, letter) => mark + between + letter.toUpperCase()),
    toSnakeCase: (value) => value.toLowerCase().replace(/[ -]/g, "_").replace(/[\u2000-\u206f\u2e00-\u2e7f\\'!"#$%&()*+,./:;<=>?@[\]^`{|}~]/g, ""),
    // Words with capitals or dots inside, short words in the middle and what stands before a colon stay as they are.
    toTitleCase: (value) =>
      value.replace(/[^\s:\u2013\u2014-]+/g, (word, at) => {
        const end = at + word.length, kept = /.(?=[A-Z]|\..)/.test(word);
        if (kept || (SMALL.test(word) && at > 0 && end < value.length) || /^:\S/.test(value.slice(end, end + 2))) return word;
        return word.replace(/[A-Za-z0-9\u00c0-\u00ff]/, (letter) => letter.toUpperCase());
      }),
    toWholeNumber: whole,
    urlDecode: (value, entire = false) => (entire ? decodeURI(value) : decodeURIComponent(value)),
    urlEncode: (value, entire = false) => (entire ? encodeURI(value) : encodeURIComponent(value)),
  };

  // --- numbers, true and false --------------------------------------------
  const numbers = {
    abs: (value) => Math.abs(value),
    ceil: (value) => Math.ceil(value),
    floor: (value) => Math.floor(value),
    format: (value, locale, options) => value.toLocaleString(locale, options),
    isEmpty: () => false,
    isEven: (value) => (Number.isInteger(value) ? value % 2 === 0 : fail("isEven() is for whole numbers")),
    isInteger: (value) => Number.isInteger(value),
    isNotEmpty: () => true,
    isOdd: (value) => (Number.isInteger(value) ? Math.abs(value) % 2 === 1 : fail("isOdd() is for whole numbers")),
    round: (value, places = 0) => Number(value.toFixed(places)),
    toBoolean: (value) => value !== 0,
    toDateTime(value, format = "ms") {
      const { DateTime } = globalThis;
      if (format === "s") return DateTime.fromSeconds(value);
      if (format === "us") return DateTime.fromMillis(value / 1000);
      if (format === "excel") return DateTime.fromSeconds((value - 25569) * 86400);
      return format === "ms" ? DateTime.fromMillis(value) : fail("toDateTime() knows ms, s, us and excel");
    },
    toFloat: (value) => value,
    toInt: (value) => numbers.round(value),
    toJsonString: (value) => stringify(value),
    toNumber: (value) => value,
  };
  const booleans = {
    isEmpty: () => false,
    isNotEmpty: () => true,
    toBoolean: (value) => value,
    toDateTime: () => undefined,
    toFloat: Number,
    toInt: Number,
    toJsonString: (value) => stringify(value),
    toNumber: Number,
  };

  // --- lists --------------------------------------------------------------
  const numeric = (list, name) => (list.every((value) => typeof value === "number") ? list : fail(name + "(): all of the list must be numbers"));
  const others = (list, name) => (Array.isArray(list) ? list : fail(name + "() needs another list, e.g. " + name + "([1, 2])"));
  const mergeObjects = (one, other) => {
    if (!other) return one;
    if (!isObject(other)) fail("merge() needs another object");
    const merged = { ...one };
    for (const [key, value] of Object.entries(other)) if (!Object.hasOwn(merged, key)) merged[key] = value;
    return merged;
  };
  const lists = {
    append: (list, ...more) => list.concat(more),
    average: (list) => (numeric(list, "average").length ? lists.sum(list) / list.length : 0),
    chunk(list, size) {
      if (!(Number.isInteger(size) && size > 0)) fail("chunk() needs a length, e.g. chunk(5)");
      const parts = [];
      for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
      return parts;
    },
    compact,
    difference: (list, other) => distinct(list.filter((value) => !has(others(other, "difference"), value))),
    first: (list) => list[0],
    intersection: (list, other) => distinct(list.filter((value) => has(others(other, "intersection"), value))),
    isEmpty: (list) => list.length === 0,
    isNotEmpty: (list) => list.length > 0,
    last: (list) => list[list.length - 1],
    max: (list) => Math.max(...numeric(list, "max")),
    // Alone: the objects of the list. With another list: the pairs at the same place. What came first stays.
    merge(list, other) {
      if (other === undefined) return list.filter((part) => isObject(part) && !Array.isArray(part)).reduce(mergeObjects, {});
      others(other, "merge");
      return list.reduce((merged, part, at) => (isObject(part) && isObject(other[at]) ? Object.assign(merged, mergeObjects(part, other[at])) : merged), {});
    },
    min: (list) => Math.min(...numeric(list, "min")),
    pluck(list, ...fields) {
      if (!fields.length) return list;
      const rows = list.filter(isObject).map((row) => Object.keys(row).filter((key) => fields.includes(key)).map((key) => row[key]));
      return rows.filter((found) => found.length).map((found) => (found.length === 1 ? found[0] : found));
    },
    randomItem: (list) => list[Math.floor(Math.random() * list.length)],
    removeDuplicates: (list, ...fields) => lists.unique(list, ...fields.flat()),
    renameKeys(list, ...names) {
      if (!names.length || names.length % 2) fail("renameKeys() needs pairs of names, e.g. renameKeys('old', 'new')");
      return list.map((row) => {
        if (!isObject(row) || Array.isArray(row)) return row;
        const renamed = { ...row };
        for (let at = 0; at < names.length; at += 2) {
          const [old, name] = [names[at], names[at + 1]];
          if (!Object.hasOwn(renamed, old)) continue;
          const value = renamed[old];
          delete renamed[old];
          renamed[name] = value;
        }
        return renamed;
      });
    },
    smartJoin(list, keyField, valueField) {
      if (!keyField || !valueField || typeof keyField !== "string" || typeof valueField !== "string") fail("smartJoin() needs two field names, e.g. smartJoin('name', 'value')");
      return Object.fromEntries(list.filter((row) => isObject(row) && Object.hasOwn(row, keyField) && Object.hasOwn(row, valueField)).map((row) => [row[keyField], row[valueField]]));
    },
    sum: (list) => numeric(list, "sum").reduce((a, b) => a + b, 0),
    toBoolean: () => undefined,
    toDateTime: () => undefined,
    toFloat: () => undefined,
    toInt: () => undefined,
    toJsonString: (list) => stringify(list),
    union: (list, other) => distinct(list.concat(others(other, "union"))),
    unique: (list, ...fields) => distinct(list, fields.length ? (row) => (isObject(row) ? fields.map((field) => row[field]) : row) : undefined),
  };

  // --- objects ------------------------------------------------------------
  const containing = (value, wanted, name, kept) => {
    if (typeof wanted !== "string" || wanted === "") fail(name + "() needs a text that is not empty");
    return keeping(value, ([, part]) => (typeof part === "string" && part.includes(wanted)) === kept);
  };
  const keeping = (value, test) => Object.fromEntries(Object.entries(value).filter(test));
  const objects = {
    compact,
    hasField: (value, name) => Object.hasOwn(value, name),
    isEmpty,
    isNotEmpty: (value) => !isEmpty(value),
    keepFieldsContaining: (value, wanted) => containing(value, wanted, "keepFieldsContaining", true),
    keys: (value) => Object.keys(value),
    merge: mergeObjects,
    removeField: (value, name) => keeping(value, ([key]) => key !== name),
    removeFieldsContaining: (value, wanted) => containing(value, wanted, "removeFieldsContaining", false),
    toBoolean: () => undefined,
    toDateTime: () => undefined,
    toFloat: () => undefined,
    toInt: () => undefined,
    toJsonString: (value) => stringify(value),
    urlEncode: (value) => Object.entries(value).map(([key, part]) => encodeURIComponent(key).replaceAll("%20", "+") + "=" + encodeURIComponent(part).replaceAll("%20", "+")).join("&"),
    values: (value) => Object.values(value),
  };

  // --- dates --------------------------------------------------------------
  const like = (value, made) => (isDateTime(value) ? made : made.toJSDate());
  const SHORT = { ms: "millisecond", sec: "second", secs: "second", min: "minute", mins: "minute", hr: "hour", hrs: "hour" };
  const UNITS = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];
  const one = (unit) => {
    const name = SHORT[unit] ?? String(unit);
    return UNITS.includes(name.replace(/s$/, "")) ? name.replace(/s$/, "") : name;
  };
  const many = (unit) => {
    const name = one(unit);
    return UNITS.includes(name) ? name + "s" : fail("unknown unit " + stringify(String(unit)) + "; known are " + UNITS.map((each) => each + "s").join(", "));
  };
  const units = (amount, unit) => (unit === undefined ? amount : { [many(unit)]: amount });
  const between = (value, from, to) => {
    const [low, high] = [asDateTime(from).toMillis(), asDateTime(to).toMillis()].sort((a, b) => a - b);
    const at = asDateTime(value).toMillis();
    return at > low && at < high;
  };
  // How far a date is after another one; negative when it is before.
  const difference = (from, to, unit = "days") => {
    const list = (Array.isArray(unit) && unit.length ? unit : [Array.isArray(unit) ? "days" : unit]).map(many);
    const found = from.diff(to, list);
    return list.length === 1 ? found.as(list[0]) : found.toObject();
  };
  const now = () => globalThis.$now ?? globalThis.DateTime.now();
  const dates = {
    beginningOf: (value, unit = "week") => like(value, asDateTime(value).startOf(one(unit))),
    diffTo: (value, other, unit) => difference(asDateTime(value), asDateTime(other), unit),
    diffToNow: (value, unit) => difference(asDateTime(value), now(), unit),
    endOfMonth: (value) => like(value, asDateTime(value).endOf("month")),
    extract(value, part = "week") {
      const moment = asDateTime(value);
      return part === "yearDayNumber" ? moment.ordinal : part === "week" || part === "weeks" ? moment.weekNumber : moment.get(one(part));
    },
    format: (value, form, options = {}) => asDateTime(value).toFormat(form ?? "yyyy-MM-dd", options),
    inBetween: between,
    isBetween: between,
    isDst: (value) => asDateTime(value).isInDST,
    isEmpty: () => false,
    isInLast(value, amount = 0, unit = "minutes") {
      const at = asDateTime(value);
      return now().minus(units(amount, unit)) <= at && at <= now();
    },
    isNotEmpty: () => true,
    isWeekend: (value) => asDateTime(value).weekday > 5,
    minus: (value, amount, unit) => like(value, asDateTime(value).minus(units(amount, unit))),
    plus: (value, amount, unit) => like(value, asDateTime(value).plus(units(amount, unit))),
    toBoolean: () => undefined,
    toDate: (value) => asDateTime(value).toJSDate(),
    toDateTime: asDateTime,
    toFloat: (value) => asDateTime(value).toMillis(),
    toInt: (value) => asDateTime(value).toMillis(),
  };

  const DATE_TEXT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
  const STAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
  // A text that is a date is one: a full time in UTC for all methods of dates, other dates for those that texts lack.
  const ofText = (value, name) => {
    const dated = Object.hasOwn(dates, name) && name !== "toDate" && name !== "toDateTime";
    const own = Object.hasOwn(text, name) ? text[name] : undefined;
    if (dated && (own ? STAMP.test(value) && !Number.isNaN(Date.parse(value)) : DATE_TEXT.test(value))) return (given, ...more) => dates[name](new Date(dateOf(given).toMillis()), ...more);
    return own;
  };
  const find = (value, name) => {
    const pick = (table) => (Object.hasOwn(table, name) ? table[name] : undefined);
    switch (typeof value) {
      case "string": return ofText(value, name);
      case "number": return pick(numbers);
      case "boolean": return pick(booleans);
      case "object":
        if (Array.isArray(value)) return pick(lists);
        if (isDateTime(value) || value instanceof Date) return pick(dates);
        return typeof value[name] === "function" ? undefined : pick(objects);
    }
    return undefined;
  };
  const kinds = { text, number: numbers, boolean: booleans, list: lists, object: objects, date: dates };
  const refuse = (name) => fail(name + "() is only for " + Object.keys(kinds).filter((kind) => Object.hasOwn(kinds[kind], name)).join(", "));

  const symbols = Object.create(null);
  for (const name of new Set(Object.values(kinds).flatMap(Object.keys))) {
    symbols[name] = Symbol(name);
    Object.defineProperty(Object.prototype, symbols[name], {
      value: function (...given) {
        const own = find(this, name);
        if (own) return own(this, ...given);
        return typeof this[name] === "function" ? this[name](...given) : refuse(name);
      },
    });
  }
  // Null and undefined are empty; any other method says that they have none.
  const nothing = (value) => Object.freeze(Object.fromEntries(Object.keys(symbols).map((name) =>
    [symbols[name], name === "isEmpty" ? () => true : name === "isNotEmpty" ? () => false : () => fail(name + "() cannot be used on " + value + "; where that may be missing, write ?." + name + "()")])));
  const NULL = nothing("null"), UNDEFINED = nothing("undefined");
  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value });
  hidden("__x", Object.freeze(symbols));
  hidden("__some", (value) => value ?? (value === null ? NULL : UNDEFINED));
  globalThis.__parts = { ExpressionError, fail, isEmpty, tables: kinds };
})();
