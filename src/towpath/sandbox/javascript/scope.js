// What expressions and Code nodes see, and the guarded calls by which the host evaluates them.
(function () {
  "use strict";
  const { ExpressionError, fail, isEmpty, tables } = globalThis.__parts;
  const zones = globalThis.__zones, luxon = globalThis.luxon, jmespath = globalThis.jmespath;
  const stringify = JSON.stringify, parse = JSON.parse, run = globalThis.eval, text = String;
  const { DateTime, Duration, Interval, Settings, IANAZone } = luxon;
  for (const name of ["__parts", "__bytes", "__zones", "luxon", "jmespath"]) delete globalThis[name];

  // luxon asks our tables; its own way goes through text.
  IANAZone.isValidZone = (zone) => Boolean(zone) && zones.exists(zone);
  IANAZone.prototype.offset = function (time) {
    return this.isValid ? zones.offset(this.name, time) : NaN;
  };
  const zoneOf = IANAZone.create;
  IANAZone.create = (name) => { zones.exists(name); return zoneOf(name); };

  const { now, defaultLocale, defaultNumberingSystem, defaultOutputCalendar, defaultWeekSettings, throwOnInvalid, twoDigitCutoffYear } = Settings;
  const settings = { now, defaultLocale, defaultNumberingSystem, defaultOutputCalendar, defaultWeekSettings, throwOnInvalid, twoDigitCutoffYear };

  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  hidden("DateTime", DateTime);
  hidden("Duration", Duration);
  hidden("Interval", Interval);
  const refuse = (name, instead) => hidden(name, () => fail(name + "() is not available in the sandbox. " + instead, "sandbox.refused"));
  const HTTP = "Use an HTTP request node before this one.";
  const FILES = "Files cannot be reached; use the nodes that extract from files and convert to files.";
  const INSTEAD = {
    axios: HTTP, http: HTTP, https: HTTP, request: HTTP, "request-promise": HTTP, "node-fetch": HTTP, undici: HTTP, got: HTTP, net: HTTP, tls: HTTP, dns: HTTP,
    fs: FILES, "fs/promises": FILES, path: FILES, os: "The environment is not visible; use $vars or $env.",
    child_process: "Programs cannot be started.", worker_threads: "Threads cannot be started.", vm: "Write the code itself.",
    crypto: "Use a Crypto node, or in a parameter {{ $json.text.hash('sha256') }}.",
    moment: "Use DateTime, which is built in (luxon).", "moment-timezone": "Use DateTime, which is built in (luxon).", dayjs: "Use DateTime, which is built in (luxon).",
    lodash: "JavaScript has most of it: map, filter, reduce, Object.entries, structuredClone, Object.groupBy.",
  };
  const { URL, URLSearchParams, Buffer } = globalThis;
  const MODULES = Object.freeze({
    luxon: Object.freeze({ ...luxon }), jmespath: Object.freeze({ search: jmespath.search }),
    buffer: Object.freeze({ Buffer }), url: Object.freeze({ URL, URLSearchParams }),
  });
  hidden("require", (given) => {
    const name = text(given).replace(/^node:/, "");
    if (Object.hasOwn(MODULES, name)) return MODULES[name];
    const instead = Object.hasOwn(INSTEAD, name) ? INSTEAD[name] : "luxon, jmespath, buffer and url are built in.";
    return fail("require('" + name + "') is not available in the sandbox. " + instead, "sandbox.refused");
  });
  refuse("fetch", HTTP);
  refuse("XMLHttpRequest", HTTP);
  refuse("setTimeout", "Use a Wait node.");
  refuse("setInterval", "Use a schedule trigger.");
  refuse("$getWorkflowStaticData", "Keep values in a record, or for the run in $global with a Set fields node; to skip what was seen before, use Remove duplicates.");
  refuse("$fromAI", "It works only in tools of an AI agent.");
  refuse("$evaluateExpression", "Write the expression itself.");
  const nothing = (name, instead) => Object.defineProperty(globalThis, name, {
    configurable: true, get: () => fail(name + " is not available in the sandbox. " + instead, "sandbox.refused"),
  });
  nothing("process", "Use $vars or $env, which hold what the administrator allows.");
  nothing("$helpers", HTTP);
  nothing("$secrets", "Use a connection, which keeps them from workflows.");

  let lines = [], size = 0;
  const MAX_LINES = 200, MAX_SIZE = 20000;
  const show = (value) => {
    try { return typeof value === "string" ? value : (stringify(value) ?? text(value)); } catch { return text(value); }
  };
  const log = (...values) => {
    if (lines.length >= MAX_LINES || size >= MAX_SIZE) return;
    const line = values.map(show).join(" ").slice(0, MAX_SIZE - size);
    size += line.length;
    lines.push(line);
  };
  hidden("console", { log, info: log, warn: log, error: log, debug: log });

  // --- names ---------------------------------------------------------------
  let batch = { runs: [], items: [], shared: {} };
  let place = 0, made = {};
  const own = () => batch.items[place];
  const ofRun = () => batch.runs[own()[0]];
  const wrap = (json) => (json === undefined ? undefined : { json });
  const list = (items) => items.map((json, index) => ({ json, pairedItem: { item: index } }));
  const inputList = () => {
    const files = ofRun().files;
    return inputItems().map((json, index) =>
      files?.[index] ? { json, binary: files[index], pairedItem: { item: index } } : { json, pairedItem: { item: index } });
  };
  const at = (items, index) => {
    if (items.length === 1) return { json: items[0] };
    return index >= 0 && index < items.length ? { json: items[index] } : fail("There is no item " + index, "expression.no_item");
  };
  // What ``$('Node')`` and ``$input`` are; the items are looked at only when they are asked for.
  const reader = (items, paired, more) => {
    const found = {
      all: () => list(items()), first: () => wrap(items()[0]), last: () => wrap(items().at(-1)),
      itemMatching: (index) => at(items(), index), pairedItem: paired, ...more,
    };
    return Object.defineProperty(found, "item", { get: paired, enumerable: true });
  };
  const nodes = () => ofRun().nodes ?? {};
  const hasRun = (name) => Object.hasOwn(nodes(), name);
  const nodeItems = (name) =>
    hasRun(name) ? nodes()[name] : fail("Node '" + name + "' has not run. Ask first, as in $if($('" + name + "').isExecuted, ..., ...)", "expression.node_not_run");
  // The item of a node that the present one comes from; where nobody has followed that, the one at its place.
  const pairedWith = (name) => {
    const items = nodeItems(name), lineage = own()[4];
    if (lineage === undefined || lineage === null) return at(items, own()[1]);
    if (Object.hasOwn(lineage, name)) {
      return lineage[name] === null ? fail("The item comes from several items of node '" + name + "'; take .first(), .last() or .all()", "expression.no_item") : { json: lineage[name] };
    }
    return items.length === 1 ? { json: items[0] } : fail("The item comes from no item of node '" + name + "'; take .first(), .last() or .all()", "expression.no_item");
  };
  const contextOf = (name) => ofRun().contexts?.[name] ?? {};
  const parametersOf = (name) => batch.shared.parameters?.[name] ?? {};
  const node = (name) => reader(() => nodeItems(name), () => pairedWith(name), { isExecuted: hasRun(name), params: parametersOf(name), context: contextOf(name) });
  const nodeJson = (name, paired) => ({
    get json() { return paired(name).json; },
    get data() { return paired(name).json; },
    binary: {}, runIndex: 0, context: contextOf(name), parameter: parametersOf(name),
  });
  const byName = (paired) => new Proxy({}, { get: (_, name) => (typeof name === "string" ? nodeJson(name, paired) : undefined), has: () => true });
  const inputItems = () => (ofRun().input?.length ? ofRun().input : [own()[2]]);
  const itemAt = (index) => {
    const { json } = at(inputItems(), index);
    return { $json: json, $data: json, $itemIndex: index, $node: byName((name) => at(nodeItems(name), index)), json };
  };
  const time = (iso) => (iso ? DateTime.fromISO(iso, { zone: batch.zone }) : DateTime.now());
  const shared = (name) => ofRun()[name] ?? batch.shared[name];
  const names = {
    $json: () => own()[2],
    $data: () => own()[2],
    $item: () => Object.assign(itemAt, { json: own()[2], pairedItem: { item: own()[1] } }),
    $record: () => shared("record"),
    $old: () => shared("old"),
    $global: () => shared("global"),
    $vars: () => shared("vars") ?? {},
    $env: () => shared("env") ?? {},
    $workflow: () => ({ active: true, ...shared("workflow") }),
    $parameter: () => shared("parameter") ?? {},
    $rawParameter: () => shared("parameter") ?? {},
    $nodeId: () => shared("nodeId"),
    $nodeVersion: () => shared("nodeVersion"),
    $execution: () => ({ id: ofRun().id, mode: "production", resumeUrl: "", resumeFormUrl: "", ...ofRun().links, customData: { set() {}, setAll() {}, get() {}, getAll: () => ({}) } }),
    $run: () => ({ id: ofRun().id }),
    $mode: () => "production",
    $prevNode: () => shared("prevNode") ?? {},
    $runIndex: () => shared("runIndex") ?? 0,
    $response: () => ofRun().page?.response,
    $request: () => ofRun().page?.request,
    $pageCount: () => ofRun().page?.pageCount,
    $itemIndex: () => own()[1],
    $position: () => own()[1],
    $binary: () => own()[3] ?? {},
    $now: () => time(ofRun().now),
    $today: () => time(ofRun().now).startOf("day"),
    $input: () => reader(inputItems, () => ({ json: own()[2], binary: own()[3] ?? undefined }), { all: inputList, params: parametersOf(batch.shared.prevNode?.name), context: {} }),
    $node: () => byName(pairedWith),
    $: () => node,
    $items: () => (name) => (name === undefined ? inputList() : list(nodeItems(name))),
    items: inputList,
  };
  for (const name of Object.keys(names)) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get: () => (Object.hasOwn(made, name) ? made[name] : (made[name] = names[name]())),
      set: (value) => { made[name] = value; },
    });
  }
  const search = (data, path) => jmespath.search(data, path);
  const functions = {
    $jmespath: search, $jmesPath: search,
    // Rewritten to ``test ? then : otherwise`` where it is called plainly.
    $if: (...given) => (given.length < 2 ? fail("$if() needs a test and a value") : given[0] ? given[1] : given.length > 2 ? given[2] : false),
    $ifEmpty: (...given) => (given.length === 2 ? (isEmpty(given[0]) ? given[1] : given[0]) : fail("$ifEmpty() needs a value and what to take where it is empty")),
    $min: Math.min, $max: Math.max,
    $average: (...values) => tables.list.average(values),
    $not: (value) => !value,
  };
  for (const name of Object.keys(functions)) hidden(name, functions[name]);
  for (const name of ["min", "max", "average", "not"]) hidden(name, functions["$" + name]);
  hidden("numberList", (from, to) => Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + (to < from ? -index : index)));
  hidden("zip", (keys, values) => {
    if (!Array.isArray(keys) || !Array.isArray(values)) fail("zip() needs two lists");
    if (keys.length !== values.length) fail("zip() needs two lists of the same length");
    return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
  });

  // --- guarded calls ---------------------------------------------------------
  const describe = (error) => {
    try {
      if (error !== null && typeof error === "object" && "message" in error) return text(error.name || "Error") + ": " + text(error.message);
      return text(error);
    } catch { return "an error that cannot be shown"; }
  };
  const lineOf = (error) => {
    try {
      const frames = text(error.stack).split("\n"), outer = frames.findIndex((frame) => / at code \(/.test(frame));
      const own = (outer < 0 ? frames : frames.slice(0, outer)).map((frame) => /<input>:(\d+)/.exec(frame)).filter(Boolean);
      return own.length ? Number(own.at(-1)[1]) : null;
    } catch { return null; }
  };
  // The engine's own error of a full memory: the host hears of it, and throws this context away.
  const { InternalError } = globalThis;
  const isExhausted = (error) => error instanceof InternalError && error.message === "out of memory";
  const programs = new Map();
  const isSyntax = (error) => error instanceof SyntaxError;
  const compile = (code) => {
    try { return run("(function () { return (\n" + code + "\n) })"); } catch (error) {
      if (!isSyntax(error)) throw error;
      // Statements: the value of the last one counts.
      run("(function () {\n" + code + "\n})");
      const source = stringify(code);
      return run("(function () { return eval(" + source + ") })");
    }
  };
  const prepared = (key, chunks) => {
    if (programs.has(key)) return programs.get(key);
    let made;
    try {
      made = { chunks: chunks.map(([kind, source]) => (kind === "text" ? source : compile(source))), error: null };
    } catch (error) {
      made = { chunks: [], error: describe(error) };
    }
    programs.set(key, made);
    return made;
  };
  const asText = (value) => (value === null || value === undefined ? "" : `${value}`);
  const valueOf = (program, notes) => {
    const one = (chunk) => {
      try { return chunk.call(undefined); } catch (error) {
        if (zones.state.missing !== null || error instanceof ExpressionError || isExhausted(error)) throw error;
        notes.push(describe(error));
        return undefined;
      }
    };
    const { chunks } = program;
    if (chunks.length === 1 && typeof chunks[0] === "function") return one(chunks[0]);
    return chunks.map((chunk) => (typeof chunk === "string" ? chunk : asTextSafely(one(chunk), notes))).join("");
  };
  const asTextSafely = (value, notes) => {
    try { return asText(value); } catch (error) { notes.push(describe(error)); return ""; }
  };
  const typeOf = (value) =>
    value === null ? "null" : Array.isArray(value) ? "array" : value instanceof DateTime ? "DateTime" : value instanceof Date ? "Date" : typeof value;

  const MAX_SHOWN = 8 << 20; // characters of the JSON of one item
  let current = [];
  const needed = () => {
    const zone = zones.state.missing;
    zones.state.missing = null;
    return zone === null ? null : "zone:" + zone;
  };
  // Whether all that code can reach without being given it is as it was: globals, constructors, prototypes. Built on
  // what was there before any code ran; plain loops, because by then iterators and methods may be anything.
  const watched = () => {
    const { getOwnPropertyDescriptor: descriptorOf, getPrototypeOf: protoOf, isExtensible } = Object, { ownKeys } = Reflect;
    const known = [];
    const seen = new Set();
    const add = (thing) => {
      if (thing === null || (typeof thing !== "object" && typeof thing !== "function") || seen.has(thing)) return false;
      seen.add(thing);
      const keys = ownKeys(thing), parts = keys.map((key) => descriptorOf(thing, key));
      known.push({ thing, keys, parts, proto: protoOf(thing), open: isExtensible(thing) });
      return true;
    };
    const family = (thing) => {
      add(thing);
      if (typeof thing === "function" && descriptorOf(thing, "prototype")) add(thing.prototype);
    };
    add(globalThis);
    for (const key of ownKeys(globalThis)) {
      const { value } = descriptorOf(globalThis, key);
      family(value);
    }
    for (const part of Object.values(luxon)) family(part);
    for (const part of Object.values(Intl)) family(part);
    const strays = [
      function* () {}, async function () {}, async function* () {}, [][Symbol.iterator](), new Map()[Symbol.iterator](), new Set()[Symbol.iterator](),
      ""[Symbol.iterator](), "".matchAll(/x/g), (function* () {})(), (async function* () {})(), new Int8Array(),
    ];
    for (const stray of strays) for (let at = protoOf(stray); at !== null; at = protoOf(at)) { add(at); family(at.constructor); }
    return () => {
      for (let i = 0; i < known.length; i++) {
        const { thing, keys, parts, proto, open } = known[i], now = ownKeys(thing);
        if (now.length !== keys.length || protoOf(thing) !== proto || isExtensible(thing) !== open) return false;
        for (let k = 0; k < keys.length; k++) {
          if (now[k] !== keys[k]) return false;
          const was = parts[k], is = descriptorOf(thing, keys[k]);
          if (was.value !== is.value && was.value === was.value) return false;
          if (was.get !== is.get || was.set !== is.set || was.enumerable !== is.enumerable) return false;
        }
      }
      return true;
    };
  };

  const host = {
    addZone: (name, table) => zones.add(name, parse(table)),
    open(payload) {
      batch = parse(payload);
      Object.assign(Settings, settings, { defaultZone: batch.zone ?? "utc" });
      current = (batch.programs ?? []).map(([key, chunks]) => prepared(key, chunks));
      return needed() ?? stringify(current.map((program) => program.error));
    },
    // The values of all programs for one item, as JSON text; "zone:..." asks for a table and another try, "failed:..."
    // is an error that is not swallowed.
    evaluate(index) {
      place = index;
      made = {};
      let shown = "", failure = null;
      const notes = [], types = [];
      for (let i = 0; i < current.length; i++) {
        let json;
        try {
          const value = valueOf(current[i], notes);
          if (value === Infinity || value === -Infinity) fail("gave no number: a division by zero", "expression.not_finite");
          if (batch.explain) types.push(typeOf(value));
          json = stringify(value);
        } catch (error) {
          if (isExhausted(error)) throw error;
          if (zones.state.missing === null) {
            notes.push(describe(error));
            if (error instanceof ExpressionError) failure ??= { code: text(error.code), message: text(error.message), at: i };
          }
        }
        shown += (i ? "," : "") + (json === undefined ? "null" : json);
        if (shown.length > MAX_SHOWN) return "output:";
      }
      const zone = needed();
      if (zone !== null) return zone;
      if (failure) return "failed:" + stringify(failure);
      return batch.explain ? stringify({ values: parse("[" + shown + "]"), notes, types }) : "[" + shown + "]";
    },
    code(source, index) {
      place = index;
      made = {};
      lines = [];
      size = 0;
      const answer = { state: "waiting" };
      host.answer = answer;
      const done = (value) => {
        try {
          answer.text = stringify(value === undefined ? null : value) ?? "null";
          answer.state = answer.text.length > MAX_SHOWN ? "output" : "done";
        } catch (error) { failed(error); }
      };
      const failed = (error) => {
        if (isExhausted(error)) answer.exhausted = error;
        answer.state = "failed";
        answer.error = describe(error);
        answer.line = lineOf(error);
        if (error instanceof ExpressionError) answer.code = text(error.code);
      };
      try {
        const waits = /\bawait\b/.test(source);
        const body = run((waits ? "(async function () {" : "(function () {") + source + "\n})");
        const value = body.call({ get helpers() { return globalThis.$helpers; } });
        if (value !== null && typeof value === "object" && typeof value.then === "function") value.then(done, failed);
        else done(value);
      } catch (error) { failed(error); }
      return answer.state;
    },
    // After the waiting jobs have run: what the code came to.
    outcome() {
      const zone = needed();
      if (zone !== null) return zone;
      const { state, text: value, error, line, code, exhausted } = host.answer;
      if (exhausted) throw exhausted;
      if (state === "output") return "\noutput:";
      const rest = stringify({ state, error: state === "waiting" ? "the code waits for something that never comes" : error, line, code, lines });
      return rest + "\n" + (state === "done" ? value : "null");
    },
    intact: () => intact(),
    completions: () => stringify(Object.fromEntries(Object.entries(tables).map(([kind, table]) => [kind, Object.keys(table).sort()]))),
  };
  const intact = watched();
  return host;
})();
