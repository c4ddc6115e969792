// The data-transformation methods of expressions: text, number, list, object, date, true and false.
// They hang on symbols, so that `$json.keys` stays a field: the Python side writes `.keys(` as `[__x.keys](`.
(function () {
  "use strict";
  const stringify = JSON.stringify;
  const parse = JSON.parse;
  const isObject = (value) => value !== null && typeof value === "object";
  const isDateTime = (value) => isObject(value) && value.isLuxonDateTime === true;
  const isEmpty = (value) =>
    value === undefined || value === null || value === "" ||
    (Array.isArray(value) ? value.length === 0 : isObject(value) && !isDateTime(value) && !(value instanceof Date) && Object.keys(value).length === 0);
  const fail = (text) => { throw new TypeError(text); };

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
  const compact = (value) => {
    if (Array.isArray(value)) return value.map(compact).filter((part) => !isBlank(part) && !(isObject(part) && isEmpty(part)));
    if (!isObject(value) || isDateTime(value) || value instanceof Date) return value;
    const kept = {};
    for (const [key, part] of Object.entries(value)) {
      const inner = compact(part);
      if (!isBlank(inner) && !(isObject(inner) && isEmpty(inner))) kept[key] = inner;
    }
    return kept;
  };

  // --- text ---------------------------------------------------------------
  const utf8 = (text) => {
    const bytes = [];
    for (const character of text.toWellFormed()) {
      const code = character.codePointAt(0);
      if (code < 0x80) bytes.push(code);
      else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
      else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
      else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    }
    return bytes;
  };
  const fromUtf8 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; ) {
      const first = bytes[at];
      const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
      let code = size === 1 ? first : first & (0xff >> (size + 1));
      for (let i = 1; i < size; i++) code = (code << 6) | (bytes[at + i] & 63);
      text += first >= 0x80 && first < 0xc0 || code > 0x10ffff || Number.isNaN(code) ? "\ufffd" : String.fromCodePoint(code);
      at += size;
    }
    return text;
  };
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 3) {
      const [a, b, c] = [bytes[at], bytes[at + 1], bytes[at + 2]];
      text += LETTERS[a >> 2] + LETTERS[((a & 3) << 4) | ((b ?? 0) >> 4)];
      text += (b === undefined ? "=" : LETTERS[((b & 15) << 2) | ((c ?? 0) >> 6)]) + (c === undefined ? "=" : LETTERS[c & 63]);
    }
    return text;
  };
  const fromBase64 = (text) => {
    const bytes = [];
    let bits = 0, held = 0;
    for (const letter of text.replace(/-/g, "+").replace(/_/g, "/").replace(/[^A-Za-z0-9+/]/g, "")) {
      held = ((held << 6) | LETTERS.indexOf(letter)) & 0xffffff;
      bits += 6;
      if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
    }
    return bytes;
  };

  const pad64 = (bytes, block, size, little) => {
    const padded = bytes.concat([0x80]);
    while (padded.length % block !== block - size) padded.push(0);
    const bits = BigInt(bytes.length) * 8n;
    const length = [];
    for (let i = size - 1; i >= 0; i--) length.push(Number((bits >> BigInt(8 * i)) & 255n));
    return padded.concat(little ? length.reverse() : length);
  };
  const hex = (words, size = 8) => words.map((word) => (word < 0 && typeof word === "number" ? word >>> 0 : word).toString(16).padStart(size, "0")).join("");
  const roll = (value, by) => (value << by) | (value >>> (32 - by));
  const md5 = (bytes) => {
    const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
    let state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
    const data = pad64(bytes, 64, 8, true);
    for (let at = 0; at < data.length; at += 64) {
      const word = (i) => data[at + 4 * i] | (data[at + 4 * i + 1] << 8) | (data[at + 4 * i + 2] << 16) | (data[at + 4 * i + 3] << 24);
      let [a, b, c, d] = state;
      for (let i = 0; i < 64; i++) {
        const round = i >> 4;
        const f = [(b & c) | (~b & d), (d & b) | (~d & c), b ^ c ^ d, c ^ (b | ~d)][round];
        const g = [i, 5 * i + 1, 3 * i + 5, 7 * i][round] % 16;
        const sum = (a + f + Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296) + word(g)) | 0;
        [a, d, c, b] = [d, c, b, (b + roll(sum, shifts[round * 4 + (i % 4)])) | 0];
      }
      state = [(state[0] + a) | 0, (state[1] + b) | 0, (state[2] + c) | 0, (state[3] + d) | 0];
    }
    return hex(state.flatMap((word) => [word & 255, (word >> 8) & 255, (word >> 16) & 255, (word >> 24) & 255]), 2);
  };
  const sha1 = (bytes) => {
    let state = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
    const data = pad64(bytes, 64, 8, false);
    for (let at = 0; at < data.length; at += 64) {
      const w = [];
      for (let i = 0; i < 80; i++) {
        const p = at + 4 * i;
        w.push(i < 16 ? (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3] : roll(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1));
      }
      let [a, b, c, d, e] = state;
      for (let i = 0; i < 80; i++) {
        const round = Math.floor(i / 20);
        const f = [(b & c) | (~b & d), b ^ c ^ d, (b & c) | (b & d) | (c & d), b ^ c ^ d][round];
        const next = (roll(a, 5) + f + e + [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][round] + w[i]) | 0;
        [a, b, c, d, e] = [next, a, roll(b, 30), c, d];
      }
      state = [a, b, c, d, e].map((word, i) => (state[i] + word) | 0);
    }
    return hex(state);
  };
  // The constants of SHA-2 are the fractions of roots of primes; 64 bits of each, taken with whole numbers.
  const PRIMES = () => {
    const found = [];
    for (let n = 2; found.length < 80; n++) if (found.every((p) => n % p)) found.push(n);
    return found;
  };
  const root = (value, power) => {
    let low = 0n, high = 1n << 72n;
    while (low < high) {
      const middle = (low + high + 1n) >> 1n;
      if (middle ** power <= value) low = middle; else high = middle - 1n;
    }
    return low & 0xffffffffffffffffn;
  };
  let constants;
  const sha2 = (bytes, bits) => {
    constants ??= PRIMES().map((p) => [root(BigInt(p) << 192n, 3n), root(BigInt(p) << 128n, 2n)]);
    const wide = bits > 256;
    const size = wide ? 64n : 32n, mask = (1n << size) - 1n, rounds = wide ? 80 : 64, unit = wide ? 8 : 4;
    const k = constants.slice(0, rounds).map(([cube]) => (wide ? cube : cube >> 32n));
    const part = bits === 384 || bits === 224 ? constants.slice(8, 16) : constants.slice(0, 8);
    let state = part.map(([, square]) => (wide ? square : bits === 224 ? square & mask : square >> 32n));
    const turn = (value, by) => ((value >> BigInt(by)) | (value << (size - BigInt(by)))) & mask;
    const [s0, s1, e0, e1] = wide
      ? [[1, 8, 7], [19, 61, 6], [28, 34, 39], [14, 18, 41]]
      : [[7, 18, 3], [17, 19, 10], [2, 13, 22], [6, 11, 25]];
    const data = pad64(bytes, unit * 16, unit * 2, false);
    for (let at = 0; at < data.length; at += unit * 16) {
      const w = [];
      for (let i = 0; i < rounds; i++) {
        if (i < 16) {
          let word = 0n;
          for (let j = 0; j < unit; j++) word = (word << 8n) | BigInt(data[at + unit * i + j]);
          w.push(word);
          continue;
        }
        const x = w[i - 15], y = w[i - 2];
        w.push((w[i - 16] + (turn(x, s0[0]) ^ turn(x, s0[1]) ^ (x >> BigInt(s0[2]))) + w[i - 7] + (turn(y, s1[0]) ^ turn(y, s1[1]) ^ (y >> BigInt(s1[2])))) & mask);
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let i = 0; i < rounds; i++) {
        const one = h + (turn(e, e1[0]) ^ turn(e, e1[1]) ^ turn(e, e1[2])) + ((e & f) ^ (~e & mask & g)) + k[i] + w[i];
        const two = (turn(a, e0[0]) ^ turn(a, e0[1]) ^ turn(a, e0[2])) + ((a & b) ^ (a & c) ^ (b & c));
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask];
      }
      state = [a, b, c, d, e, f, g, h].map((word, i) => (state[i] + word) & mask);
    }
    return hex(state, wide ? 16 : 8).slice(0, bits / 4);
  };
  const hashes = {
    md5, sha1, sha224: (b) => sha2(b, 224), sha256: (b) => sha2(b, 256), sha384: (b) => sha2(b, 384), sha512: (b) => sha2(b, 512),
    base64: toBase64,
  };

  const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i;
  const EMAIL = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;
  const URL_PARTS = /^([a-z][a-z0-9+.-]*):\/\/(?:[^\s/?#@]*@)?([^\s/?#:]+)(?::\d+)?([^\s?#]*)(\?[^\s#]*)?(#\S*)?$/i;
  const SMALL = new Set("a an and as at because but by en for if in neither nor of on only or over per so some than that the to up upon v versus via vs when with without yet".split(" "));
  const LETTER_FORMS = { ß: "ss", æ: "ae", Æ: "AE", œ: "oe", Œ: "OE", ø: "o", Ø: "O", đ: "d", Đ: "D", ð: "d", Ð: "D", þ: "th", Þ: "TH", ł: "l", Ł: "L", ı: "i", "ẞ": "SS" };
  const number = (text, read) => {
    const value = read(String(text).replace(/[\s,_$€£¥]/g, ""));
    return Number.isNaN(value) ? fail("not a number: " + text) : value;
  };
  const whole = (text, radix) => number(text, (clean) => parseInt(clean, radix ?? 10));
  const fraction = (text) => number(text, parseFloat);
  const dateOf = (text) => {
    const { DateTime } = globalThis;
    const value = String(text).trim();
    for (const read of [DateTime.fromISO, DateTime.fromSQL, DateTime.fromHTTP, DateTime.fromRFC2822]) {
      const found = read.call(DateTime, value, { setZone: false });
      if (found.isValid) return found;
    }
    const stamp = /^\d{13}$/.test(value) ? Number(value) : /^\d{10}$/.test(value) ? Number(value) * 1000 : Date.parse(value);
    return Number.isNaN(stamp) ? fail("not a date: " + text) : DateTime.fromMillis(stamp);
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
    extractDomain(value) {
      const found = /(?:[a-z][a-z0-9+.-]*:\/\/|@|^|[\s(<"'])((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63})(?=[\s/?#:)>"'.,;]|$)/i.exec(value);
      return found ? found[1] : undefined;
    },
    extractEmail: (value) => /[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}/i.exec(value)?.[0],
    extractUrl: (value) => /(?:https?|ftp|ftps|wss?):\/\/[^\s<>"'()]+[^\s<>"'().,;:!?]/i.exec(value)?.[0],
    extractUrlPath(value) {
      const found = URL_PARTS.exec(value);
      return found ? found[3] || "/" : undefined;
    },
    hash(value, algorithm = "md5") {
      const name = String(algorithm).toLowerCase().replace("-", "");
      return Object.hasOwn(hashes, name) ? hashes[name](utf8(value)) : fail("unknown hash " + algorithm + "; known are " + Object.keys(hashes).join(", "));
    },
    isDomain: (value) => DOMAIN.test(value),
    isEmail: (value) => EMAIL.test(value),
    isEmpty: (value) => value === "",
    isNotEmpty: (value) => value !== "",
    isNumeric: (value) => value.trim() !== "" && !Number.isNaN(Number(value)) && !Number.isNaN(parseFloat(value)),
    isUrl: (value) => URL_PARTS.test(value),
    length: (value) => value.length,
    parseJson: (value) => parse(value),
    quote(value, mark = '"') {
      return mark + value.replaceAll("\\", "\\\\").replaceAll(mark, "\\" + mark) + mark;
    },
    removeMarkdown: (value) =>
      value
        .replace(/^ {0,3}(?:[-*_] ?){3,}$/gm, "").replace(/^([ \t]*)([*+-]|\d+\.)\s+/gm, "$1").replace(/\n={2,}/g, "\n")
        .replace(/~{3,}.*\n/g, "").replace(/~~/g, "").replace(/`{3,}.*\n?/g, "").replace(/<[^>]{1,1000}>/g, "").replace(/^[=-]{2,}\s*$/gm, "")
        .replace(/\[\^.{1,200}?\](?:: .*?$)?/gm, "").replace(/!\[([^\]]{0,1000})\][[(][^\])]{0,2000}[\])]/g, "$1").replace(/\[([^\]]{0,1000})\][[(][^\])]{0,2000}[\])]/g, "$1")
        .replace(/^ {0,3}> ?/gm, "").replace(/^#{1,6}\s*([^\n]*?)\s*#*$/gm, "$1").replace(/([*_]{1,3})(\S(?:[^\n*_]{0,1000}\S)?)\1/g, "$2").replace(/`([^`\n]{1,1000})`/g, "$1").trim(),
    removeTags: (value) => value.replace(/<[^>]*>?/gm, ""),
    replaceSpecialChars: (value) => value.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^\x00-\x7f]/g, (letter) => LETTER_FORMS[letter] ?? letter),
    toBoolean: (value) => !["false", "no", "0"].includes(value.toLowerCase()),
    toDate: (value) => dateOf(value).toJSDate(),
    toDateTime(value, format) {
      if (format === undefined) return dateOf(value);
      if (["ms", "s", "us", "excel"].includes(format)) return numbers.toDateTime(fraction(value), format);
      const found = globalThis.DateTime.fromFormat(value, format);
      return found.isValid ? found : fail("not a date: " + value);
    },
    toDecimalNumber: fraction,
    toFloat: fraction,
    toInt: whole,
    toJsonString: (value) => stringify(value),
    toNumber(value) {
      const found = Number(value.trim());
      return value.trim() === "" || Number.isNaN(found) ? fail("not a number: " + value) : found;
    },
    toSentenceCase: (value) => value.toLowerCase().replace(/(^\s*|[.!?]\s+)(\p{Ll})/gu, (_, before, letter) => before + letter.toUpperCase()),
    toSnakeCase: (value) => value.replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1_$2").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_+|_+$/g, ""),
    toTitleCase(value) {
      const words = value.split(/(\s+)/);
      const last = words.length - 1;
      return words.map((word, at) => (at > 0 && at < last && SMALL.has(word) ? word : word.replace(/^([^\p{L}\p{N}]*)(\p{Ll})/u, (_, before, letter) => before + letter.toUpperCase()))).join("");
    },
    toWholeNumber: whole,
    urlDecode: (value, entire = false) => (entire ? decodeURI(value.replaceAll("+", " ")) : decodeURIComponent(value.replaceAll("+", " "))),
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
    round: (value, places = 0) => {
      const scaled = Math.round(Number(value + "e" + places));
      return Number.isNaN(scaled) ? Math.round(value * 10 ** places) / 10 ** places : Number(scaled + "e" + -places);
    },
    toBoolean: (value) => value !== 0,
    toDateTime(value, format = "ms") {
      const { DateTime } = globalThis;
      if (format === "s") return DateTime.fromSeconds(value);
      if (format === "us") return DateTime.fromMillis(value / 1000);
      if (format === "excel") return DateTime.fromMillis((value - 25569) * 86400000, { zone: "utc" });
      return format === "ms" ? DateTime.fromMillis(value) : fail("toDateTime() knows ms, s, us and excel");
    },
    toFloat: (value) => value,
    toInt: (value) => Math.round(value),
    toJsonString: (value) => stringify(value),
    toNumber: (value) => value,
  };
  const booleans = {
    isEmpty: () => false,
    isNotEmpty: () => true,
    toBoolean: (value) => value,
    toDateTime: () => fail("true and false are no dates"),
    toFloat: Number,
    toInt: Number,
    toJsonString: (value) => stringify(value),
    toNumber: Number,
  };

  // --- lists --------------------------------------------------------------
  const numeric = (list, name) =>
    list.map((value) => {
      const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      return typeof found === "number" && !Number.isNaN(found) ? found : fail(name + "() is for numbers");
    });
  const mergeObjects = (one, other) => {
    const merged = { ...one };
    for (const [key, value] of Object.entries(other ?? {})) if (!Object.hasOwn(merged, key)) merged[key] = value;
    return merged;
  };
  const lists = {
    append: (list, ...more) => list.concat(more),
    average: (list) => (list.length ? lists.sum(list) / list.length : 0),
    chunk(list, size) {
      if (!(Number.isInteger(size) && size > 0)) fail("chunk() needs a length, e.g. chunk(5)");
      const parts = [];
      for (let at = 0; at < list.length; at += size) parts.push(list.slice(at, at + size));
      return parts;
    },
    compact,
    difference: (list, other = []) => distinct(list.filter((value) => !has(other, value))),
    first: (list) => list[0],
    intersection: (list, other = []) => distinct(list.filter((value) => has(other, value))),
    isEmpty: (list) => list.length === 0,
    isNotEmpty: (list) => list.length > 0,
    last: (list) => list[list.length - 1],
    max: (list) => numeric(list, "max").reduce((a, b) => (b > a ? b : a), -Infinity),
    merge: (list, other) =>
      (other === undefined ? list : Array.from({ length: Math.max(list.length, other.length) }, (_, at) => mergeObjects(list[at], other[at])))
        .reduce((all, part) => Object.assign(all, part), {}),
    min: (list) => numeric(list, "min").reduce((a, b) => (b < a ? b : a), Infinity),
    pluck(list, ...fields) {
      const rows = list.filter((row) => row !== null && row !== undefined);
      if (!fields.length) return list;
      if (fields.length === 1) return rows.map((row) => row[fields[0]]).filter((value) => value !== undefined);
      return rows.map((row) => Object.fromEntries(fields.filter((field) => Object.hasOwn(row, field)).map((field) => [field, row[field]])));
    },
    randomItem: (list) => list[Math.floor(Math.random() * list.length)],
    removeDuplicates: (list, ...fields) => lists.unique(list, ...fields.flat()),
    renameKeys(list, ...names) {
      if (!names.length || names.length % 2) fail("renameKeys() needs pairs of names");
      const renamed = new Map();
      for (let at = 0; at < names.length; at += 2) renamed.set(names[at], names[at + 1]);
      return list.map((row) => (isObject(row) && !Array.isArray(row) ? Object.fromEntries(Object.entries(row).map(([key, value]) => [renamed.get(key) ?? key, value])) : row));
    },
    smartJoin(list, keyField, valueField) {
      if (keyField === undefined || valueField === undefined) fail("smartJoin() needs two field names");
      return Object.fromEntries(list.filter((row) => isObject(row) && row[keyField] !== undefined).map((row) => [row[keyField], row[valueField]]));
    },
    sum: (list) => numeric(list, "sum").reduce((a, b) => a + b, 0),
    toBoolean: () => fail("a list is neither true nor false"),
    toDate: () => fail("a list is no date"),
    toDateTime: () => fail("a list is no date"),
    toFloat: () => fail("a list is no number"),
    toInt: () => fail("a list is no number"),
    toJsonString: (list) => stringify(list),
    union: (list, other = []) => distinct(list.concat(other)),
    unique: (list, ...fields) => distinct(list, fields.length ? (row) => fields.map((field) => row?.[field]) : undefined),
  };

  // --- objects ------------------------------------------------------------
  const contains = (part, wanted) => (typeof part === "string" && typeof wanted === "string" ? part.includes(wanted) : part === wanted);
  const keeping = (value, test) => Object.fromEntries(Object.entries(value).filter(test));
  const objects = {
    compact,
    hasField: (value, name) => Object.hasOwn(value, name),
    isEmpty,
    isNotEmpty: (value) => !isEmpty(value),
    keepFieldsContaining: (value, wanted) => (wanted === undefined || wanted === "" ? fail("say what the fields contain") : keeping(value, ([, part]) => contains(part, wanted))),
    keys: (value) => Object.keys(value),
    merge: (value, other) => mergeObjects(value, other),
    removeField: (value, name) => keeping(value, ([key]) => key !== name),
    removeFieldsContaining: (value, wanted) => (wanted === undefined || wanted === "" ? fail("say what the fields contain") : keeping(value, ([, part]) => !contains(part, wanted))),
    toBoolean: () => fail("an object is neither true nor false"),
    toDateTime: () => fail("an object is no date"),
    toFloat: () => fail("an object is no number"),
    toInt: () => fail("an object is no number"),
    toJsonString: (value) => stringify(value),
    urlEncode: (value) => Object.entries(value).map(([key, part]) => encodeURIComponent(key).replaceAll("%20", "+") + "=" + encodeURIComponent(part).replaceAll("%20", "+")).join("&"),
    values: (value) => Object.values(value),
  };

  // --- dates --------------------------------------------------------------
  const like = (value, made) => (isDateTime(value) ? made : made.toJSDate());
  const units = (amount, unit) => (isObject(amount) || unit === undefined && typeof amount !== "number" ? amount : { [String(unit ?? "milliseconds").replace(/s?$/, "s")]: amount });
  const one = (unit) => ({ days: "day", hours: "hour", milliseconds: "millisecond", minutes: "minute", months: "month", quarters: "quarter", seconds: "second", weeks: "week", years: "year" })[unit] ?? unit;
  const between = (value, from, to) => {
    const [low, high] = [asDateTime(from).toMillis(), asDateTime(to).toMillis()].sort((a, b) => a - b);
    const at = asDateTime(value).toMillis();
    return at > low && at < high;
  };
  const difference = (from, to, unit = "days") => {
    const list = (Array.isArray(unit) ? unit : [unit]).map((name) => String(name).replace(/s?$/, "s"));
    const found = from.diff(to, list).toObject();
    return list.length === 1 ? found[list[0]] : found;
  };
  const now = () => globalThis.$now ?? globalThis.DateTime.now();
  const dates = {
    beginningOf: (value, unit = "week") => like(value, asDateTime(value).startOf(one(unit))),
    diffTo: (value, other, unit) => difference(asDateTime(other), asDateTime(value), unit),
    diffToNow: (value, unit) => difference(now(), asDateTime(value), unit),
    endOfMonth: (value) => like(value, asDateTime(value).endOf("month")),
    extract(value, part = "week") {
      const moment = asDateTime(value);
      return part === "yearDayNumber" ? moment.ordinal : part === "week" ? moment.weekNumber : moment.get(one(part));
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
    toBoolean: () => fail("a date is neither true nor false"),
    toDate: (value) => asDateTime(value).toJSDate(),
    toDateTime: asDateTime,
    toFloat: (value) => asDateTime(value).toMillis(),
    toInt: (value) => asDateTime(value).toMillis(),
  };

  const DATE_TEXT = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
  const find = (value, name) => {
    const pick = (table) => (Object.hasOwn(table, name) ? table[name] : undefined);
    switch (typeof value) {
      case "string":
        return pick(text) ?? (DATE_TEXT.test(value) && pick(dates) ? (given, ...more) => dates[name](dateOf(given).toJSDate(), ...more) : undefined);
      case "number": return pick(numbers);
      case "boolean": return pick(booleans);
      case "object":
        if (Array.isArray(value)) return pick(lists);
        if (isDateTime(value) || value instanceof Date) return pick(dates);
        return typeof value[name] === "function" ? undefined : pick(objects);
    }
    return undefined;
  };

  const symbols = Object.create(null);
  for (const name of new Set([text, numbers, booleans, lists, objects, dates].flatMap(Object.keys))) {
    symbols[name] = Symbol(name);
    Object.defineProperty(Object.prototype, symbols[name], {
      value: function (...given) {
        const own = find(this, name);
        if (own) return own(this, ...given);
        return typeof this[name] === "function" ? this[name](...given) : fail(name + "() is not known here");
      },
    });
  }
  Object.defineProperty(globalThis, "__x", { value: Object.freeze(symbols) });
  globalThis.__parts = { isEmpty, utf8, fromUtf8, toBase64, fromBase64, tables: { text, number: numbers, boolean: booleans, list: lists, object: objects, date: dates } };
})();
