// What people know from browsers and Node and QuickJS lacks: Buffer, atob, btoa, URL, URLSearchParams, structuredClone.
(function () {
  "use strict";
  const { utf8, fromUtf8, toBase64, fromBase64 } = globalThis.__bytes;
  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  const fromHex = (text) => (text.match(/^(?:[0-9a-f]{2})*/i)[0].match(/../g) ?? []).map((pair) => parseInt(pair, 16));
  const letters = (text) => Array.from(text, (letter) => letter.charCodeAt(0) & 255);
  const joined = (bytes, mask) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.slice(at, at + 4096).map((byte) => byte & mask));
    return text;
  };
  const READERS = { utf8, base64: fromBase64, base64url: fromBase64, hex: fromHex, latin1: letters, binary: letters, ascii: letters };
  const WRITERS = {
    utf8: (bytes) => fromUtf8(bytes),
    base64: toBase64,
    base64url: (bytes) => toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, ""),
    hex: (bytes) => bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(""),
    latin1: (bytes) => joined(bytes, 255),
    binary: (bytes) => joined(bytes, 255),
    ascii: (bytes) => joined(bytes, 127),
  };
  const pick = (table, form) => {
    const name = String(form ?? "utf8").toLowerCase().replace("utf-8", "utf8");
    if (!Object.hasOwn(table, name)) throw new TypeError("Unknown encoding: " + form);
    return table[name];
  };
  const bytesOf = (value, form) => (typeof value === "string" ? pick(READERS, form)(value) : value?.type === "Buffer" ? Array.from(value.data) : Array.from(value));
  class Buffer extends Uint8Array {
    static from(value, form) {
      if (value === null || value === undefined || typeof value === "number") throw new TypeError("Buffer.from() takes a text or bytes");
      return new Buffer(bytesOf(value, form));
    }
    static alloc(size, fill = 0) { return new Buffer(size).fill(typeof fill === "string" ? (utf8(fill)[0] ?? 0) : fill); }
    static concat(list) { return new Buffer(list.flatMap((part) => Array.from(part))); }
    static isBuffer(value) { return value instanceof Buffer; }
    static byteLength(value, form) { return bytesOf(value, form).length; }
    toString(form, start = 0, end = this.length) { return pick(WRITERS, form)(Array.from(this).slice(start, end)); }
    equals(other) { return this.length === other.length && this.every((byte, at) => byte === other[at]); }
    toJSON() { return { type: "Buffer", data: Array.from(this) }; }
  }
  hidden("Buffer", Buffer);
  hidden("btoa", (value) => toBase64(Array.from(String(value), (letter) => {
    const code = letter.charCodeAt(0);
    if (code > 255) throw new RangeError("btoa() takes characters up to U+00FF");
    return code;
  })));
  hidden("atob", (value) => joined(fromBase64(String(value)), 255));
  hidden("structuredClone", (value) => {
    const seen = new Map();
    const copy = (part) => {
      if (part === null || typeof part !== "object") return part;
      if (seen.has(part)) return seen.get(part);
      if (part instanceof Date) return new Date(part);
      const made = Array.isArray(part) ? [] : {};
      seen.set(part, made);
      for (const key of Object.keys(part)) made[key] = copy(part[key]);
      return made;
    };
    return copy(value);
  });

  const plus = (text) => encodeURIComponent(text.toWellFormed()).replace(/%20/g, "+").replace(/[!'()~]/g, (letter) => "%" + letter.charCodeAt(0).toString(16).toUpperCase());
  const plain = (text) => {
    const spaced = text.replaceAll("+", " ");
    try { return decodeURIComponent(spaced); } catch { return spaced; }
  };
  class URLSearchParams {
    #pairs = [];
    #changed;
    constructor(from = "", changed = () => {}) {
      this.#changed = changed;
      if (typeof from === "string") {
        for (const part of from.replace(/^\?/, "").split("&").filter(Boolean)) {
          const [, name, value = ""] = /^([^=]*)=?([^]*)$/.exec(part);
          this.#pairs.push([plain(name), plain(value)]);
        }
      } else {
        const pairs = typeof from[Symbol.iterator] === "function" ? from : Object.entries(from);
        for (const [name, value] of pairs) this.#pairs.push([String(name), String(value)]);
      }
    }
    get size() { return this.#pairs.length; }
    append(name, value) { this.#pairs.push([String(name), String(value)]); this.#changed(); }
    delete(name) { this.#pairs = this.#pairs.filter(([known]) => known !== String(name)); this.#changed(); }
    get(name) { return this.#pairs.find(([known]) => known === String(name))?.[1] ?? null; }
    getAll(name) { return this.#pairs.filter(([known]) => known === String(name)).map(([, value]) => value); }
    has(name) { return this.#pairs.some(([known]) => known === String(name)); }
    set(name, value) {
      const at = this.#pairs.findIndex(([known]) => known === String(name));
      if (at < 0) return this.append(name, value);
      this.#pairs = this.#pairs.filter(([known], place) => known !== String(name) || place === at);
      this.#pairs[at][1] = String(value);
      this.#changed();
    }
    sort() { this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)); this.#changed(); }
    forEach(call) { for (const [name, value] of this.#pairs) call(value, name, this); }
    entries() { return this.#pairs.map((pair) => [...pair])[Symbol.iterator](); }
    keys() { return this.#pairs.map(([name]) => name)[Symbol.iterator](); }
    values() { return this.#pairs.map(([, value]) => value)[Symbol.iterator](); }
    [Symbol.iterator]() { return this.entries(); }
    toString() { return this.#pairs.map(([name, value]) => plus(name) + "=" + plus(value)).join("&"); }
    toJSON() { return this.toString(); }
  }
  hidden("URLSearchParams", URLSearchParams);

  const PORTS = { "http:": "80", "https:": "443", "ftp:": "21", "ws:": "80", "wss:": "443" };
  const escaped = (text, kept) => text.toWellFormed().replace(kept, (letters) => encodeURI(letters).replace(/["<>`{}]/g, (letter) => "%" + letter.charCodeAt(0).toString(16).toUpperCase()));
  const steps = (path) => {
    const kept = [], parts = path.split("/").slice(1);
    parts.forEach((part, at) => {
      if (part === "..") kept.pop();
      else if (part !== ".") { kept.push(part); return; }
      if (at === parts.length - 1) kept.push("");
    });
    return "/" + kept.join("/");
  };
  class URL {
    #params;
    constructor(given, base) {
      const text = String(given).trim();
      const found = /^([a-z][a-z0-9+.-]*:)(?:\/\/(?:([^\s/?#@]*)@)?(\[[0-9a-f:.]+\]|[^\s/?#:@]*)(?::(\d{1,5})?)?(?=[/?#]|$))?([^?#]*)(\?[^#]*)?(#.*)?$/i.exec(text);
      const protocol = found?.[1].toLowerCase();
      if (found && (found[3] || !(protocol in PORTS))) return void this.#take(found, protocol);
      if (found || base === undefined) throw new TypeError("Invalid URL: " + text);
      const from = new URL(base), [, path, search, hash] = /^([^?#]*)(\?[^#]*)?(#.*)?$/.exec(text);
      const start = text.startsWith("//") ? from.protocol : from.origin + (path.startsWith("/") ? "" : path ? from.pathname.replace(/[^/]*$/, "") : from.pathname);
      const whole = new URL(start + path + (search ?? (path ? "" : from.search)) + (hash ?? ""));
      Object.assign(this, { protocol: whole.protocol, username: whole.username, password: whole.password, hostname: whole.hostname, port: whole.port, pathname: whole.pathname, hash: whole.hash });
      this.search = whole.search;
    }
    #take([, , user = "", host = "", port = "", path, search = "", hash = ""], protocol) {
      const known = protocol in PORTS, [name, word = ""] = user.split(":");
      const clean = escaped(path, /[^\x21\x24-\x3b\x3d\x40-\x5a\x5b-\x5f\x61-\x7a\x7c-\x7e]+/g);
      Object.assign(this, {
        protocol, username: name, password: word, hostname: known ? host.toLowerCase() : host, port: port === PORTS[protocol] ? "" : port,
        pathname: known ? steps(clean.startsWith("/") ? clean : "/" + clean) : clean, hash: hash.length > 1 ? escaped(hash, /[^\x21-\x7e]+/g) : "",
      });
      this.search = search;
    }
    get search() { return this.#params.given; }
    set search(value) {
      const text = String(value), given = text && text !== "?" ? (text.startsWith("?") ? "" : "?") + escaped(text, /[^\x21-\x7e]+|["<>']/g) : "";
      const params = new URLSearchParams(given, () => { this.#params.given = String(params) && "?" + params; });
      this.#params = { given, params };
    }
    get searchParams() { return this.#params.params; }
    get host() { return this.hostname + (this.port && ":" + this.port); }
    get origin() { return this.protocol in PORTS ? this.protocol + "//" + this.host : "null"; }
    get href() {
      const user = this.username && this.username + (this.password && ":" + this.password) + "@";
      return this.protocol + (this.hostname || this.protocol in PORTS ? "//" : "") + user + this.host + this.pathname + this.search + this.hash;
    }
    toString() { return this.href; }
    toJSON() { return this.href; }
    static canParse(given, base) {
      try { return Boolean(new URL(given, base)); } catch { return false; }
    }
  }
  hidden("URL", URL);
})();
