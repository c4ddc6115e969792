// What expressions and Code nodes see, and the guarded calls by which the host evaluates them.
(function () {
  "use strict";
  const { isEmpty, utf8, fromUtf8, toBase64, fromBase64, tables } = globalThis.__parts;
  const zones = globalThis.__zones, luxon = globalThis.luxon, jmespath = globalThis.jmespath;
  const stringify = JSON.stringify, parse = JSON.parse, run = globalThis.eval, text = String;
  const { DateTime, Duration, Interval, Settings, IANAZone } = luxon;
  for (const name of ["__parts", "__zones", "luxon", "jmespath"]) delete globalThis[name];

  // luxon asks our tables; its own way goes through text.
  IANAZone.isValidZone = (zone) => Boolean(zone) && zones.exists(zone);
  IANAZone.prototype.offset = function (time) {
    return this.isValid ? zones.offset(this.name, time) : NaN;
  };
  const zoneOf = IANAZone.create;
  IANAZone.create = (name) => { zones.exists(name); return zoneOf(name); };

  const hidden = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  hidden("DateTime", DateTime);
  hidden("Duration", Duration);
  hidden("Interval", Interval);
  hidden("Buffer", { from: (value, form) => buffer(typeof value === "string" ? read(value, form) : Array.from(value)) });
  const read = (value, form = "utf8") =>
    form === "base64" || form === "base64url" ? fromBase64(value)
    : form === "hex" ? (value.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => parseInt(pair, 16))
    : form === "latin1" || form === "binary" ? Array.from(value, (letter) => letter.charCodeAt(0) & 255) : utf8(value);
  const buffer = (bytes) => ({
    length: bytes.length,
    toString: (form = "utf8") =>
      form === "base64" ? toBase64(bytes)
      : form === "base64url" ? toBase64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
      : form === "hex" ? bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")
      : form === "latin1" || form === "binary" ? text.fromCharCode(...bytes) : fromUtf8(bytes),
    toJSON: () => ({ type: "Buffer", data: bytes }),
  });
  hidden("btoa", (value) => toBase64(Array.from(text(value), (letter) => {
    const code = letter.charCodeAt(0);
    if (code > 255) throw new RangeError("btoa() takes characters up to U+00FF");
    return code;
  })));
  hidden("atob", (value) => text.fromCharCode(...fromBase64(text(value))));
  const refuse = (name, instead) => hidden(name, () => { throw new Error(name + "() is not available in the sandbox. " + instead); });
  refuse("require", "Modules cannot be loaded; luxon's DateTime, $jmespath and Buffer are built in.");
  refuse("fetch", "Use an HTTP request node before this one.");
  refuse("XMLHttpRequest", "Use an HTTP request node before this one.");
  refuse("setTimeout", "Use a Wait node.");
  refuse("setInterval", "Use a schedule trigger.");
  refuse("$getWorkflowStaticData", "Keep values in a record, or for the run in $global with a Set fields node.");
  refuse("$fromAI", "It works only in tools of an AI agent.");
  const nothing = (name, instead) => Object.defineProperty(globalThis, name, {
    configurable: true, get() { throw new Error(name + " is not available in the sandbox. " + instead); },
  });
  nothing("process", "Use $vars or $env, which hold what the administrator allows.");
  nothing("$helpers", "Use an HTTP request node before this one.");

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
  let at = 0, made = {};
  const own = () => batch.items[at];
  const ofRun = () => batch.runs[own()[0]];
  const wrap = (json) => (json === undefined ? undefined : { json });
  const list = (items) => items.map((json, index) => ({ json, pairedItem: { item: index } }));
  const inputList = () => {
    const files = ofRun().files;
    return inputItems().map((json, index) =>
      files?.[index] ? { json, binary: files[index], pairedItem: { item: index } } : { json, pairedItem: { item: index } });
  };
  const reader = (items, index, own) => {
    const paired = own ?? (() => {
      if (items.length === 1) return { json: items[0] };
      if (index < items.length) return { json: items[index] };
      throw new Error("There is no paired item");
    });
    const found = {
      all: () => list(items), first: () => wrap(items[0]), last: () => wrap(items[items.length - 1]),
      itemMatching: (wanted) => wrap(items[wanted]), pairedItem: paired, isExecuted: true, context: {}, params: {},
    };
    Object.defineProperty(found, "item", { get: paired, enumerable: true });
    return found;
  };
  const nodeItems = (name) => {
    const nodes = ofRun().nodes ?? {};
    if (!Object.hasOwn(nodes, name)) throw new Error("Node '" + name + "' has not run");
    return nodes[name];
  };
  // The item of a node that the present one comes from; where nobody has followed that, the one at its place.
  const pairedWith = (name, items) => {
    const lineage = own()[4];
    if (lineage === undefined) return undefined;
    return () => {
      if (Object.hasOwn(lineage, name)) {
        if (lineage[name] === null) throw new Error("The item comes from several items of node '" + name + "'");
        return { json: lineage[name] };
      }
      if (items.length === 1) return { json: items[0] };
      throw new Error("There is no paired item");
    };
  };
  const node = (name) => { const items = nodeItems(name); return reader(items, own()[1], pairedWith(name, items)); };
  const nodeJson = (name) => {
    const found = node(name);
    return { get json() { return found.item.json; }, get data() { return found.item.json; }, runIndex: 0, context: {}, parameter: {} };
  };
  const inputItems = () => (ofRun().input?.length ? ofRun().input : [own()[2]]);
  const time = (iso) => (iso ? DateTime.fromISO(iso, { zone: batch.zone }) : DateTime.now());
  const shared = (name) => ofRun()[name] ?? batch.shared[name];
  const names = {
    $json: () => own()[2],
    $data: () => own()[2],
    $item: () => Object.assign((index) => ({ $json: inputItems()[index], $node: names.$node() }), { json: own()[2], pairedItem: { item: own()[1] } }),
    $record: () => shared("record"),
    $old: () => shared("old"),
    $global: () => shared("global"),
    $vars: () => shared("vars") ?? {},
    $env: () => shared("env") ?? {},
    $workflow: () => shared("workflow") ?? {},
    $parameter: () => shared("parameter") ?? {},
    $execution: () => ({ id: ofRun().id, mode: "production", resumeUrl: "", resumeFormUrl: "", ...ofRun().links, customData: { set() {}, get() {} } }),
    $run: () => ({ id: ofRun().id }),
    $prevNode: () => shared("prevNode") ?? {},
    $runIndex: () => shared("runIndex") ?? 0,
    $itemIndex: () => own()[1],
    $position: () => own()[1],
    $binary: () => own()[3] ?? {},
    $now: () => time(ofRun().now),
    $today: () => time(ofRun().now).startOf("day"),
    $input: () => Object.assign(reader(inputItems(), own()[1], () => ({ json: own()[2], binary: own()[3] ?? undefined })), { all: inputList }),
    $node: () => new Proxy({}, { get: (_, name) => (typeof name === "string" ? nodeJson(name) : undefined), has: () => true }),
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
  const numbers = (values) => (values.length === 1 && Array.isArray(values[0]) ? values[0] : values);
  const functions = {
    $jmespath: search, $jmesPath: search,
    $if: (test, then, otherwise) => (test ? then : otherwise),
    $ifEmpty: (value, otherwise) => (isEmpty(value) ? otherwise : value),
    $min: (...values) => Math.min(...numbers(values)),
    $max: (...values) => Math.max(...numbers(values)),
    $average: (...values) => tables.list.average(numbers(values)),
    $not: (value) => !value,
    $evaluateExpression: () => { throw new Error("$evaluateExpression() is not available; write the expression itself"); },
  };
  for (const name of Object.keys(functions)) hidden(name, functions[name]);
  hidden("average", functions.$average);
  hidden("not", functions.$not);
  hidden("numberList", (from, to) => Array.from({ length: Math.abs(to - from) + 1 }, (_, index) => from + (to < from ? -index : index)));
  hidden("zip", (keys, values) => Object.fromEntries(keys.map((key, index) => [key, values[index]])));

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
      const found = outer > 0 && /<input>:(\d+)/.exec(frames[outer - 1]);
      return found ? Number(found[1]) : null;
    } catch { return null; }
  };
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
  const asText = (value) => (value === null || value === undefined ? "" : text(value));
  const valueOf = (program, notes) => {
    const one = (chunk) => {
      try { return chunk.call(undefined); } catch (error) {
        if (zones.state.missing !== null) throw error;
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

  let current = [];
  const needed = () => {
    const zone = zones.state.missing;
    zones.state.missing = null;
    return zone === null ? null : "zone:" + zone;
  };
  const host = {
    addZone: (name, table) => zones.add(name, parse(table)),
    open(payload) {
      batch = parse(payload);
      Settings.defaultZone = batch.zone ?? "utc";
      current = (batch.programs ?? []).map(([key, chunks]) => prepared(key, chunks));
      return needed() ?? stringify(current.map((program) => program.error));
    },
    // The values of all programs for one item, as JSON text; "zone:..." asks for a table and another try.
    evaluate(index) {
      at = index;
      made = {};
      let shown = "";
      const notes = [], types = [];
      for (let i = 0; i < current.length; i++) {
        let json;
        try {
          const value = valueOf(current[i], notes);
          if (batch.explain) types.push(typeOf(value));
          json = stringify(value);
        } catch (error) {
          if (zones.state.missing === null) notes.push(describe(error));
        }
        shown += (i ? "," : "") + (json === undefined ? "null" : json);
      }
      const zone = needed();
      if (zone !== null) return zone;
      return batch.explain ? stringify({ values: parse("[" + shown + "]"), notes, types }) : "[" + shown + "]";
    },
    code(source, index) {
      at = index;
      made = {};
      lines = [];
      size = 0;
      const answer = { state: "waiting" };
      host.answer = answer;
      const done = (value) => {
        try { answer.text = stringify(value === undefined ? null : value) ?? "null"; answer.state = "done"; } catch (error) { failed(error); }
      };
      const failed = (error) => { answer.state = "failed"; answer.error = describe(error); answer.line = lineOf(error); };
      try {
        const waits = /\bawait\b/.test(source);
        const body = run((waits ? "(async function () {" : "(function () {") + source + "\n})");
        const value = body.call({});
        if (value !== null && typeof value === "object" && typeof value.then === "function") value.then(done, failed);
        else done(value);
      } catch (error) { failed(error); }
      return answer.state;
    },
    // After the waiting jobs have run: what the code came to.
    outcome() {
      const zone = needed();
      if (zone !== null) return zone;
      const { state, text: value, error, line } = host.answer;
      const rest = stringify({ state, error: state === "waiting" ? "the code waits for something that never comes" : error, line, lines });
      return rest + "\n" + (state === "done" ? value : "null");
    },
    completions: () => stringify(Object.fromEntries(Object.entries(tables).map(([kind, table]) => [kind, Object.keys(table).sort()]))),
  };
  return host;
})();
